using System.Collections.Generic;

namespace RxRaft.Testing.Checking;

/// <summary>
/// When nothing more goes wrong, somebody is elected, and commits at every voter what it is asked then: tried out from
/// one state.
/// </summary>
/// <remarks>
/// §3.4, §9.6, §6.2. From here on clocks run alike, every message that is on its way or sent takes a millisecond, and
/// every node draws its own timeouts. One run, always the same from the same state. What was committed before proves
/// nothing, so a client asks every new leader for something more.
/// </remarks>
internal sealed class Healing(Stage stage, CheckOptions options, Layout at)
{
    private const int Inputs = 1000;
    private const ulong Request = 1;                            // not one that the search asks
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    /// <summary>What is wrong, if no new entry is committed at every voter after a thousand inputs.</summary>
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
        var asked = Option<LogPosition>.None;
        for (var number = 0; number < Inputs; number++)
        {
            if (asked.Case is LogPosition entry && IsEverywhere(entry, nodes)) return null;

            var leader = System.Array.FindIndex(nodes, node => TakesProposals(node.State, asked));
            var (who, input) = leader < 0 ? Next(nodes, wire) : (leader, Proposal(nodes[leader].State));
            var errand = new Errand(nodes[who].State, nodes[who].Disk, options.Step).Do(input);
            if (errand.Wrong.Case is Finding wrong) return wrong;

            nodes[who] = (errand.State, errand.Disk);
            if (leader >= 0) asked = errand.State.LastLog;
            for (var i = 0; i < errand.Sent.Count; i++)
                if (stage.Names.Knows(errand.Sent[i].To))
                    wire.Enqueue(errand.Sent[i], (input.At + Latency, (number + 1) * 100 + i));
        }

        return new Finding("Liveness", Say.Invariant(
            $"nothing went wrong any more, and after {Inputs} inputs nobody had been elected and committed"));
    }

    /// <summary>Whether it leads a later term than whoever was asked before it.</summary>
    private static bool TakesProposals(NodeState state, Option<LogPosition> asked) =>
        state.Role is Role.Leader { Office.Transfer.IsNone: true } leader && state.CommitIndex >= leader.FirstIndex
        && asked.ForAll(entry => entry.Term < state.CurrentTerm);

    private static Input.Propose Proposal(NodeState leader) =>
        new(Seq1(new Proposal(new Payload.Command(new RequestId(SessionId.None, Request), 0, new byte[1]))))
        {
            At = leader.Now,
        };

    /// <summary>Whether every voter of the leader that was asked has it committed.</summary>
    private static bool IsEverywhere(LogPosition entry, (NodeState State, PersistentState Disk)[] nodes) =>
        System.Array.Find(nodes, node => node.State.Role is Role.Leader && node.State.CurrentTerm == entry.Term)
            .State is { } leader
        && System.Array.TrueForAll(nodes, node => !leader.Configuration.IsVoter(node.State.Self)
            || (node.State.CommitIndex >= entry.Index && node.State.Log.Contains(entry)));

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
