using RxRaft.Protocol;

namespace RxRaft;

/// <summary>The algorithm: one node, one input, one step.</summary>
public static class Raft
{
    /// <summary>A node that has just started, and says so.</summary>
    /// <inheritdoc cref="NodeState.Boot"/>
    public static Transition Boot(
        NodeId self, Configuration configuration, Settings settings, PersistentState recovered)
    {
        var state = NodeState.Boot(self, configuration, settings, recovered);
        var started = new Reason.Started(self, state.CurrentTerm, state.VotedFor, state.LastLog);
        var warnings = settings.Warnings.Map(Reason (warning) => new Reason.Warned(warning));
        return new(state, [], started.Cons(warnings).Strict());
    }

    /// <summary>What a node becomes, and asks for, when something happens to it. Pure and total.</summary>
    /// <param name="state">The node before.</param>
    /// <param name="input">What happened, and when: not before <see cref="NodeState.Now"/>.</param>
    /// <exception cref="InvariantViolationException">
    /// A bug here, or a disk or wire that lied; the shell halts.
    /// </exception>
    public static Transition Step(NodeState state, Input input)
    {
        try
        {
            Require(input.At >= state.Now, "time does not go back");

            var transition = Happen(state with { Now = input.At }, input);
            Invariants.Hold(state, input, transition.State);            // Figure 3.2
            return transition.PersistFirst(since: state);               // §3.8: durable before said
        }
        catch (InvariantViolationException broken) when (broken.Input is null)
        {
            throw broken.On(state, input);
        }
    }

    private static Transition Happen(NodeState state, Input input) => input switch
    {
        Input.Tick => Tick(state),
        Input.Receive(var from, var message) => Receive(state, from, message),
        Input.Persisted persisted => Election.OnPersisted(state, persisted),
        _ => throw Unreachable.Case(input),
    };

    private static Transition Tick(NodeState state) =>
        state.Now < state.NextDeadline ? state.Stay() : Wake(state);        // early: sleep on

    private static Transition Wake(NodeState state) => state.Role switch
    {
        Role.Leader leader when state.QuorumIsSilent(leader) => Leadership.GiveUp(state, leader),
        Role.Leader leader => Replication.Heartbeat(state, leader),
        Role.Candidate asking when state.Now < state.ElectionDeadline => Election.AskAgain(state, asking),
        Role.Follower or Role.PreCandidate or Role.Candidate => PreVoting.Campaign(state),
        _ => throw Unreachable.Case(state.Role),
    };

    private static Transition Receive(NodeState state, NodeId from, Message message)
    {
        Require(message.Term.Value < ulong.MaxValue, "terms do not run out");
        if (message is Message.PreVote question) return PreVoting.OnPreVote(state, from, question); // changes no term
        if (message.Term == state.CurrentTerm) return Dispatch(state, from, message);
        if (message.Term < state.CurrentTerm) return Terms.OnStale(state, from, message);           // §3.3
        if (message is Message.RequestVote request && state.HoldsVoteBack)
            return Election.Disregard(state, from, request);                                        // §4.2.3

        return Terms.Adopt(state, from, message.Term).Then(now => Dispatch(now, from, message));    // §3.3
    }

    /// <summary>A message of the current term.</summary>
    private static Transition Dispatch(NodeState state, NodeId from, Message message) => message switch
    {
        Message.PreVoteReply reply => PreVoting.OnPreVoteReply(state, from, reply),
        Message.RequestVote request => Election.OnRequestVote(state, from, request),
        Message.RequestVoteReply reply => Election.OnRequestVoteReply(state, from, reply),
        Message.AppendEntries request => Replication.OnAppendEntries(state, from, request),
        Message.AppendEntriesReply reply => Replication.OnAppendEntriesReply(state, from, reply),
        Message.PreVote => throw Unreachable.Case(message),     // answered whatever its term
        _ => throw Unreachable.Case(message),
    };
}
