using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RxRaft.Samples.KeyValue;

/// <summary>One node, until somebody ends it.</summary>
internal static class NodeProgram
{
    public static int Run(StoreOptions options, TextWriter output, TextWriter errors)
    {
        using var end  = new Ending(options.WithParent);
        using var host = NodeHost.Build(options, end.Asked);
        return Task.Run(() => Serve(host, options, end, output, errors)).GetAwaiter().GetResult();
    }

    private static async Task<int> Serve(
        IHost host, StoreOptions options, Ending end, TextWriter output, TextWriter errors)
    {
        try
        {
            await host.StartAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.Asked.IsCompleted)
        {
            return 0;                                       // before it had begun
        }
        catch (Exception failure) when (OpeningFailure.Of(options, failure).Case is OpeningFailure said)
        {
            return Fail(errors, said.Text, said.ExitCode);
        }

        await output.WriteLineAsync(
            $"{options.Self}: process {Environment.ProcessId}, clients {options.ListenClients}, disk {options.Data}")
            .ConfigureAwait(false);
        await host.WaitForShutdownAsync().ConfigureAwait(false);
        return host.Services.GetRequiredService<RaftNode>().Completion.Exception is { } halted
            ? Fail(errors, $"{options.Self} has halted: {OpeningFailure.OneLine(halted.GetBaseException().Message)}", 1)
            : 0;
    }

    private static int Fail(TextWriter errors, string problem, int exitCode)
    {
        errors.WriteLine(problem);
        return exitCode;
    }
}

/// <summary>What ends a process from the outside, so that it can do so in order.</summary>
internal sealed class Ending : IDisposable
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Seq<PosixSignalRegistration> signals;

    /// <param name="withParent">
    /// Ctrl-C goes to the parent too, which sees to its children; the end of standard input is the parent's.
    /// </param>
    public Ending(bool withParent)
    {
        signals = Seq(PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT)
            .Map(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                if (!withParent || context.Signal == PosixSignal.SIGTERM) asked.TrySetResult();
            })).Strict();
        if (withParent) new Thread(Read) { Name = "standard input", IsBackground = true }.Start();
    }

    public Task Asked => asked.Task;

    public void Dispose() => signals.Iter(signal => signal.Dispose());

    private void Read()
    {
        while (Console.In.ReadLine() is not null) { }
        asked.TrySetResult();
    }
}
