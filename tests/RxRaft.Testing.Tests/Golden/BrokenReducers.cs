namespace RxRaft.Tests;

/// <summary>Reducers without one rule each, to see that a conversation would change.</summary>
internal static class BrokenReducers
{
    /// <summary>Ballots get lost on the way into the urn (§3.4).</summary>
    public static Transition VotesAreNotCounted(NodeState state, Input input) =>
        input is Input.Receive(_, Message.RequestVoteReply) ? state.Stay() : Raft.Step(state, input);

    /// <summary>Everybody waits equally long for a leader (§3.4: "chosen randomly from a fixed interval").</summary>
    public static Transition TimeoutsAreNotRandom(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        return step.State.ElectionDeadline == state.ElectionDeadline ? step
            : step with { State = step.State with { ElectionDeadline = input.At + state.Settings.ElectionTimeoutMax } };
    }

    /// <summary>A leader that nobody answers leads on (§6.2).</summary>
    public static Transition LeadersNeverGiveUp(NodeState state, Input input) =>
        state.Role is Role.Leader leader
            ? Raft.Step(state with { Role = leader with { QuorumContact = input.At } }, input)
            : Raft.Step(state, input);

    /// <summary>No snapshot is ever taken (§5.1).</summary>
    public static Transition NoSnapshots(NodeState state, Input input) =>
        Raft.Step(state, input) is var step
            ? step with { Effects = step.Effects.Filter(effect => effect is not Effect.TakeSnapshot).Strict() }
            : default;

    /// <summary>Old voters no longer help to elect anybody once they have heard of new ones (§4.3).</summary>
    public static Transition OldVotersDoNotVote(NodeState state, Input input) =>
        input is Input.Receive(_, Message.PreVote or Message.RequestVote)
        && state.Configuration is Configuration.Joint joint && !joint.New.Contains(state.Self)
            ? state.Stay()
            : Raft.Step(state, input);

    /// <summary>A vote is held back from whom the leader itself has asked to stand (§4.2.3).</summary>
    public static Transition TransfersAreHeldBack(NodeState state, Input input) =>
        input is Input.Receive(var from, Message.RequestVote request)
            ? Raft.Step(state, new Input.Receive(from, request with { Transfer = None }) { At = input.At })
            : Raft.Step(state, input);

    /// <summary>A leader reads without asking whether it still leads (§6.4).</summary>
    public static Transition NobodyIsAskedBeforeReads(NodeState state, Input input) =>
        Raft.Step(state with { Settings = state.Settings with { LeaseReads = true } }, input);
}
