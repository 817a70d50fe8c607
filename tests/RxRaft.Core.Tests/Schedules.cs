using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>Anything that can happen to one node, in any order: mostly nonsense, and a node has to bear it.</summary>
/// <remarks>
/// The senders are honest in what a node would halt without, and should: a term has one leader, S2 or S3 as it is
/// even or odd; its log is our disk's at the start, which is committed, then a few entries of its own, which are not.
/// </remarks>
internal static class Schedules
{
    private static readonly Settings Settings = Given.Settings with
    {
        Snapshots = new() { Entries = 1, Trailing = 1 },
        Limits = new() { SnapshotChunkBytes = 2, MaxInflightChunks = 2 },
    };

    /// <summary>The term, vote and log that the node starts with.</summary>
    public static readonly PersistentState Disk = new(
        T(2), None, Logs.Of(1, 1, 2).OnTopOf(Snapshot.Beginning(ClusterOf(3)), LogPosition.Zero));

    public static NodeState Boot() => Raft.Boot(S1, ClusterOf(3), Settings, Disk).State;

    public static Gen<Schedule> Of(int steps) =>
        Gen.Int[0, 1_000_000].Array[0, steps].Select(draws => new Schedule(draws));

    public static string Print(Schedule schedule) => $"draws {string.Join(", ", schedule.Draws)}";

    /// <summary>A list of draws, read as inputs by the state that each meets.</summary>
    internal sealed record Schedule(int[] Draws)
    {
        public IEnumerable<(Input Input, Transition Step)> Run()
        {
            var state = Boot();
            foreach (var draw in Draws)
            {
                var input = Happening(state, draw);
                var step = Raft.Step(state, input);
                yield return (input, step);
                state = step.State;
            }
        }
    }

    private static Input Happening(NodeState state, int draw)
    {
        var at = state.Now + Ms(draw / 100 % 40);
        return (draw % 10) switch
        {
            0 => new Input.Tick { At = at },
            1 or 2 => new Input.Tick { At = state.NextDeadline > state.Now ? state.NextDeadline : state.Now },
            3 when draw / 10 % 2 == 0 => new Input.Persisted(state.CurrentTerm, state.VotedFor, state.LastLog) { At = at },
            3 => Clients(state, draw / 20) with { At = at },
            _ => Letter(state, draw / 10) with { At = at },
        };
    }

    private static Input Clients(NodeState state, int draw) => (draw % 7) switch
    {
        0 or 1 => new Input.Propose(Seq1(Samples.Proposal((ulong)draw))),
        2 => new Input.Read(Seq1(Samples.Request((ulong)draw))),
        3 => new Input.TransferTo(Samples.Request((ulong)draw), S2),
        4 when state.Compaction.Taking.Case is LogPosition last =>
            new Input.Snapshotted(new Snapshot(last, state.Configuration, Size: 3)),
        _ => new Input.Applied(state.CommitIndex),
    };

    private static Input.Receive Letter(NodeState state, int draw)
    {
        var term = new Term(Math.Max(2, state.CurrentTerm.Value + (ulong)(draw / 4_000 % 5) - 1));
        var anyone = draw % 2 == 0 ? S2 : S3;
        return (draw / 2 % 16) switch
        {
            0 => new(anyone, new Message.PreVote(term, R(1), new LogPosition(term, Place(3)))),
            1 or 2 => new(anyone, new Message.PreVoteReply(state.CurrentTerm, state.Round, VoteGranted: true)),
            3 => new(anyone, new Message.PreVoteReply(term, state.Round, VoteGranted: false)),
            4 => new(anyone, new Message.RequestVote(term, new LogPosition(term, Place(3)))),
            5 or 6 => new(anyone, new Message.RequestVoteReply(state.CurrentTerm, VoteGranted: true)),
            7 => new(anyone, new Message.AppendEntriesReply(term, state.Round, new AppendResult.Conflict(At(1, 1)))),
            8 => new(anyone, new Message.AppendEntriesReply(term, state.Round, new AppendResult.Success(Place(3)))),
            9 => Relayed(state, anyone, term, draw / 32),
            10 => Install(state, term, draw),
            _ => Append(state, term, draw),
        };
    }

    private static Input.Receive Relayed(NodeState state, NodeId from, Term term, int draw) => (draw % 6) switch
    {
        0 => new(from, new Message.ReadIndex(term, R(1))),
        1 => new(from, new Message.ReadIndexReply(term, state.Question(), Place(3))),
        2 => new(from, new Message.Forward(term, Seq1(Samples.Proposal((ulong)draw)))),
        3 => new(from, new Message.ForwardReply(term, Samples.Request((ulong)draw), new Outcome.NotLeader(None))),
        4 => new(from, new Message.AppendEntriesReply(term, state.Round, new AppendResult.Full(Place(3)))),
        _ => new(LeaderOf(OtherThan(state, term)), new Message.TimeoutNow(OtherThan(state, term), R(2))),
    };

    private static Input.Receive Install(NodeState state, Term wanted, int draw)
    {
        var term = OtherThan(state, wanted);
        var snapshot = new Snapshot(At(2, 3), ClusterOf(3), Size: 3);
        var offset = draw / 32 % 3;
        return new(LeaderOf(term), new Message.InstallSnapshot(term, R(1), snapshot, offset, new byte[3 - offset]));
    }

    private static Term OtherThan(NodeState state, Term term) =>
        state.Role is Role.Leader && term == state.CurrentTerm ? term.Next : term;

    private static NodeId LeaderOf(Term term) => term.Value % 2 == 0 ? S2 : S3;

    private static Input.Receive Append(NodeState state, Term wanted, int draw)
    {
        var term = OtherThan(state, wanted);
        var leader = LeaderOf(term);
        var log = Disk.Log.Append(Logs.Entries(after: 3, [.. Enumerable.Repeat(term.Value, (int)(term.Value % 4))]));
        var prev = Place((ulong)(draw % 7) % (log.LastIndex.Value + 1));
        var prevLog = log.PositionAt(prev);
        var entries = draw / 8 % 2 == 0 ? log.After(prev) : Seq<Entry>();

        return new(leader, new Message.AppendEntries(term, R(1), prevLog, entries, Place((ulong)(draw % 4))));
    }
}
