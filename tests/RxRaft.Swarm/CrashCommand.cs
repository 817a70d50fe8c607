using System.IO;
using System.Linq;
using System.Threading;
using static System.FormattableString;

namespace RxRaft.Swarm;

/// <summary>A crash at each point of small runs.</summary>
/// <param name="output">Where everything is told.</param>
/// <param name="isTerminal">Whether a line of it can be written over.</param>
/// <param name="algorithm">Makes the algorithm of each run.</param>
/// <param name="stop">Ends it, with its summary.</param>
internal sealed class CrashCommand(
    TextWriter output, bool isTerminal, Func<Func<NodeState, Input, Transition>> algorithm, CancellationToken stop)
{
    private readonly CrashSweep<Map<string, string>, KeyValueCommand, Option<string>> sweep =
        new(Trials.KeyValue) { Algorithm = algorithm };

    /// <returns>The exit code.</returns>
    public int Run(Order order)
    {
        if (order.Seed.Case is ulong one && order.Point.Case is CrashPoint point) return One(order, one, point);

        var seeds = order.Seed.Case is ulong seed ? new SeedRange(seed, seed) : order.Seeds.Part(order.Part.Number, order.Part.Parts);
        var (all, tally) = (0UL, SwarmTally.Nothing);
        foreach (var each in seeds.Seeds)
        {
            if (stop.IsCancellationRequested || tally.Elapsed >= order.Limit) break;

            var points = Points(each);
            all  += (ulong)points.Count;
            tally = tally.With(Sweep(order, each, points, order.Limit - tally.Elapsed));
        }

        Report.Summary(output, tally, all, "points", stop.IsCancellationRequested);
        return tally.Failures.IsEmpty ? Commands.Held : Commands.Failed;
    }

    private int One(Order order, ulong seed, CrashPoint point)
    {
        var result = sweep.Run(seed, point, world =>
        {
            if (order.Transcript) Transcript.Of(world, messages: true).Subscribe(output.WriteLine);
        });
        Report.One(output, result);
        return result.Failure.IsSome ? Commands.Failed : Commands.Held;
    }

    /// <summary>First the run in which nobody crashes: what does not hold there is told once.</summary>
    private Seq<CrashPoint> Points(ulong seed) =>
        sweep.Run(seed, default).Failure.IsSome ? Seq1<CrashPoint>(default) : sweep.Points(seed);

    private SwarmTally Sweep(Order order, ulong seed, Seq<CrashPoint> points, TimeSpan limit)
    {
        var progress = new ProgressLine(output, isTerminal, (ulong)points.Count, "points", limit);
        output.WriteLine(Invariant($"Seed {seed}: {points.Count} points, {order.Workers} at a time"));
        var tally = new SwarmRunner { Workers = order.Workers, Limit = limit }.Run(
            points.AsEnumerable().Select(Func<SwarmResult> (point) => () => sweep.Run(seed, point)),
            (result, now) =>
            {
                if (result.Failure.IsSome) progress.Clear();
                if (result.Failure.IsSome)
                    Report.Failure(
                        output, result, $"--crash-points --point {Words(result.Point.IfNone(default(CrashPoint)))} --transcript");
                progress.Tell(now);
            },
            stop);
        progress.Clear();
        return tally;
    }

    /// <summary>As the command line has it.</summary>
    private static string Words(CrashPoint point) => Invariant($"{point.Effect}") + point.Moment switch
    {
        CrashMoment.WriteLost => ":lost",
        CrashMoment.WriteMade => ":made",
        _ => "",
    };
}
