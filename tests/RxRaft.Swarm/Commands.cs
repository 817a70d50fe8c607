using System.IO;
using System.Linq;
using System.Threading;
using static System.FormattableString;

namespace RxRaft.Swarm;

/// <summary>Does what the command line says.</summary>
/// <param name="output">Where everything is told.</param>
/// <param name="isTerminal">Whether a line of it can be written over.</param>
/// <param name="stop">Ends it, with its summary.</param>
internal sealed class Commands(TextWriter output, bool isTerminal, CancellationToken stop)
{
    public const int Held = 0;
    public const int Failed = 1;
    public const int Wrong = 2;

    /// <summary>Makes the algorithm of each run; in tests, a variant of it.</summary>
    public Func<Func<NodeState, Input, Transition>> Algorithm { get; init; } = () => Raft.Step;

    /// <returns>The exit code.</returns>
    public int Run(Order order)
    {
        if (order.Help)
        {
            output.WriteLine(CommandLine.HelpText);
            return Held;
        }

        return order.CrashPoints ? new CrashCommand(output, isTerminal, Algorithm, stop).Run(order)
            : order.Seed.Case is not ulong seed ? Many(order)
            : order.Shrink ? Shrink(seed)
            : One(order, seed);
    }

    private Swarm<Map<string, string>, KeyValueCommand, Option<string>> Swarm =>
        new(Trials.KeyValue) { Algorithm = Algorithm };

    private int One(Order order, ulong seed)
    {
        var result = Result(order, seed);
        Report.One(output, result);
        return result.Failure.IsSome ? Failed : Held;
    }

    private int Shrink(ulong seed)
    {
        var result = Swarm.Run(seed);
        Report.One(output, result);
        if (result.Failure.Case is not SwarmFailure failure) return Held;

        Swarm.Shrink(seed).Match(
            shrunk => Report.Shrunk(output, failure, shrunk),
            () => output.WriteLine("It cannot be shrunk: what happened to the nodes does not fail by itself"));
        return Failed;
    }

    private SwarmResult Result(Order order, ulong seed) => Swarm.Run(seed, world =>
    {
        if (order.Transcript) Transcript.Of(world, messages: true).Subscribe(output.WriteLine);
    });

    private int Many(Order order)
    {
        var seeds    = order.Seeds.Part(order.Part.Number, order.Part.Parts);
        var progress = new ProgressLine(output, isTerminal, seeds.Count, "seeds", order.Limit);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        output.WriteLine(Invariant($"Seeds {seeds}, {order.Workers} at a time"));
        var tally = new SwarmRunner { Workers = order.Workers, Limit = order.Limit }.Run(
            seeds.Seeds.Select(Func<SwarmResult> (seed) => () => Result(order, seed)),
            (result, now) =>
            {
                if (result.Failure.IsSome) progress.Clear();
                if (result.Failure.IsSome) Report.Failure(output, result, "--transcript");
                if (result.Failure.IsSome && order.First) enough.Cancel();
                progress.Tell(now);
            },
            enough.Token);
        progress.Clear();
        Report.Summary(output, tally, seeds.Count, "seeds", enough.IsCancellationRequested);
        return tally.Failures.IsEmpty ? Held : Failed;
    }
}
