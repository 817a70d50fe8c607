using System.Net;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>What is worth a line about a real node: of its wire, its disk, and what it was asked.</summary>
internal static class MemberNews
{
    public static Headline Of(TimeSpan at, NodeId self, WireEvent happened)
    {
        return happened switch
        {
            WireEvent.Connected { Direction: WireDirection.Out } e =>
                Say($"Connected to {e.Peer} at {e.Remote}", Tone.Plain),
            WireEvent.Connected e => Say($"{e.Peer} has connected from {e.Remote}", Tone.Plain),
            WireEvent.Lost e => Say($"Connection {Way(e.Direction)} {e.Peer} lost: {e.Why}", Tone.Bad),
            WireEvent.Refused e => Say($"{Who(e)} refused: {e.Why}", Tone.Bad, $"refused {e.Reason}"),
            WireEvent.Unreachable e => Say(
                $"{e.Peer} at {Address.Text(e.Remote)} not reached: {e.Why}", Tone.Busy, $"unreachable {e.Peer}"),
            WireEvent.Dropped e => Say(Invariant($"Messages to {e.Peer} dropped: {e.Messages}"), Tone.Busy, "dropped"),
            WireEvent.Skipped e => Say(Invariant($"Messages of kind {e.Kind} from {e.Peer} not understood"), Tone.Bad),
            WireEvent.Failed e => Say($"Wire: {e.What} failed: {e.Why}", Tone.Bad, "failed"),
            WireEvent.Unsaid e => Say(Invariant($"Wire: {e.Events} more events, counted only"), Tone.Busy, "unsaid"),
            _ => throw new InvalidOperationException($"{happened} is not told"),
        };

        Headline Say(string text, Tone tone, string? topic = null) =>
            new(at, self, OneLine(text), tone, Optional(topic));
    }

    /// <summary>Where a node listens, and what its disk remembered.</summary>
    public static Seq<Headline> Started(
        TimeSpan at, NodeId self, EndPoint listens, string data, DiskRecovery found, NodeState state)
    {
        var memory = found.IsNew
            ? "a new disk"
            : Invariant($"recovered {state.CurrentTerm}, {state.LastLog.Index.Value} entries");
        var torn = found.Torn.Map(tail => new Headline(
            at, self, Invariant($"A write that a crash interrupted was cut off: {tail.File}, from byte {tail.Offset}"),
            Tone.Busy));

        return Seq1(new Headline(at, self, $"listens on {listens}, data in {data}, {memory}", Tone.Plain))
            .Concat(torn.ToSeq()).Strict();
    }

    /// <summary>Who leads: in lines for whoever waits for it, while in a view other news say the same.</summary>
    public const string LeadsTopic = "leads";

    public static Headline Leads(TimeSpan at, NodeId self, Leadership now) =>
        new(at, self, $"{Name(now.Leader)} leads {now.Term}", now.Leader.IsSome ? Tone.Good : Tone.Busy, LeadsTopic);

    /// <summary>What came of an order.</summary>
    public static Headline Answer(TimeSpan at, NodeId self, NodeOrder order, string answer) =>
        new(at, self, $"=> {order}: {OneLine(answer)}", Tone.Plain, order.GetType().Name);

    /// <summary>An outcome in words.</summary>
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Done => "done",
        Outcome.NotLeader(var leader) => leader.Match(
            node => $"not done, {node} leads and is to be asked", () => "not done, nobody leads"),
        Outcome.Busy(var limit) => $"not done, too much of {limit}",
        Outcome.Unknown => "nobody knows whether it was done",
        Outcome.Rejected(var reason) => $"not done, {reason}",
        _ => throw new InvalidOperationException($"{outcome} is not told"),
    };

    /// <summary>Messages of errors may have several.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static string Name(Option<NodeId> node) => node.Match(id => $"{id}", () => "nobody");

    private static string Way(WireDirection way) => way == WireDirection.Out ? "to" : "from";

    private static string Who(WireEvent.Refused e) =>
        e.Peer.Match(peer => $"{peer} from {e.Remote}", () => $"{e.Remote}");
}
