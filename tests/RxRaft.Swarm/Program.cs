using System.Runtime.InteropServices;
using System.Threading;

namespace RxRaft.Swarm;

/// <summary>See <see cref="CommandLine.HelpText"/>.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = Stopping(PosixSignal.SIGINT, stop);
        using var terminate = Stopping(PosixSignal.SIGTERM, stop);
        var commands = new Commands(Console.Out, !Console.IsOutputRedirected, stop.Token);
        return CommandLine.Read(words).Match(commands.Run, wrong =>
        {
            Console.Error.WriteLine(wrong);
            return Commands.Wrong;
        });
    }

    /// <summary>The first signal ends it with a summary, a second one at once.</summary>
    private static PosixSignalRegistration Stopping(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
}
