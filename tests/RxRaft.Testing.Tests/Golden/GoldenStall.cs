namespace RxRaft.Tests;

/// <summary>State machines that stand still, so that their nodes soon have no room for more entries.</summary>
/// <param name="step">The algorithm.</param>
internal sealed class GoldenStall(Func<NodeState, Input, Transition> step)
{
    private Set<NodeId> stalled = [];
    private Set<NodeId> resumed = [];

    /// <summary>From now on it applies nothing.</summary>
    public void Stall(NodeId node) => stalled = stalled.AddOrUpdate(node);

    /// <summary>It has caught up.</summary>
    public void Resume(NodeId node) => (stalled, resumed) = (stalled.Remove(node), resumed.AddOrUpdate(node));

    public Transition Step(NodeState state, Input input) =>
        stalled.Contains(state.Self) ? input is Input.Applied ? state.Stay() : step(state, input)
        : resumed.Contains(state.Self) ? step(Raft.Step(state, new Input.Applied(state.CommitIndex) { At = input.At }).State, input)
        : step(state, input);
}
