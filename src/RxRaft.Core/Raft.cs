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
        return new Transition(state, [], started.Cons(warnings).Strict()).InOrder(since: AsRecovered(state, recovered));
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

            var now = input.At == state.Now ? state : state with { Now = input.At };
            var transition = Happen(now, input)
                .Then(Clients.Settle, state);                           // nobody waits for a leader that is gone
            Invariants.Hold(state, input, transition.State);            // Figure 3.2
            return transition.InOrder(since: state);                    // §3.8: durable before said, and applied
        }
        catch (InvariantViolationException broken) when (broken.Input is null)
        {
            throw broken.On(state, input);
        }
    }

    /// <summary>
    /// What the first step is held against: the log as it is on disk, and nothing applied. So a founding configuration
    /// is written, and a snapshot restored.
    /// </summary>
    private static NodeState AsRecovered(NodeState state, PersistentState recovered) =>
        state with { Log = recovered.Log, CommitIndex = LogIndex.Zero };

    private static Transition Happen(NodeState state, Input input) => input switch
    {
        Input.Tick => Tick(state),
        Input.Receive(var from, var message) => Receive(state, from, message),
        Input.Persisted persisted => Election.OnPersisted(state, persisted)
            .Then(Commitment.OnPersisted, persisted.LastLog),
        Input.Propose(var proposals) => Clients.OnPropose(state, proposals),
        Input.Read(var requests) => Reading.OnRead(state, requests),
        Input.Reconfigure(var request, var change) => Membership.OnReconfigure(state, request, change),
        Input.TransferTo(var request, var target) => Transferring.OnTransferTo(state, request, target),
        Input.Applied(var index) => Compaction.OnApplied(state, index),
        Input.Snapshotted(var snapshot) => Compaction.OnSnapshotted(state, snapshot),
        _ => throw Unreachable.Case(input),
    };

    private static Transition Tick(NodeState state) =>
        state.Now < state.NextDeadline ? state.Stay() : Wake(state);        // early: sleep on

    private static Transition Wake(NodeState state) => state.Role switch
    {
        Role.Leader leader when state.QuorumIsSilent(leader) => Leadership.GiveUp(state, leader),
        Role.Leader leader => Leadership.Beat(state, leader),
        Role.Candidate asking when state.Now < state.ElectionDeadline => Election.AskAgain(state, asking),
        Role.Follower or Role.PreCandidate or Role.Candidate =>
            PreVoting.Campaign(state).Then(Transferring.GiveUpLate),
        _ => throw Unreachable.Case(state.Role),
    };

    private static Transition Receive(NodeState state, NodeId from, Message message)
    {
        Require(message.Term.Value < ulong.MaxValue, "terms do not run out");
        if (message is Message.PreVote question) return PreVoting.OnPreVote(state, from, question); // changes no term
        if (message.Term == state.CurrentTerm) return Dispatch(state, from, message);
        if (message.Term < state.CurrentTerm) return Terms.OnStale(state, from, message);           // §3.3
        if (message is Message.RequestVote request && state.HoldsVoteBack && !state.LetsPass(request))
            return Election.Disregard(state, from, request);                                        // §4.2.3

        return Terms.Adopt(state, from, message.Term).Then(Dispatch, from, message);              // §3.3
    }

    /// <summary>A message of the current term.</summary>
    private static Transition Dispatch(NodeState state, NodeId from, Message message) => message switch
    {
        Message.PreVoteReply reply => PreVoting.OnPreVoteReply(state, from, reply),
        Message.RequestVote request => Election.OnRequestVote(state, from, request),
        Message.RequestVoteReply reply => Election.OnRequestVoteReply(state, from, reply),
        Message.AppendEntries request => Following.OnAppendEntries(state, from, request),
        Message.AppendEntriesReply reply => Replication.OnAppendEntriesReply(state, from, reply),
        Message.InstallSnapshot request => Installation.OnInstallSnapshot(state, from, request),
        Message.InstallSnapshotReply reply => Installation.OnInstallSnapshotReply(state, from, reply),
        Message.TimeoutNow request => Transferring.OnTimeoutNow(state, from, request),
        Message.ReadIndex question => Reading.OnReadIndex(state, from, question),
        Message.ReadIndexReply reply => Reading.OnReadIndexReply(state, from, reply),
        Message.Forward request => Clients.OnForward(state, from, request),
        Message.ForwardReply reply => Clients.OnForwardReply(state, from, reply),
        Message.PreVote => throw Unreachable.Case(message),     // answered whatever its term
        _ => throw Unreachable.Case(message),
    };
}
