using System.Globalization;
using System.Reactive.Linq;

namespace RxRaft.Testing;

/// <summary>What happened in a world, line by line. The same seed and script give the same bytes.</summary>
public static class Transcript
{
    /// <summary>
    /// The lines of a world from now on, so subscribe before it starts: reasons, crashes, cuts; with messages, every
    /// one sent and lost as well.
    /// </summary>
    public static IObservable<string> Of(World world, bool messages = false) =>
        world.Events.SelectMany(happened => LinesOf(happened, messages));

    /// <summary>The lines of one event; none if there is nothing to tell.</summary>
    public static Seq<string> LinesOf(WorldEvent happened, bool messages) =>
        Told(happened, messages).Map(line => $"{Time(happened.At),14}  {line}").Strict();

    /// <summary>A message in one line: AppendEntries T4 R12, after T3#7, 2 entries, commit #7.</summary>
    public static string Of(Message message) => $"{Say.Name(message)} {message.Term}" + message switch
    {
        Message.PreVote m => $" {m.Round}, last log entry {m.LastLog}",
        Message.PreVoteReply m => $" {m.Round}, {(m.VoteGranted ? "yes" : "no")}",
        Message.RequestVote m => $", last log entry {m.LastLog}{(m.Transfer.IsSome ? ", as the leader wants" : "")}",
        Message.RequestVoteReply m => $", {(m.VoteGranted ? "yes" : "no")}",
        Message.AppendEntries m =>
            $" {m.Round}, after {m.PrevLog}, {Say.Entries((ulong)m.Entries.Count)}, commit {m.LeaderCommit}",
        Message.AppendEntriesReply m => $" {m.Round}, {Of(m.Result)}",
        Message.InstallSnapshot m =>
            $" {m.Round}, through {m.Snapshot.Last}, bytes {m.Offset}+{m.Data.Length} of {m.Snapshot.Size}",
        Message.InstallSnapshotReply m =>
            $" {m.Round}, through {m.Last}, {(m.Installed ? "installed" : Say.Invariant($"has {m.Received} bytes"))}",
        Message.TimeoutNow m => $" {m.Round}",
        Message.ReadIndex m => $" {m.Round}",
        Message.ReadIndexReply m => $" {m.Round}, {m.Index.Match(index => $"read at {index}", "cannot tell")}",
        Message.Forward m => $", {string.Join(' ', m.Proposals.Map(proposal => proposal.Request))}",
        Message.ForwardReply m => $", {m.Request}: {m.Outcome}",
        _ => throw Unreachable.Case(message),
    };

    /// <summary>1234.567 ms, always with three digits.</summary>
    internal static string Time(TimeSpan at) =>
        at.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture) + " ms";

    private static Seq<string> Told(WorldEvent happened, bool messages) => happened switch
    {
        WorldEvent.Started e => e.Step.Reasons.Map(reason => $"{e.Node}  {reason}"),
        WorldEvent.Stepped e => e.Step.Reasons.Map(reason => $"{e.Node}  {reason}"),
        WorldEvent.Crashed e => Seq1($"{e.Node}  crashed"),
        WorldEvent.Paused e => Seq1($"{e.Node}  paused for {Time(e.For)}"),
        WorldEvent.Halted e => Seq1($"{e.Node}  halted: {e.Reason.Message}"),
        WorldEvent.LinksChanged e => Seq1($"--  {e.What}"),
        WorldEvent.Sent e when messages => Seq1($"{e.From} -> {e.To}  {Of(e.Message)}"),
        WorldEvent.Lost e when messages => Seq1($"{e.From} -x {e.To}  {Of(e.Message)} lost: {Of(e.Cause)}"),
        WorldEvent.Sent or WorldEvent.Lost or WorldEvent.Delivered => [],
        _ => throw Unreachable.Case(happened),
    };

    private static string Of(AppendResult result) => result switch
    {
        AppendResult.Success success => $"agrees through {success.MatchIndex}",
        AppendResult.Full full => $"agrees through {full.MatchIndex}, and has no room",
        AppendResult.Blank => "has never been part of a cluster",
        AppendResult.Conflict conflict => $"differs, may agree at {conflict.Hint}",
        AppendResult.StaleTerm => "stale term",
        _ => throw Unreachable.Case(result),
    };

    private static string Of(LossCause cause) => cause switch
    {
        LossCause.Chance => "bad luck",
        LossCause.Cut => "link cut",
        LossCause.NodeDown => "node down",
        _ => throw Unreachable.Case(cause),
    };
}
