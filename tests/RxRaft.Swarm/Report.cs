using System.IO;
using System.Linq;
using static System.FormattableString;

namespace RxRaft.Swarm;

/// <summary>What is told of runs.</summary>
internal static class Report
{
    /// <summary>A run that did not hold, and how to have it again.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="result">Of the run.</param>
    /// <param name="words">What gives it again, but for the seed.</param>
    public static void Failure(TextWriter output, SwarmResult result, string words)
    {
        var failure = result.Failure.IfNone(() => throw new ArgumentException("It held", nameof(result)));
        output.WriteLine($"FAILED seed {result.Seed}, {failure.Property}: {failure.Detail.Split('\n')[0]}");
        output.WriteLine($"  {result.What}");
        output.WriteLine(
            $"  dotnet run -c Release --project tests/RxRaft.Swarm -- --seed {result.Seed} {words}");
    }

    /// <summary>One run that somebody asked for by its seed.</summary>
    public static void One(TextWriter output, SwarmResult result)
    {
        output.WriteLine($"Seed {result.Seed}: {result.What}");
        output.WriteLine(result.Failure.Match(
            failure => $"FAILED, {failure.Property}: {failure.Detail}",
            () => Invariant($"Held, for {result.Passed.TotalSeconds:0.0} s of virtual time")));
    }

    /// <summary>A shortest schedule, told and drawn.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="whole">How the run failed that it is from.</param>
    /// <param name="shrunk">What is left.</param>
    public static void Shrunk(TextWriter output, SwarmFailure whole, Shrunk shrunk)
    {
        if (shrunk.Failure.Property != whole.Property)
            output.WriteLine($"What happened to the nodes fails otherwise by itself: {shrunk.Failure.Property}, not {whole.Property}");
        output.WriteLine(Invariant($"Shrunk from {shrunk.Of} to {shrunk.Run.Happenings.Count} happenings, ")
            + Invariant($"in {shrunk.Plays} plays. {shrunk.Failure.Detail}"));
        foreach (var line in shrunk.Transcript) output.WriteLine(line);
        output.WriteLine();
        output.WriteLine($"```mermaid\n{shrunk.Diagram}```".ReplaceLineEndings(output.NewLine));
    }

    /// <summary>How all went, and where they have been.</summary>
    public static void Summary(TextWriter output, SwarmTally tally, ulong all, string what, bool stopped)
    {
        var seconds = Math.Max(0.001, tally.Elapsed.TotalSeconds);
        output.WriteLine(
            Invariant($"{tally.Done} of {all} {what} in {tally.Elapsed.TotalSeconds:0.0} s")
            + (stopped ? ", then stopped" : "")
            + Invariant($": {tally.Done / seconds:0.0} a second, {tally.Passed.TotalHours:0.00} h of virtual time, ")
            + Invariant($"{tally.Failures.Count} failed")
            + (tally.Failures.IsEmpty ? "" : $" (seeds {string.Join(' ', tally.Failures.Map(run => run.Seed).Distinct().Order())})"));

        var taken = tally.Reasons.Taken;
        output.WriteLine(Invariant($"Branches taken: {taken.Count} of {ReasonCounts.All.Count}"));
        foreach (var (name, count) in taken) output.WriteLine(Invariant($"  {count,12} {name}"));
        var never = tally.Reasons.NeverTaken;
        output.WriteLine($"Never taken: {(never.IsEmpty ? "none" : string.Join(", ", never))}");
    }
}
