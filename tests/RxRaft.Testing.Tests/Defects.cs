using System.Collections.Generic;

namespace RxRaft.Tests;

/// <summary>
/// The six defects of the published lab code, and what else our rules are for: each a variant of our algorithm that is wrong in
/// exactly that rule.
/// </summary>
internal static class Defects
{
    /// <summary>
    /// 1. A RequestVote of an older term is answered but not refused: it may get the vote, and takes the term back.
    /// </summary>
    public static Transition StaleRequestVoteIsNotRefused(NodeState state, Input input)
    {
        if (input is not Input.Receive(var candidate, Message.RequestVote request) || request.Term >= state.CurrentTerm)
            return Raft.Step(state, input);

        var granted = state.VotedFor.ForAll(vote => vote == candidate) && request.LastLog >= state.LastLog;
        var voter = state with { CurrentTerm = request.Term, VotedFor = granted ? candidate : state.VotedFor, Now = input.At };
        return Saying(state, voter, new Effect.Send(candidate, new Message.RequestVoteReply(request.Term, granted)));
    }

    /// <summary>2a. AppendEntries without consistency check.</summary>
    public static Transition AppendWithoutConsistencyCheck(NodeState state, Input input) =>
        Raft.Step(state, input) is var step && input is Input.Receive(var from, Message.AppendEntries append)
            ? step with { Effects = step.Effects.Map(effect => Agreeing(effect, from, append)).Strict() }
            : step;

    private static Effect Agreeing(Effect effect, NodeId leader, Message.AppendEntries append) =>
        effect is Effect.Send(_, Message.AppendEntriesReply { Result: AppendResult.Conflict } reply)
            ? new Effect.Send(leader, reply with { Result = new AppendResult.Success(append.LastIndex) })
            : effect;

    /// <summary>2b. AppendEntries of a newer term: the term is adopted, the vote of the old one stays.</summary>
    public static Transition AppendKeepsTheOldVote(NodeState state, Input input) =>
        input is Input.Receive(_, Message.AppendEntries append) && append.Term > state.CurrentTerm
            ? KeepVote(state, Raft.Step(state, input))
            : Raft.Step(state, input);

    /// <summary>3. Term and vote are not persisted before the reply leaves.</summary>
    public static Transition NothingIsPersistedBeforeTheReply(NodeState state, Input input) =>
        Raft.Step(state, input) is var step && step.Effects.HeadOrNone().Case is Effect.Persist persist
            ? step with { Effects = step.Effects.Tail.Add(persist) }
            : step;

    /// <summary>
    /// 4. The term is raised in one critical section and the election started in another: what was heard in between,
    /// and the vote that was given, is overwritten.
    /// </summary>
    public static Transition ElectionStartsInTwoParts(NodeState state, Input input)
    {
        if (state.Role is Role.Candidate { Votes.IsEmpty: true, RetryDeadline: var gap } && gap == state.ElectionDeadline)
            return input is Input.Tick && input.At >= gap ? StandRegardless(state, input) : HearInBetween(state, input, gap);

        var step = Raft.Step(state, input);
        return step.State.Role is Role.Candidate candidate && state.Role is Role.PreCandidate
            ? OnlyRaiseTheTerm(state, step.State, candidate)
            : step;
    }

    /// <summary>
    /// 5. A failed AppendEntries reply of a newer term sets the term, and leaves the vote of the old one.
    /// </summary>
    public static Transition RefusedAppendKeepsTheOldVote(NodeState state, Input input) =>
        input is Input.Receive(_, Message.AppendEntriesReply reply) && reply.Term > state.CurrentTerm
            ? KeepVote(state, Raft.Step(state, input))
            : Raft.Step(state, input);

    /// <summary>
    /// 6. The election timer is only sampled when it runs out: a heartbeat early in a period still delays the next
    /// check by a whole one.
    /// </summary>
    public static Func<NodeState, Input, Transition> TimerIsOnlySampled()
    {
        var armed = new Dictionary<NodeId, Instant>();
        return (state, input) =>
        {
            var before = armed.GetValueOrDefault(state.Self);
            if (state.Role is Role.Follower && input.At >= state.ElectionDeadline) armed[state.Self] = input.At;
            return Sampled(state, input, before);
        };
    }

    private static Transition Sampled(NodeState state, Input input, Instant armed)
    {
        var runOut = state.Role is Role.Follower && input is Input.Tick && input.At >= state.ElectionDeadline;
        if (runOut && state.LeaderContact > armed) return new(Rearmed(state, input), [], []);

        var step = Raft.Step(state, input);
        var heartbeat = input is Input.Receive(_, Message.AppendEntries) && state.Role is Role.Follower;
        return heartbeat ? step with { State = step.State with { ElectionDeadline = state.ElectionDeadline } } : step;
    }

    private static NodeState Rearmed(NodeState state, Input input)
    {
        var (timeout, left) = state.Randomness.Between(state.Settings.ElectionTimeoutMin, state.Settings.ElectionTimeoutMax);
        return state with { Now = input.At, ElectionDeadline = input.At + timeout, Randomness = left };
    }

    /// <summary>Not of the lab code: the commit index follows the count of replicas, whatever the entry's term (§3.6.2).</summary>
    public static Transition EntriesOfAnyTermAreCounted(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        if (step.State.Role is not Role.Leader leader) return step;

        var counted = step.State.Configuration.Reached(voter =>
            voter == step.State.Self ? step.State.Durable : leader.Followers[voter].MatchIndex);
        return counted <= step.State.CommitIndex
            ? step
            : Saying(state, step.State with { CommitIndex = counted }, [.. step.Effects.Filter(effect => !IsDerived(effect))]);
    }

    /// <summary>Not of the lab code: what the disk says of the vote is not looked at after a restart (§3.8).</summary>
    public static Transition VotesAreForgottenAtRestarts(NodeState state, Input input) =>
        Raft.Step(state.Now == Instant.Zero ? state with { VotedFor = None } : state, input);

    /// <summary>Not of the lab code: a leader does not back up where a follower lacks what comes before (§3.5).</summary>
    public static Transition LeadersDoNotBackUp(NodeState state, Input input) =>
        input is Input.Receive(_, Message.AppendEntriesReply { Result: AppendResult.Conflict }) && state.Role is Role.Leader
            ? new(state with { Now = input.At }, [], [])
            : Raft.Step(state, input);

    /// <summary>Not of the lab code: whoever is asked to read does so, whatever it has (§6.4).</summary>
    public static Transition ReadsWaitForNothing(NodeState state, Input input) =>
        input is Input.Read(var requests)
            ? new(state with { Now = input.At }, Seq1<Effect>(new Effect.Read(requests)), [])
            : Raft.Step(state, input);

    private static Transition KeepVote(NodeState before, Transition step) =>
        Saying(before, step.State with { VotedFor = before.VotedFor }, [.. step.Effects.Filter(effect => !IsDerived(effect))]);

    private static bool IsDerived(Effect effect) => effect is Effect.Persist or Effect.Apply or Effect.RestoreSnapshot;

    private static Transition OnlyRaiseTheTerm(NodeState before, NodeState raised, Role.Candidate candidate)
    {
        var gap = raised.Now + TimeSpan.FromMilliseconds(30);
        return Saying(before, raised with
        {
            VotedFor = None,
            Role = candidate with { RetryDeadline = gap },
            ElectionDeadline = gap,
        });
    }

    /// <summary>As the follower that it still is, it may adopt a newer term and give its vote.</summary>
    private static Transition HearInBetween(NodeState state, Input input, Instant gap)
    {
        var candidate = (Role.Candidate)state.Role;
        var step = Raft.Step(state with { Role = new Role.Follower(None) }, input);
        return step with { State = step.State with { Role = candidate, ElectionDeadline = gap } };
    }

    private static Transition StandRegardless(NodeState state, Input input)
    {
        var candidate = (Role.Candidate)state.Role;
        var retry = input.At + state.Settings.HeartbeatInterval;
        var standing = Rearmed(state, input) with { VotedFor = state.Self, Role = candidate with { RetryDeadline = retry } };
        var requests = toSeq(state.Configuration.Members).Filter(member => member != state.Self)
            .Map(Effect (member) => new Effect.Send(member, new Message.RequestVote(standing.CurrentTerm, standing.LastLog)));
        return Saying(state, standing, [.. requests]);
    }

    private static Transition Saying(NodeState before, NodeState after, params Effect[] effects) =>
        new Transition(after, toSeq(effects), []).InOrder(since: before);
}
