using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Reads that see everything that was committed when they were asked, without an entry in the log.</summary>
/// <remarks>
/// §6.4, the ReadIndex algorithm; §6.4.1, leases. Reads that come while a round is under way wait for it and share the
/// next, however many they are.
/// </remarks>
internal static class Reading
{
    /// <summary>Clients here want to read: a leader sees to it, a follower asks the leader.</summary>
    public static Transition OnRead(NodeState state, Seq<RequestId> requests) => state.Role switch
    {
        Leader leader => Take(state, requests, Waiting(leader), some =>
            Admit(state, leader, some.Map(Reader (request) => new Reader.Local(request)).Strict())),
        Follower { LeaderId.IsSome: true } => Take(state, requests, Waiting(state.Relayed), some =>
            AskLeader(state with
            {
                Relayed = state.Relayed with { NextReads = state.Relayed.NextReads.Concat(some).Strict() },
            })),
        Follower or PreCandidate or Candidate => state.Answer(requests, new Outcome.NotLeader(state.LeaderId)),
        _ => throw Unreachable.Case(state.Role),
    };

    /// <summary>A follower asks for its clients.</summary>
    /// <param name="state">A node in the request's term.</param>
    /// <returns>A reply, now or when a quorum has answered.</returns>
    public static Transition OnReadIndex(NodeState state, NodeId follower, ReadIndex request) =>
        state.Role is Leader leader && Waiting(leader) < state.Settings.Limits.MaxPendingReads
            ? Admit(state, leader, Seq1<Reader>(new Reader.Remote(follower, request.Round)))
            : state.Send(follower, new ReadIndexReply(state.CurrentTerm, request.Round, None));

    /// <summary>The leader told a follower what its reads must see.</summary>
    public static Transition OnReadIndexReply(NodeState state, NodeId from, ReadIndexReply reply)
    {
        var relayed = state.Relayed;
        if (!relayed.Asked.Exists(asked => asked.Round == reply.Round))
            return state.Because(new Reason.Ignored(from, reply, IgnoreCause.EarlierRound));

        var asked = state with { Relayed = relayed with { Asked = None, Asking = [] } };
        var heard = reply.Index.Case is LogIndex index
            ? OnCommit(asked with
            {
                Relayed = asked.Relayed with { Answered = relayed.Answered.Add((index, relayed.Asking)) },
            })
            : asked.Answer(relayed.Asking, new Outcome.NotLeader(state.LeaderId));
        return heard.Then(AskLeader);
    }

    /// <summary>More is committed here: reads that the leader has answered may see it.</summary>
    public static Transition OnCommit(NodeState state)
    {
        if (state.Relayed.Answered.IsEmpty) return state.Stay();

        var ready = state.Relayed.Answered.Filter(reads => reads.Index <= state.CommitIndex).Strict();
        var rest  = state.Relayed.Answered.Filter(reads => reads.Index > state.CommitIndex).Strict();
        return ready.IsEmpty ? state.Stay() : new(
            state with { Relayed = state.Relayed with { Answered = rest } },
            ready.Map(Effect (reads) => new Effect.Read(reads.Requests)).Strict(), []);
    }

    /// <summary>A quorum has answered a round: the reads that began with it, or before, may read.</summary>
    /// <param name="state">A leader.</param>
    /// <param name="reached">The latest round that a quorum has answered.</param>
    public static Transition OnConfirmed(NodeState state, Round reached)
    {
        if (state.Role is not Leader leader || leader.Office.Reads.IsEmpty) return state.Stay();

        var ready = leader.Office.Reads.Filter(reading => reading.Round <= reached).Strict();
        if (ready.IsEmpty) return state.Stay();

        var rest  = leader.Office.Reads.Filter(reading => reading.Round > reached).Strict();
        var going = state with { Role = leader with { Office = leader.Office with { Reads = rest } } };
        return ready.Fold(going.Stay(), (all, reading) => all.Then(now => Let(now, reading.Index, reading.Readers)))
            .Then(AskNext);
    }

    /// <summary>Begins the round of the reads that wait for one, unless another's is under way.</summary>
    /// <remarks>Only once the term's first entry is committed: before, a leader does not know what is (§6.4).</remarks>
    public static Transition AskNext(NodeState state)
    {
        if (state.Role is not Leader leader || state.CommitIndex < leader.FirstIndex) return state.Stay();
        if (leader.Office is not { NextReads.IsEmpty: false, Reads.IsEmpty: true } office) return state.Stay();

        var reading = new PendingReads(state.Round.Next, state.CommitIndex, office.NextReads);
        var asking  = leader with { Office = office with { NextReads = [], Reads = Seq1(reading) } };
        return Replication.AskAll(state with { Role = asking });
    }

    /// <summary>What a follower's reads end with when it hears of no leader, or of another.</summary>
    public static Transition Abandon(NodeState state, Relayed relayed) =>
        state.Answer(
            relayed.Asking.Concat(relayed.NextReads).Concat(relayed.Answered.Bind(reads => reads.Requests)),
            new Outcome.NotLeader(state.LeaderId));

    /// <summary>The leader's own, when it no longer leads.</summary>
    public static Transition Abandon(NodeState state, Office office) =>
        state.Answer(
            office.Reads.Bind(reading => reading.Readers).Concat(office.NextReads)
                .Bind(reader => reader is Reader.Local local ? Seq1(local.Request) : []),
            new Outcome.NotLeader(state.LeaderId));

    /// <summary>A question that was not answered for an election timeout is lost: its clients ask again.</summary>
    public static Transition GiveUpLate(NodeState state) =>
        state.Relayed.Asked.Exists(asked => state.Now >= asked.Deadline)
            ? (state with { Relayed = state.Relayed with { Asked = None, Asking = [] } })
                .Answer(state.Relayed.Asking, new Outcome.NotLeader(state.LeaderId)).Then(AskLeader)
            : state.Stay();

    private static Transition Admit(NodeState state, Leader leader, Seq<Reader> readers)
    {
        var leased = state.Settings.LeaseReads && state.LeaseEnd.Exists(end => state.Now < end)
                     && state.CommitIndex >= leader.FirstIndex;
        if (leased) return Let(state, state.CommitIndex, readers);

        var office = leader.Office with { NextReads = leader.Office.NextReads.Concat(readers).Strict() };
        return AskNext(state with { Role = leader with { Office = office } });
    }

    private static Transition Let(NodeState state, LogIndex index, Seq<Reader> readers)
    {
        var local = readers.Bind(reader => reader is Reader.Local here ? Seq1(here.Request) : []).Strict();
        var reads = local.IsEmpty ? Seq<Effect>() : Seq1<Effect>(new Effect.Read(local));
        var told  = readers.Fold(new Transition(state, reads, []), (all, reader) =>
            reader is Reader.Remote(var follower, var round)
                ? (all with { State = Replication.Awaited(all.State, follower, index) })
                    .Send(follower, new ReadIndexReply(state.CurrentTerm, round, index))
                : all);
        return local.Count == readers.Count ? told : told.Then(Replication.Flow);
    }

    private static Transition AskLeader(NodeState state)
    {
        if (state.Relayed is not { NextReads.IsEmpty: false, Asked.IsNone: true } relayed) return state.Stay();
        if (state.LeaderId.Case is not NodeId leader) return state.Stay();

        // Drawn, not counted: counting begins anew with each start, and an answer that was meant for the life before
        // would let these reads see less than was committed when they were asked. Drawing begins anew, too, where the
        // seed is given; so what is drawn is mixed with the leader's round, which has gone on, and with the moment.
        var (drawn, rest) = state.Randomness.Next();
        var round = new Round(Randomness.Mixed(
            drawn, state.LeaderRound.Value, (ulong)state.Now.SinceStart.Ticks));
        var asked = (round, state.Now + state.Settings.ElectionTimeoutMax);
        return (state with
        {
            Randomness = rest,
            Relayed = relayed with { Asked = asked, Asking = relayed.NextReads, NextReads = [] },
        }).Send(leader, new ReadIndex(state.CurrentTerm, round));
    }

    private static Outcome.Busy Busy(NodeState state) =>
        new(Say.Invariant($"{nameof(Limits.MaxPendingReads)} is {state.Settings.Limits.MaxPendingReads}"));

    /// <summary>As many as there is room for, in the order of asking; the others are refused.</summary>
    private static Transition Take(
        NodeState state, Seq<RequestId> requests, int waiting, Func<Seq<RequestId>, Transition> take)
    {
        var room = Math.Max(0, state.Settings.Limits.MaxPendingReads - waiting);
        if (requests.Count <= room) return take(requests);

        var refused = state.Answer(requests.LastOf(requests.Count - room), Busy(state));
        return room == 0 ? refused : refused.Then(_ => take(requests.FirstOf(room)));
    }

    private static int Waiting(Leader leader) =>
        leader.Office.NextReads.Count + leader.Office.Reads.Sum(reading => reading.Readers.Count);

    private static int Waiting(Relayed relayed) =>
        relayed.NextReads.Count + relayed.Asking.Count + relayed.Answered.Sum(reads => reads.Requests.Count);
}
