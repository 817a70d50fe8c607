using static RxRaft.Configuration;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Changes of the members, by joint consensus.</summary>
/// <remarks>
/// §4.3. Newcomers are learners first, and voters once they have caught up (§4.2.1). One step at a time: each waits for
/// the one before to be committed, and the first for an entry of the leader's own term. Whoever leads takes the cluster
/// out of a joint configuration, whoever led it there.
/// </remarks>
internal static class Membership
{
    /// <summary>An operator wants other members.</summary>
    public static Transition OnReconfigure(NodeState state, RequestId request, MembershipChange wanted)
    {
        if (state.Role is not Leader leader) return state.Answer(request, new Outcome.NotLeader(state.LeaderId));
        if (leader.Office.Change.IsSome || IsUnderWay(state) || state.Configuration is not Simple now)
            return state.Answer(request, new Outcome.Rejected($"another change is under way ({state.Configuration})"));

        var goal = wanted.After(now);
        if (Problem(goal).Case is string problem) return state.Answer(request, new Outcome.Rejected(problem));

        var change = new Change(request, goal.Voters, goal.Learners, CatchUpDeadline(state));
        return (state with { Role = leader with { Office = leader.Office with { Change = change } } })
            .Because(new Reason.ChangeBegun(change.Goal))
            .Then(Advance);
    }

    /// <summary>The next step, if it is time for one: called whenever something it waits for may have come.</summary>
    /// <param name="state">Any node: only a leader acts.</param>
    public static Transition Advance(NodeState state)
    {
        if (state.Role is not Leader leader) return state.Stay();
        if (IsUnderWay(state) || state.CommitIndex < leader.FirstIndex) return state.Stay();

        return state.Configuration switch
        {
            Joint joint => Append(state, new Simple(joint.New, joint.Learners)),           // automatic leave
            Simple when !state.IsVoter => Leadership.StepDown(state, leader, new StepDownCause.Removed()),
            Simple simple => leader.Office.Change.Case is Change change
                ? Towards(state, leader, simple, change)
                : state.Stay(),
            _ => throw Unreachable.Case(state.Configuration),
        };
    }

    /// <summary>The leader no longer leads: what is in the log may still come true.</summary>
    public static Transition Abandon(NodeState state, Office office) =>
        office.Change.Case is Change change
            ? state.Answer(change.Request, state.Configuration.Equals(change.Goal) && !IsUnderWay(state)
                ? new Outcome.Done()
                : new Outcome.Unknown())
            : state.Stay();

    private static bool IsUnderWay(NodeState state) => state.Log.ConfiguredAt > state.CommitIndex;

    private static Transition Towards(NodeState state, Leader leader, Simple now, Change change)
    {
        if (now.Equals(change.Goal)) return End(state, leader, change, new Outcome.Done());

        var newcomers = change.Voters.Except(now.Voters);
        var strangers = newcomers.Except(now.Learners);
        if (!strangers.IsEmpty) return Append(state, now with { Learners = now.Learners.Union(strangers) });

        var behind = newcomers.Filter(node => !HasCaughtUp(state, leader, node));
        if (behind.IsEmpty)
            return Append(state, now.Voters.Equals(change.Voters)
                ? new Simple(change.Voters, change.Learners)                               // quorums stay what they are
                : new Joint(now.Voters, change.Voters, change.Learners));

        return state.Now < change.Deadline ? state.Stay() : End(state, leader, change, new Outcome.Rejected(
            $"{Say.Nodes(behind)} did not catch up in time: left as {(behind.Count == 1 ? "a learner" : "learners")}"));
    }

    /// <summary>In force from this moment, for the leader; whoever is new hears of it with the first append.</summary>
    private static Transition Append(NodeState state, Configuration configuration)
    {
        var position = new LogPosition(state.CurrentTerm, state.Log.LastIndex.Next);
        var log = state.Log.Append(Seq1(new Entry(position, new Payload.Configure(configuration))));
        return (state with { Log = log, Role = Reformed((Leader)state.Role, state, configuration) })
            .Because(new Reason.Reconfigured(configuration, position.Index))
            .Then(Replication.Greet)
            .Then(Commitment.Advance);                          // a smaller cluster may have committed more by now
    }

    private static Leader Reformed(Leader leader, NodeState state, Configuration configuration) => leader with
    {
        Followers = configuration.Members.Remove(state.Self).Fold(Map<NodeId, Progress>(), (all, member) =>
            all.Add(member, leader.Followers.Find(member)
                .IfNone(() => Tracking.Assume(state, state.Log.LastIndex.Next)))),
    };

    /// <summary>
    /// It has the configuration in force, however short the log is: a voter has to know of the cluster, since the blank
    /// do not vote. And it is about as far as the voters are: what is on its way they lack too.
    /// </summary>
    private static bool HasCaughtUp(NodeState state, Leader leader, NodeId node) =>
        leader.Followers.Find(node).Case is Progress.Replicate { MatchIndex: var match }
        && match >= state.Log.ConfiguredAt
        && state.CommitIndex.Value <= match.Value + (ulong)state.Settings.Limits.MaxPromotionLag;

    private static Transition End(NodeState state, Leader leader, Change change, Outcome outcome) =>
        (state with { Role = leader with { Office = leader.Office with { Change = None } } })
            .Because(new Reason.ChangeEnded(change.Goal, outcome is Outcome.Done))
            .Answer(change.Request, outcome);

    private static Option<string> Problem(Simple goal) =>
        goal.Voters.IsEmpty ? Some("a cluster needs at least one voter")
        : goal.Voters.Intersect(goal.Learners) is { IsEmpty: false } both
            ? Some($"{Say.Nodes(both)} cannot be both voter and learner")
        : None;

    // §4.2.1 lets a newcomer that never catches up fail its change rather than block all others.
    private static Instant CatchUpDeadline(NodeState state) => state.Now + state.Settings.ElectionTimeoutMax * 10;
}
