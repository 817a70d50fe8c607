using System.Diagnostics;
using System.IO;
using System.Reactive.Concurrency;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>The three tests of the lab in virtual time, and their table beside the published one.</summary>
internal static class LabReport
{
    public static int Run(int rounds, ulong seed, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var results = Seq(
            Lab.InitialElection(seed, WireFaults.None, new HistoricalScheduler()),
            Lab.ElectionAfterNetworkFailure(seed, WireFaults.None, new HistoricalScheduler()),
            Lab.MultipleElections(rounds, seed, WireFaults.None, new HistoricalScheduler()));

        output.WriteLine($"The lab's election tests in virtual time, seed {seed}, a heartbeat every {Heartbeat} ms.");
        output.WriteLine();
        var rows = results.Zip(Published.Run, (ours, theirs) => Rows(ours, theirs, rounds)).Bind(rows => rows);
        TextTable.Lines(Header.Cons(rows)).Iter(output.WriteLine);
        output.WriteLine();
        Remarks(rounds).Iter(output.WriteLine);
        output.WriteLine(Effort(results, watch.Elapsed, Environment.CpuUsage.TotalTime));
        return Verdict(results, output);
    }

    /// <summary>What failed and why, and how many.</summary>
    /// <returns>The exit code.</returns>
    internal static int Verdict(Seq<LabResult> results, TextWriter output)
    {
        foreach (var result in results.Filter(result => !result.Passed))
            output.WriteLine($"Failed: {result.Test}: {result.Failure.IfNone("")}");

        var failed = results.Count(result => !result.Passed);
        output.WriteLine($"{results.Count - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static string Heartbeat => Invariant($"{Lab.Timing.HeartbeatInterval.TotalMilliseconds:0}");

    private static readonly string[] Header = ["test", "seconds", "peers", "RPCs", "bytes", "commits", "result"];

    private static Seq<string[]> Rows(LabResult ours, Published theirs, int rounds)
    {
        var alike = theirs.Rounds is null || theirs.Rounds == rounds;
        var scale = alike ? 1 : theirs.Seconds / ours.Span.TotalSeconds;

        return Seq<string[]>(
            [
                ours.Test, Invariant($"{ours.Span.TotalSeconds:0.0}"), $"{ours.Peers}",
                $"{ours.Counts.Rpcs}", $"{ours.Counts.Bytes}", $"{ours.Commits}", ours.Passed ? "passed" : "FAILED",
            ],
            [
                "- published", Invariant($"{theirs.Seconds:0.0}"), $"{theirs.Peers}",
                $"{theirs.Rpcs}", $"{theirs.Bytes}", $"{theirs.Commits}", "",
            ],
            [
                alike ? "- ours / published" : "- ours / published, per second", "", "",
                Invariant($"{scale * ours.Counts.Rpcs / theirs.Rpcs:0.00}"),
                Invariant($"{scale * ours.Counts.Bytes / theirs.Bytes:0.00}"), "", "",
            ]);
    }

    private static Seq<string> Remarks(int rounds) =>
        Published.Run.Filter(run => run.Rounds is { } published && published != rounds).Map(run =>
            $"{run.Test}: {rounds} rounds here, {run.Rounds} published; compared is what a virtual second took.");

    private static string Effort(Seq<LabResult> results, TimeSpan wall, TimeSpan cpu)
    {
        var span = results.Sum(result => result.Span.TotalSeconds);
        return Invariant(
            $"{span:0.0} s of virtual time: {cpu.TotalSeconds:0.00} s of CPU, {wall.TotalSeconds:0.00} s elapsed.");
    }
}
