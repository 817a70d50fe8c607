using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>A node in a process that this one starts, and that ends when this one does.</summary>
/// <param name="options">Of the node.</param>
/// <param name="tell">Hears what is worth a line, on any thread.</param>
/// <remarks>
/// The child ends when its standard input does, which the system closes however this process ends: nobody is left
/// behind. Only processes that were started here are ever ended.
/// </remarks>
internal sealed class Child(NodeOptions options, Action<string, Tone> tell) : IDisposable
{
    private Process? process;

    public NodeId Node => options.Self;

    public bool IsRunning => process is { HasExited: false };

    /// <summary>S2 4711, or S2 4711 exited 137.</summary>
    public override string ToString() => process switch
    {
        null => $"{Node} not started",
        { HasExited: false } running => Invariant($"{Node} {running.Id}"),
        var over => Invariant($"{Node} {over.Id} exited {over.ExitCode}"),
    };

    /// <summary>Starts it, again if it ran before.</summary>
    /// <param name="orders">What it is asked first.</param>
    public void Start(Seq<NodeOrder> orders)
    {
        if (IsRunning) return;

        process?.Dispose();
        process = new Process { StartInfo = Myself(), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, said) => Hear(said.Data);
        process.ErrorDataReceived += (_, said) => Complain(said.Data);
        process.Exited += (sender, _) => tell(
            Invariant($"{Node}: process {((Process)sender!).Id} exited with {((Process)sender!).ExitCode}"), Tone.Bad);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        tell(Invariant($"{Node}: process {process.Id} started"), Tone.Plain);
        orders.Iter(Ask);
    }

    /// <summary>Asks it for something; what comes of it is told.</summary>
    public void Ask(NodeOrder order)
    {
        if (!IsRunning)
        {
            tell($"{Node} does not run: {order} is asked of nobody", Tone.Busy);
            return;
        }

        try
        {
            process!.StandardInput.WriteLine($"{order}");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            tell($"{Node} has just ended: {order} is asked of nobody", Tone.Busy);
        }
    }

    /// <summary>At once, as by kill -9.</summary>
    public void Kill()
    {
        if (IsRunning) process!.Kill();
    }

    /// <summary>Lets it end by itself, and if it has not after a while, at once.</summary>
    public async Task End(TimeSpan patience)
    {
        if (!IsRunning) return;

        using var enough = new CancellationTokenSource(patience);
        try
        {
            process!.StandardInput.Close();
            await process.WaitForExitAsync(enough.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            Kill();
        }
    }

    public void Dispose() => process?.Dispose();

    private void Hear(string? line)
    {
        if (line?.IndexOf("=>", StringComparison.Ordinal) is >= 0 and var answer)
            tell($"{Node} {line[answer..]}", Tone.Plain);
    }

    private void Complain(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line)) tell($"{Node}: {line}", Tone.Bad);
    }

    /// <summary>This program, whether it has a host of its own or runs under dotnet.</summary>
    private ProcessStartInfo Myself()
    {
        var host   = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path");
        var dotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var self   = dotnet ? Seq1(typeof(Child).Assembly.Location) : [];
        return new ProcessStartInfo(host, self.Concat(options.AsChild()))
        {
            RedirectStandardInput  = true,
            RedirectStandardOutput = true,
            RedirectStandardError  = true,
            UseShellExecute        = false,
        };
    }
}
