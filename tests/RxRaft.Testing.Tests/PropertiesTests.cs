using System.Linq;

namespace RxRaft.Tests;

/// <summary>What must hold of a whole cluster, of steps that no cluster would take.</summary>
public class PropertiesTests
{
    private static readonly NodeId[] Nodes = [new(1), new(2), new(3)];

    [Fact]
    public void A_leader_lacks_what_was_committed_though_a_later_term_has_heard_of_less()
    {
        var properties = new Properties(new Nowhere());

        properties.Check(Commits(Booted(Nodes[0], term: 1, entries: 10), through: 10));
        properties.Check(Commits(Booted(Nodes[1], term: 2, entries: 5), through: 5));
        Assert.True(properties.Violation.IsNone);
        properties.Check(Elected(Nodes[2], term: 3, entries: 5));

        var broken = properties.Violation.Case as PropertyViolationException;
        Assert.Equal("Leader Completeness", broken?.Property);
        Assert.Contains("without T1#10", broken?.Message);
    }

    private static NodeState Booted(NodeId node, ulong term, int entries) => Raft.Boot(
        node, Configuration.Of(1, 2, 3), Settings.Default with { Seed = 1 },
        Disks.Of(term, None, [.. Enumerable.Repeat(1ul, entries)])).State;

    private static WorldEvent.Stepped Commits(NodeState node, ulong through) =>
        new(TimeSpan.Zero, node.Self, node, new(node with { CommitIndex = new LogIndex(through) }, [], []));

    /// <summary>The step in which a node becomes the leader of a term.</summary>
    private static WorldEvent.Stepped Elected(NodeId node, ulong term, int entries)
    {
        var state = Booted(node, term - 1, entries);
        while (state.Role is not Role.PreCandidate) state = Step(state, new Input.Tick { At = state.NextDeadline });
        state = Step(state, Heard(new Message.PreVoteReply(state.CurrentTerm, state.Round, VoteGranted: true)));
        state = Step(state, new Input.Persisted(state.CurrentTerm, state.VotedFor, state.LastLog) { At = state.Now });

        var step = Raft.Step(state, Heard(new Message.RequestVoteReply(state.CurrentTerm, VoteGranted: true)));
        return new(TimeSpan.Zero, node, state, step);

        Input.Receive Heard(Message message) => new(Nodes[0], message) { At = state.Now };
    }

    private static NodeState Step(NodeState state, Input input) => Raft.Step(state, input).State;

    private sealed class Nowhere : IWitnessed
    {
        public ulong Seed => 0;

        public TimeSpan Now => TimeSpan.Zero;

        public Seq<NodeId> LeaseHolders => [];

        public NodeState StateOf(NodeId node) => Booted(node, term: 0, entries: 0);

        public PersistentState Durable(NodeId node) => PersistentState.Fresh;

        public TimeSpan TimeLeft(NodeId node, Instant until) => TimeSpan.Zero;
    }
}
