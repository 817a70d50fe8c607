using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;

namespace RxRaft.Hosting;

/// <summary>What a node is at the moment, as gauges.</summary>
internal static class NodeGauges
{
    private static readonly string[] Roles = ["follower", "pre-candidate", "candidate", "leader"];

    public static void Add(Meter meter, Func<NodeState?> state)
    {
        Gauge("rxraft.term", "{term}", "The current term", now => (long)now.CurrentTerm.Value);
        Gauge(
            "rxraft.commit.index", "{entry}", "The last entry known to be committed",
            now => (long)now.CommitIndex.Value);
        Gauge("rxraft.applied.index", "{entry}", "The last entry applied", now => (long)now.LastApplied.Value);
        Gauge("rxraft.lag", "{entry}", "Entries in the log that are not applied yet", Lag);
        Gauge("rxraft.backlog.size", "By", "Bytes of entries that are not applied yet", now => now.Backlog);
        Gauge(
            "rxraft.proposals.pending", "{proposal}", "Entries not applied, and proposals forwarded or held", Pending);
        Gauge("rxraft.reads.pending", "{read}", "Reads that wait for the leader, or for a quorum", Reads);
        Gauge(
            "rxraft.members", "{node}", "Members in force, learners included", now => now.Configuration.Members.Count);

        meter.CreateObservableGauge(
            "rxraft.role", () => Now(RolesOf), "1", "1 for the node's present role, 0 for others");
        meter.CreateObservableGauge(
            "rxraft.follower.lag", () => Now(Followers), "{entry}",
            "Entries that a follower is not known to have, at the leader");

        void Gauge(string name, string unit, string what, Func<NodeState, long> value) =>
            meter.CreateObservableGauge(name, () => Now(now => [new(value(now))]), unit, what);

        IEnumerable<Measurement<long>> Now(Func<NodeState, IEnumerable<Measurement<long>>> measure) =>
            state() is { } now ? measure(now) : [];
    }

    /// <summary>Entries in the log that the state machine has not applied yet, committed or not.</summary>
    public static long Lag(NodeState state) => (long)(state.LastLog.Index.Value - state.LastApplied.Value);

    private static long Pending(NodeState state) => Math.Max(0, Lag(state)) + state.Relayed.Proposals.Count
        + (state.Role is Role.Leader { Office.Transfer.Case: Transfer transfer } ? transfer.Held.Count : 0);

    private static long Reads(NodeState state)
    {
        var relayed = state.Relayed;
        var here    = relayed.Asking.Count + relayed.NextReads.Count
            + relayed.Answered.Sum(read => read.Requests.Count);
        return state.Role is Role.Leader { Office: var office }
            ? here + office.NextReads.Count + office.Reads.Sum(read => read.Readers.Count)
            : here;
    }

    private static IEnumerable<Measurement<long>> RolesOf(NodeState state)
    {
        var role = Say.Name(state.Role);
        return Roles.Select(name => new Measurement<long>(name == role ? 1 : 0, RaftMetrics.Tag("rxraft.role", name)));
    }

    private static IEnumerable<Measurement<long>> Followers(NodeState state) =>
        state.Role is Role.Leader leader
            ? leader.Followers.AsEnumerable().Select(follower => new Measurement<long>(
                (long)(state.LastLog.Index.Value - follower.Value.MatchIndex.Value),
                RaftMetrics.Tag("rxraft.follower", (long)follower.Key.Value)))
            : [];
}
