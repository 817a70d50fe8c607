using System.Collections.Generic;

namespace RxRaft.Testing.Checking;

/// <summary>When nothing more goes wrong, somebody is elected, and commits: tried out from one state.</summary>
/// <remarks>
/// §3.4, §9.6, §6.2. From here on clocks run alike, every message that is on its way or sent takes a millisecond, and
/// every node draws its own timeouts. One run, always the same from the same state.
/// </remarks>
internal sealed class Healing(Stage stage, CheckOptions options, Layout at)
{
    private const int Inputs = 1000;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    /// <summary>What is wrong, if nobody has committed an entry of its term after a thousand inputs.</summary>
    public Finding? Fails(ReadOnlySpan<int> row)
    {
        var nodes = new (NodeState State, PersistentState Disk)[at.Nodes];
        for (var i = 0; i < nodes.Length; i++)
        {
            var part = stage.Node(row[i]);
            var drawn = part.State with { Randomness = Randomness.For((ulong)i, part.State.Self) };
            nodes[i] = (drawn.ResetElectionDeadline(), part.Disk);
        }

        var wire = new PriorityQueue<Letter, (Instant At, int Number)>();
        for (var i = 0; i < row[at.Count]; i++)
            wire.Enqueue(stage.Letter(row[at.Letters + i]).Letter, (Clocks.Noon + Latency, i));
        return Run(nodes, wire);
    }

    private Finding? Run((NodeState State, PersistentState Disk)[] nodes, PriorityQueue<Letter, (Instant, int)> wire)
    {
        for (var number = 0; number < Inputs; number++)
        {
            if (System.Array.Exists(nodes, node => HasCommitted(node.State))) return null;

            var (who, input) = Next(nodes, wire);
            var errand = new Errand(nodes[who].State, nodes[who].Disk, options.Step).Do(input);
            if (errand.Wrong.Case is Finding wrong) return wrong;

            nodes[who] = (errand.State, errand.Disk);
            for (var i = 0; i < errand.Sent.Count; i++)
                if (stage.Names.Knows(errand.Sent[i].To))
                    wire.Enqueue(errand.Sent[i], (input.At + Latency, (number + 1) * 100 + i));
        }

        return new Finding("Liveness", Say.Invariant(
            $"nothing went wrong any more, and after {Inputs} inputs nobody had been elected and committed"));
    }

    private static bool HasCommitted(NodeState state) =>
        state.Role is Role.Leader leader && state.CommitIndex >= leader.FirstIndex;

    private (int Who, Input Input) Next(
        (NodeState State, PersistentState Disk)[] nodes, PriorityQueue<Letter, (Instant At, int)> wire)
    {
        var first = 0;
        for (var i = 1; i < nodes.Length; i++)
            if (nodes[i].State.NextDeadline < nodes[first].State.NextDeadline) first = i;

        var deadline = Later(nodes[first].State.NextDeadline, nodes[first].State.Now);
        if (!wire.TryPeek(out var letter, out var due) || due.At > deadline)
            return (first, new Input.Tick { At = deadline });

        wire.Dequeue();
        var to = stage.Names.IndexOf(letter.To);
        return (to, new Input.Receive(letter.From, letter.Message) { At = Later(due.At, nodes[to].State.Now) });
    }

    private static Instant Later(Instant a, Instant b) => a > b ? a : b;
}
