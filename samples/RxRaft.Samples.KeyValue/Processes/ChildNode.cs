using System.Diagnostics;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>A node in a process that this one starts, and that ends when this one does.</summary>
/// <remarks>
/// The child ends when its standard input does, which the system closes however this process ends: nobody is left
/// behind.
/// </remarks>
internal sealed class ChildNode : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process process;

    private ChildNode(NodeId node, IPEndPoint clients, Process process) =>
        (Node, Clients, this.process) = (node, clients, process);

    public NodeId Node { get; }

    /// <summary>Where it listens to clients.</summary>
    public IPEndPoint Clients { get; }

    public int ProcessId => process.Id;

    public bool IsRunning => !process.HasExited;

    /// <summary>Ends when it does.</summary>
    public Task Ended => process.WaitForExitAsync();

    public int ExitCode => process.ExitCode;

    /// <param name="arguments">Of the node.</param>
    /// <param name="password">Goes by the environment: arguments can be seen by everybody.</param>
    /// <param name="complain">Hears what it says on standard error, on any thread.</param>
    public static ChildNode Start(
        NodeId node, IPEndPoint clients, Seq<string> arguments, Option<string> password, Action<string> complain)
    {
        var start = Myself(arguments);
        start.Environment.Remove(CommandLine.PasswordVariable);
        password.Iter(word => start.Environment[CommandLine.PasswordVariable] = word);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, _) => { };        // read, or it would stop when the pipe is full
        process.ErrorDataReceived += (_, said) =>
        {
            if (!string.IsNullOrWhiteSpace(said.Data)) complain(said.Data);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildNode(node, clients, process);
    }

    /// <summary>Lets it end by itself, and if it has not after a while, at once.</summary>
    public async Task End()
    {
        using var enough = new CancellationTokenSource(Patience);
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(enough.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public void Dispose() => process.Dispose();

    /// <summary>This program, whether it has a host of its own or runs under dotnet.</summary>
    private static ProcessStartInfo Myself(Seq<string> arguments)
    {
        var host   = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path");
        var dotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var self   = dotnet ? Seq1(typeof(ChildNode).Assembly.Location) : [];
        return new ProcessStartInfo(host, self.Concat(arguments))
        {
            RedirectStandardInput  = true,
            RedirectStandardOutput = true,
            RedirectStandardError  = true,
            UseShellExecute        = false,
        };
    }
}
