using System.Linq;

namespace RxRaft.Tests;

/// <summary>What can happen to a node, one millisecond after what happened before.</summary>
internal static class When
{
    public static Transition Receive(this NodeState state, NodeId from, Message message, double afterMs = 1) =>
        Raft.Step(state, new Input.Receive(from, message) { At = state.Now + Ms(afterMs) });

    public static Transition TickAt(this NodeState state, Instant at) =>
        Raft.Step(state, new Input.Tick { At = at });

    public static Transition TickAfter(this NodeState state, double milliseconds) =>
        state.TickAt(state.Now + Ms(milliseconds));

    public static Transition TickAtDeadline(this NodeState state) => state.TickAt(state.NextDeadline);

    /// <summary>Everything the node has asked its disk for is durable now.</summary>
    public static Transition Persisted(this NodeState state) => state.Persisted(state.LastLog);

    /// <summary>What the node has asked its disk for is durable now, up to an entry.</summary>
    public static Transition Persisted(this NodeState state, LogPosition last) =>
        Raft.Step(state, new Input.Persisted(state.CurrentTerm, state.VotedFor, last) { At = state.Now });

    /// <summary>Clients here propose commands of so many bytes, all at once.</summary>
    public static Transition Propose(this NodeState state, params int[] bytes) =>
        Raft.Step(state, new Input.Propose(toSeq(bytes.Select((size, i) =>
            Samples.Proposal(state.LastLog.Index.Value + (ulong)i, size)).ToArray()))
        { At = state.Now + Ms(1) });

    /// <summary>The state machine has done all it was given.</summary>
    public static Transition Applied(this NodeState state) =>
        Raft.Step(state, new Input.Applied(state.CommitIndex) { At = state.Now });

    /// <summary>A snapshot through all that is committed, of ten bytes, is on disk.</summary>
    public static Transition Snapshotted(this NodeState state) =>
        Raft.Step(state, new Input.Snapshotted(
            new Snapshot(state.Log.PositionAt(state.CommitIndex), state.Configuration, Size: 10))
        { At = state.Now });

    /// <summary>A follower answers the leader's latest round: its log agrees.</summary>
    public static NodeState Follows(this NodeState leader, NodeId follower, double afterMs = 1) =>
        leader.Receive(follower, Speak.Matches(leader), afterMs).State;

    /// <summary>When the leader will step down if it hears no more.</summary>
    public static Instant StepsDownAt(this NodeState leader) => leader.QuorumDeadline((Role.Leader)leader.Role);

    /// <summary>The node crashes, and starts again with what its disk remembers.</summary>
    public static NodeState Restart(this NodeState state, PersistentState disk) =>
        Raft.Boot(state.Self, state.Configuration, state.Settings, disk).State;
}
