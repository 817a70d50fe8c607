using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>One node, until somebody ends it.</summary>
internal static class NodeProgram
{
    public static int Run(StoreOptions options, TextWriter output, TextWriter errors)
    {
        using var end = new Ending(options.WithParent);
        return Listener(options).Match(
            Left: problem => Fail(errors, problem, exitCode: 1),
            Right: listener => OpeningFailure.Open(options).Match(
                Left: failure =>
                {
                    listener.Dispose();
                    return Fail(errors, failure.Text, failure.ExitCode);
                },
                Right: node => Task.Run(() => Serve(node, listener, end, output, errors)).GetAwaiter().GetResult()));
    }

    private static async Task<int> Serve(
        StoreNode node, Socket listener, Ending end, TextWriter output, TextWriter errors)
    {
        var options = node.Options;
        var server  = RespServer.Start(node, listener);
        await output.WriteLineAsync(
            $"{options.Self}: process {Environment.ProcessId}, clients {options.ListenClients}, disk {options.Data}")
            .ConfigureAwait(false);

        await Task.WhenAny(end.Asked, node.Completion).ConfigureAwait(false);
        if (!options.WithParent) await node.HandOver().ConfigureAwait(false);       // else all end at once
        await server.DisposeAsync().ConfigureAwait(false);
        await node.DisposeAsync().ConfigureAwait(false);
        return node.Completion.Exception is { } halted
            ? Fail(errors, $"{options.Self} has halted: {OpeningFailure.OneLine(halted.GetBaseException().Message)}", 1)
            : 0;
    }

    /// <summary>Before the disk is opened: who has no place to listen shall not become a member first.</summary>
    private static Either<string, Socket> Listener(StoreOptions options)
    {
        try
        {
            return RespServer.Listen(options.ListenClients);
        }
        catch (SocketException failure)
        {
            return $"{options.Self} cannot listen to clients on {options.ListenClients}: "
                + OpeningFailure.OneLine(failure.Message);
        }
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
