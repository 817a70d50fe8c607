namespace RxRaft.Protocol;

/// <summary>What pre-elections and elections have in common.</summary>
internal static class Campaigning
{
    /// <summary>Everybody whose vote counts, but this node.</summary>
    public static Seq<NodeId> OtherVoters(this NodeState state) =>
        state.Configuration.Members.Fold(Seq<NodeId>(), (others, member) =>
            member != state.Self && state.Configuration.IsVoter(member) ? others.Add(member) : others);

    /// <summary>The same message to several nodes.</summary>
    public static Transition SendAll(this NodeState state, Seq<NodeId> receivers, Message message) =>
        new(state, receivers.Fold(Seq<Effect>(), (sends, to) => sends.Add(new Effect.Send(to, message))), []);

    /// <summary>When to ask those again who have not answered; if all have, not before the campaign ends.</summary>
    public static Instant RetryDeadline(this NodeState state, Seq<NodeId> unanswered) =>
        unanswered.IsEmpty ? state.ElectionDeadline : state.Now + state.Settings.HeartbeatInterval;

    /// <summary>Who said yes: this node first, then the others in the order of their ids.</summary>
    public static Seq<NodeId> Supporters(this NodeState state, Map<NodeId, bool> votes) =>
        state.Self.Cons(votes.Remove(state.Self).Cast(granted: true)).Strict();

    /// <summary>Who answered one way, in the order of their ids.</summary>
    public static Seq<NodeId> Cast(this Map<NodeId, bool> votes, bool granted) =>
        votes.Fold(Seq<NodeId>(), (cast, voter, vote) => vote == granted ? cast.Add(voter) : cast);

    /// <summary>The reason for <see cref="NodeState.HoldsVoteBack"/>.</summary>
    /// <param name="state">A node that does.</param>
    public static VoteRefusal WhyHeldBack(this NodeState state) =>
        state.Role is Role.Leader leader
            ? new VoteRefusal.LeaderAlive(state.Self, state.Now - leader.QuorumContact)
        : state.HasHeardNoLeader
            ? new VoteRefusal.JustStarted(state.Now.SinceStart)
            : new VoteRefusal.LeaderAlive(state.LeaderId, state.Now - state.LeaderContact);
}
