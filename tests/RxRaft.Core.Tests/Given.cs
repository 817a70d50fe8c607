namespace RxRaft.Tests;

/// <summary>Nodes to begin a test with. Each got there through <see cref="Raft.Step"/>, so each can exist.</summary>
internal static class Given
{
    /// <summary>150-300 ms, heartbeats every 50 ms, clocks within 5 %, and a long first timeout.</summary>
    public static readonly Settings Settings = Settings.Default with { Seed = 2 };

    /// <summary>These settings with other limits.</summary>
    public static Settings With(Limits limits) => Settings with { Limits = limits };

    /// <summary>S1 right after its start.</summary>
    public static NodeState Started(
        ulong term = 3, Configuration? cluster = null, Log? log = null, NodeId? votedFor = null,
        Settings? settings = null) =>
        Raft.Boot(
            S1, cluster ?? ClusterOf(3), settings ?? Settings, new(T(term), votedFor.ToOption(), log ?? Log.Empty)).State;

    /// <summary>S1 with no leader for the minimum election timeout: free to vote, not yet about to campaign.</summary>
    public static NodeState Follower(
        ulong term = 3, Configuration? cluster = null, Log? log = null, NodeId? votedFor = null,
        Settings? settings = null)
    {
        var free = Started(term, cluster, log, votedFor, settings).TickAt(Moment(150)).State;
        return free.NextDeadline > Moment(200) ? free : throw new InvalidOperationException("choose another seed");
    }

    /// <summary>S1, which heard its leader a moment ago.</summary>
    public static NodeState FollowerOf(
        NodeId leader, ulong term = 3, Configuration? cluster = null, Log? log = null, NodeId? votedFor = null,
        Settings? settings = null)
    {
        var state = Follower(term, cluster, log, votedFor, settings);
        return state.Receive(leader, Speak.Heartbeat(term, state.LastLog)).State;
    }

    /// <summary>S1, asking whether it could win the term after this one.</summary>
    public static NodeState PreCandidate(
        ulong term = 3, Configuration? cluster = null, Log? log = null, Settings? settings = null) =>
        Follower(term, cluster, log, settings: settings).TickAtDeadline().State;

    /// <summary>S1, standing for election in this term, its own vote durable or not yet.</summary>
    public static NodeState Candidate(
        ulong term = 4, Configuration? cluster = null, Log? log = null, bool durable = true, Settings? settings = null)
    {
        var state = PreCandidate(term - 1, cluster, log, settings);
        foreach (var voter in state.Configuration.Members)
            if (state.Role is Role.PreCandidate && voter != S1)
                state = state.Receive(voter, Speak.PreVoteYes(state)).State;

        return durable ? state.Persisted().State : state;
    }

    /// <summary>
    /// S1, just elected in this term; its first entry is not on its disk yet, and nobody has answered its first
    /// heartbeats.
    /// </summary>
    public static NodeState Leader(
        ulong term = 4, Configuration? cluster = null, Log? log = null, Settings? settings = null)
    {
        var state = Candidate(term, cluster, log, settings: settings);
        foreach (var voter in state.Configuration.Members)
            if (state.Role is Role.Candidate && voter != S1) state = state.Receive(voter, Speak.Vote(term)).State;

        return state.Role is Role.Leader ? state : throw new InvalidOperationException("nobody elected it");
    }

    /// <summary>S1, which leads this term: everybody's log agrees with its own, and all of it is committed.</summary>
    public static NodeState InOffice(
        ulong term = 4, Configuration? cluster = null, Log? log = null, Settings? settings = null)
    {
        var leader = Leader(term, cluster, log, settings).Persisted().State;
        return leader.Configuration.Members.Remove(S1).Fold(leader, (state, follower) => state.Follows(follower));
    }

    /// <summary>A node in each role, and a follower that knows its leader, S3, beside one that does not.</summary>
    public static NodeState[] EveryRole() => [Follower(), FollowerOf(S3), PreCandidate(), Candidate(), Leader()];

    private static Option<NodeId> ToOption(this NodeId? node) => node is { } some ? Some(some) : None;
}
