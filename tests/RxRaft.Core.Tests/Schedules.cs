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
    /// <summary>The term, vote and log that the node starts with.</summary>
    public static readonly PersistentState Disk = new(T(2), None, Logs.Of(1, 1, 2));

    public static NodeState Boot() => NodeState.Boot(S1, ClusterOf(3), Given.Settings, Disk);

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
            3 => new Input.Persisted(state.CurrentTerm, state.VotedFor) { At = at },
            _ => Letter(state, draw / 10) with { At = at },
        };
    }

    private static Input.Receive Letter(NodeState state, int draw)
    {
        var term = new Term(Math.Max(2, state.CurrentTerm.Value + (ulong)(draw / 4_000 % 5) - 1));
        var anyone = draw % 2 == 0 ? S2 : S3;
        return (draw / 2 % 12) switch
        {
            0 => new(anyone, new Message.PreVote(term, R(1), new LogPosition(term, Place(3)))),
            1 or 2 => new(anyone, new Message.PreVoteReply(state.CurrentTerm, state.Round, VoteGranted: true)),
            3 => new(anyone, new Message.PreVoteReply(term, state.Round, VoteGranted: false)),
            4 => new(anyone, new Message.RequestVote(term, new LogPosition(term, Place(3)))),
            5 or 6 => new(anyone, new Message.RequestVoteReply(state.CurrentTerm, VoteGranted: true)),
            7 => new(anyone, new Message.AppendEntriesReply(term, state.Round, new AppendResult.Conflict(At(1, 1)))),
            8 => new(anyone, new Message.AppendEntriesReply(term, state.Round, new AppendResult.Success(Place(3)))),
            _ => Append(state, term, draw),
        };
    }

    private static Input.Receive Append(NodeState state, Term wanted, int draw)
    {
        var term = state.Role is Role.Leader && wanted == state.CurrentTerm ? wanted.Next : wanted;
        var leader = term.Value % 2 == 0 ? S2 : S3;
        var log = Disk.Log.Append(Logs.Entries(after: 3, [.. Enumerable.Repeat(term.Value, (int)(term.Value % 4))]));
        var prev = Place((ulong)(draw % 7) % (log.LastIndex.Value + 1));
        var prevLog = log.PositionAt(prev);
        var entries = draw / 8 % 2 == 0 ? log.After(prev) : Seq<Entry>();

        return new(leader, new Message.AppendEntries(term, R(1), prevLog, entries, Place((ulong)(draw % 4))));
    }
}
