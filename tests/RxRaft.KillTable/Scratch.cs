using System.IO;
using System.Linq;

namespace RxRaft.KillTable;

/// <summary>A copy of the sources, built, in which defects are planted one at a time.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Shell = "src/RxRaft/RxRaft.csproj";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly string[] Quick =
        ["-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-v:q", "-nologo"];
    private static readonly string[] Libraries = ["RxRaft.Core.dll", "RxRaft.dll"];

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("rxraft-kill-table-");
    private readonly Seq<Catcher> catchers;

    private Scratch(Seq<Catcher> catchers) => this.catchers = catchers;

    public string Root => root.FullName;

    /// <summary>Copies and builds.</summary>
    /// <exception cref="IOException">The sources do not build as they are.</exception>
    public static Scratch Of(string repository, Seq<Catcher> catchers)
    {
        var scratch = new Scratch(catchers);
        var files = Command.Run(repository, Patience, "git", "ls-files", "--cached", "--others", "--exclude-standard");
        foreach (var file in files.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()))
            scratch.Copy(repository, file);
        scratch.Build(Shell);
        foreach (var catcher in catchers) scratch.Build($"tests/{catcher.Project}");
        return scratch;
    }

    /// <summary>Plants a defect, and takes it out again when disposed of.</summary>
    /// <exception cref="FormatException">It does not fit the sources, or what comes of it does not compile.</exception>
    public IDisposable With(Defect defect)
    {
        var path  = Path.Combine(Root, defect.File);
        var sound = File.ReadAllText(path);
        File.WriteAllText(path, defect.Break(sound));
        var planted = System.Reactive.Disposables.Disposable.Create(() => File.WriteAllText(path, sound));
        try
        {
            Build(Shell, "--no-restore");
        }
        catch (IOException wrong)
        {
            planted.Dispose();
            throw new FormatException($"{defect} does not compile: {wrong.Message}", wrong);
        }

        foreach (var catcher in catchers)
            foreach (var library in Libraries.Where(library => File.Exists(Path.Combine(Root, catcher.Output, library))))
                File.Copy(
                    Path.Combine(Root, "src/RxRaft/bin/Release/net10.0", library),
                    Path.Combine(Root, catcher.Output, library), overwrite: true);
        return planted;
    }

    public void Dispose() => root.Delete(recursive: true);

    private void Copy(string repository, string file)
    {
        var from = Path.Combine(repository, file);
        if (!File.Exists(from)) return;                             // deleted, and not committed yet
        var to = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);                  // listed thrice in the middle of a merge
    }

    private void Build(string project, params string[] more)
    {
        var ran = Command.Run(Root, Patience, "dotnet", ["build", project, .. Quick, .. more]);
        if (ran.ExitCode != Some(0))
            throw new IOException(ran.Output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))
                ?? $"{project} does not build");
    }
}
