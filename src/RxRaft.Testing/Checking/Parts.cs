using System.Collections.Generic;
using System.Threading;

namespace RxRaft.Testing.Checking;

/// <summary>One of the things that a state of the cluster is put together from: there is only one of each.</summary>
/// <param name="id">Counted from 0, in the order in which they were met.</param>
/// <param name="prints">Its hash under each permutation of the nodes' names.</param>
internal abstract class Part(int id, ulong[] prints)
{
    public int Id => id;

    public ulong[] Prints => prints;
}

/// <summary>A node at noon, and its disk.</summary>
internal sealed class NodePart(int id, ulong[] prints, NodeState state, PersistentState disk, int log)
    : Part(id, prints)
{
    public NodeState State => state;

    public PersistentState Disk => disk;

    /// <summary>Of its log: two nodes have the same if their logs are the same.</summary>
    public int Log => log;

    /// <summary>No crash takes the node back behind it.</summary>
    public int Term { get; } = (int)disk.CurrentTerm.Value;

    public bool Leads { get; } = state.Role is Role.Leader;

    /// <summary>Whether a client's read is more than refused here, and joins no others that wait to be asked.</summary>
    public bool TakesReads { get; } = state.LeaderId.IsSome && state.Relayed.NextReads.IsEmpty;

    /// <summary>Whether something waits here that is given up when it is heard too late.</summary>
    public bool GivesUp { get; } = !ReferenceEquals(state.Relayed, Relayed.Nothing)
        && (state.Relayed.Asked.IsSome || !state.Relayed.Proposals.IsEmpty);

    public int Length { get; } = (int)state.Log.LastIndex.Value;

    /// <summary>What its clock can bring.</summary>
    public Alarm[] Alarms { get; } = AlarmsOf(state);

    private static Alarm[] AlarmsOf(NodeState state) => state.Role switch
    {
        Role.Leader { Office: { Change.IsNone: true, Transfer.IsNone: true } } => [Alarm.Heartbeat, Alarm.Quorum],
        Role.Leader => [Alarm.Heartbeat, Alarm.LateHeartbeat, Alarm.Quorum],
        Role.Candidate asking when asking.RetryDeadline < state.ElectionDeadline => [Alarm.Election, Alarm.Retry],
        Role.Follower or Role.PreCandidate or Role.Candidate => [Alarm.Election],
        _ => throw Unreachable.Case(state.Role),
    };
}

/// <summary>A message on its way.</summary>
internal sealed class LetterPart(int id, ulong[] prints, Letter letter, int from, int to) : Part(id, prints)
{
    public Letter Letter => letter;

    public int From => from;

    public int To => to;

    /// <summary>How late it may come, as far as that matters.</summary>
    public bool TestsPatience { get; } = letter.Message is Message.PreVote or Message.RequestVote;

    public bool IsReply { get; } = letter.Message is Message.PreVoteReply or Message.RequestVoteReply
        or Message.AppendEntriesReply or Message.InstallSnapshotReply or Message.ReadIndexReply;

    public bool IsOfLeader { get; } = letter.Message is Message.AppendEntries or Message.InstallSnapshot;
}

/// <summary>Every part there is, by its hash of 128 bits: here a collision is out of the question.</summary>
internal sealed class Catalogue<T> where T : Part
{
    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, T> known = [];
    private T[] all = new T[1024];
    private int count;

    public int Count => Volatile.Read(ref count);

    public T this[int id] => Volatile.Read(ref all)[id];

    /// <summary>The one with this hash; made, if it is new, of its id.</summary>
    public T Find(UInt128 print, Func<int, T> make)
    {
        lock (gate)
        {
            if (known.TryGetValue(print, out var old)) return old;

            var part = make(count);
            if (count == all.Length)
            {
                var more = new T[2 * count];
                System.Array.Copy(all, more, count);
                Volatile.Write(ref all, more);
            }

            all[count] = part;
            known.Add(print, part);
            Volatile.Write(ref count, count + 1);
            return part;
        }
    }
}
