using System.IO;
using System.Linq;

namespace RxRaft.KillTable;

/// <summary>A copy of the sources, built, in which defects are planted one at a time.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Core = "src/RxRaft.Core";
    private const string Shell = "src/RxRaft";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly string[] Quick =
        ["-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-v:q", "-nologo"];

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
        var path    = Path.Combine(Root, defect.File);
        var project = defect.IsOfShell ? Shell : Core;
        var library = Path.Combine(Root, project, "bin", "Release", "net10.0", $"{Path.GetFileName(project)}.dll");
        var (sound, built) = (File.ReadAllText(path), File.ReadAllBytes(library));
        var planted = System.Reactive.Disposables.Disposable.Create(() =>
        {
            File.WriteAllText(path, sound);
            File.WriteAllBytes(library, built);
            Spread(library);
        });
        try
        {
            File.WriteAllText(path, defect.Break(sound));
            Build(project, "--no-restore", "--no-dependencies");        // no line that is wrong changes what others see of it
        }
        catch (Exception wrong) when (wrong is IOException or FormatException)
        {
            planted.Dispose();
            throw wrong is FormatException ? wrong : new FormatException($"{defect} does not compile: {wrong.Message}", wrong);
        }

        Spread(library);
        return planted;
    }

    public void Dispose() => root.Delete(recursive: true);

    /// <summary>To where the catchers' programs look for it.</summary>
    private void Spread(string library)
    {
        foreach (var place in catchers.Map(catcher => Path.Combine(Root, catcher.Output, Path.GetFileName(library))).Filter(File.Exists))
            File.Copy(library, place, overwrite: true);
    }

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
