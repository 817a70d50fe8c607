using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Clients' proposals: into the log, to the leader, or back with an outcome.</summary>
/// <remarks>
/// §6. A proposal that is in the log is answered by the state machine that applies it, at the node that was asked; the
/// log itself is the table of what is pending. What is applied twice, because a client tried again, the sessions in the
/// state machine's state see to (§6.3).
/// </remarks>
internal static class Clients
{
    /// <summary>Clients here propose.</summary>
    public static Transition OnPropose(NodeState state, Seq<Proposal> proposals) => state.Role switch
    {
        Leader leader => Admit(state, leader, None, proposals),
        Follower { LeaderId.Case: NodeId leader } when state.Settings.ForwardProposals =>
            Relay(state, leader, proposals),
        Follower or PreCandidate or Candidate =>
            Answer(state, None, proposals, new Outcome.NotLeader(state.LeaderId)),
        _ => throw Unreachable.Case(state.Role),
    };

    /// <summary>A follower passes on what its clients propose.</summary>
    /// <param name="state">A node in the request's term.</param>
    public static Transition OnForward(NodeState state, NodeId follower, Message.Forward request) =>
        state.Role is Leader leader
            ? Admit(state, leader, follower, request.Proposals)
            : Answer(state, follower, request.Proposals, new Outcome.NotLeader(state.LeaderId));

    /// <summary>The leader did not take a proposal, as it came in one message.</summary>
    /// <remarks>
    /// The wire may deliver the message twice: a leader that is busy, or leads no more, may have taken the other copy
    /// before, or take it later. Only what it rejects it rejects each time.
    /// </remarks>
    public static Transition OnForwardReply(NodeState state, NodeId from, ForwardReply reply) =>
        state.Relayed.Proposals.ContainsKey(reply.Request)
            ? (state with { Relayed = Without(state.Relayed, reply.Request) }).Answer(
                reply.Request, reply.Outcome is Outcome.Rejected ? reply.Outcome : new Outcome.Unknown())
            : state.Because(new Reason.Ignored(from, reply, IgnoreCause.NotAsking));

    /// <summary>Proposals become entries, all in one append, or are refused one by one.</summary>
    /// <param name="state">A leader that is not about to hand over.</param>
    /// <param name="from">The follower they came from, or none if from here.</param>
    public static Transition Append(NodeState state, Option<NodeId> from, Seq<Proposal> proposals) =>
        Enter(state, from, proposals).Then(Replication.Flow);

    /// <summary>The same, before anybody is sent anything.</summary>
    public static Transition Enter(NodeState state, Option<NodeId> from, Seq<Proposal> proposals)
    {
        var (taken, refused) = Sift(state, from, proposals, held: 0, heldSize: 0);
        var entries = new Entry[taken.Count];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new Entry(new(state.CurrentTerm, state.Log.LastIndex + (i + 1)), taken[i].Payload);

        var entered = state with { Log = state.Log.Append(toSeq(entries)) };
        return Refuse(
            from.Case is NodeId follower ? Replication.Awaited(entered, follower, entered.Log.LastIndex) : entered,
            refused);
    }

    /// <summary>Who asked a leader that is gone is told, whether it was this node or another.</summary>
    /// <param name="after">The node after the step.</param>
    /// <param name="before">Before it.</param>
    public static Transition Settle(NodeState after, NodeState before)
    {
        var office = before.Role is Leader led && after.Role is not Leader
            ? EndOf(before, led.Office, after)
            : after.Stay();

        return ReferenceEquals(after.Relayed, Relayed.Nothing)
               || (after.CurrentTerm == before.CurrentTerm && after.LeaderId.Same(before.LeaderId))
            ? office
            : office.Then(now => Abandon(now, now.Relayed));
    }

    /// <summary>
    /// Forwarded proposals and questions that have waited for too long: they, or the answers, are lost.
    /// </summary>
    /// <param name="state">A follower that has just heard its leader.</param>
    public static Transition GiveUpLate(NodeState state)
    {
        if (ReferenceEquals(state.Relayed, Relayed.Nothing)) return state.Stay();

        var late = state.Relayed.Proposals.Filter(deadline => state.Now >= deadline);
        var left = late.Keys.Fold(state.Relayed, Without);
        return (state with { Relayed = left }).Answer(toSeq(late.Keys), new Outcome.Unknown())
            .Then(Reading.GiveUpLate);
    }

    /// <summary>What is applied here is answered by the state machine: it is no longer ours to answer.</summary>
    /// <param name="relayed">Those of a follower.</param>
    /// <param name="entries">Newly committed.</param>
    public static Relayed Applied(Relayed relayed, Seq<Entry> entries) =>
        relayed.Proposals.IsEmpty
            ? relayed
            : entries.Fold(relayed, (left, entry) =>
                entry.Payload.RequestId.Match(request => Without(left, request), left));

    /// <summary>An answer for a client here, or a message to the node that it asked.</summary>
    private static Effect Answering(NodeState state, Option<NodeId> from, Proposal proposal, Outcome outcome) =>
        from.Case is NodeId follower
            ? new Effect.Send(follower, new ForwardReply(state.CurrentTerm, proposal.Request, outcome))
            : new Effect.Answer(proposal.Request, outcome);

    private static Transition Answer(NodeState state, Option<NodeId> from, Seq<Proposal> proposals, Outcome outcome) =>
        new(state, proposals.Map(proposal => Answering(state, from, proposal, outcome)).Strict(), []);

    private static Transition Admit(NodeState state, Leader leader, Option<NodeId> from, Seq<Proposal> proposals) =>
        leader.Office.Transfer.Case is Transfer transfer
            ? Hold(state, leader, transfer, from, proposals)
            : Append(state, from, proposals);

    /// <summary>Until it is decided who leads; but no more than the log would take.</summary>
    private static Transition Hold(
        NodeState state, Leader leader, Transfer transfer, Option<NodeId> from, Seq<Proposal> proposals)
    {
        var (taken, refused) = Sift(state, from, proposals, transfer.Held.Count, transfer.HeldSize);
        var holding = transfer with
        {
            Held = transfer.Held.Concat(taken.Map(proposal => (from, proposal))).Strict(),
            HeldSize = transfer.HeldSize + taken.Sum(proposal => (long)Entry.SizeOf(proposal.Payload)),
        };
        return Refuse(
            state with { Role = leader with { Office = leader.Office with { Transfer = holding } } }, refused);
    }

    /// <summary>Those that the limits let in, in the order of asking, and a word to each of the others.</summary>
    /// <param name="state">A leader.</param>
    /// <param name="from">The follower they came from, or none if from here.</param>
    /// <param name="proposals">All of them.</param>
    /// <param name="held">How many wait already, beside the log.</param>
    /// <param name="heldSize">Of the entries that those would be, in bytes.</param>
    private static (Seq<Proposal> Taken, Seq<Effect> Refused) Sift(
        NodeState state, Option<NodeId> from, Seq<Proposal> proposals, long held, long heldSize)
    {
        var (taken, refused) = (proposals, Seq<Effect>());                  // all of them, as long as none is refused
        var backlog = state.Backlog + heldSize;
        var pending = (long)(state.Log.LastIndex.Value - state.LastApplied.Value) + held;
        for (var i = 0; i < proposals.Count; i++)
        {
            var proposal = proposals[i];
            if (Refusal(state.Settings.Limits, proposal, backlog, pending).Case is Outcome outcome)
            {
                if (refused.IsEmpty) taken = proposals.FirstOf(i);
                refused = refused.Add(Answering(state, from, proposal, outcome));
                continue;
            }

            if (!refused.IsEmpty) taken = taken.With(proposal);
            (backlog, pending) = (backlog + Entry.SizeOf(proposal.Payload), pending + 1);
        }

        return (taken, refused);
    }

    private static Transition Refuse(NodeState state, Seq<Effect> refused) =>
        refused.IsEmpty
            ? state.Stay()
            : new(state, refused, Seq1<Reason>(new Reason.ProposalsRefused(refused.Count)));

    private static Transition Relay(NodeState state, NodeId leader, Seq<Proposal> proposals)
    {
        var twice = proposals.Filter(MayComeTwice).Strict();
        if (twice.Count == proposals.Count) return Forward(state, leader, proposals);

        var once = proposals.Filter(proposal => !MayComeTwice(proposal)).Strict();
        return Answer(state, None, once, new Outcome.NotLeader(leader))
            .Then(now => twice.IsEmpty ? now.Stay() : Forward(now, leader, twice));
    }

    /// <summary>
    /// A wire may deliver twice what is forwarded: a command without a session would be applied twice (§6.3).
    /// </summary>
    private static bool MayComeTwice(Proposal proposal) =>
        proposal.Payload is not Payload.Command { Request.Session.Value: 0 };

    private static Transition Forward(NodeState state, NodeId leader, Seq<Proposal> proposals) =>
        Take(state, None, proposals, state.Relayed.Proposals.Count, some =>
        {
            var deadline = state.Now + state.Settings.ElectionTimeoutMax;
            var waiting  = some.Fold(state.Relayed.Proposals, (all, each) => all.AddOrUpdate(each.Request, deadline));
            return (state with { Relayed = state.Relayed with { Proposals = waiting } })
                .Send(leader, new Message.Forward(state.CurrentTerm, some));
        });

    /// <summary>As many as there is room for, in the order of asking; the others are refused.</summary>
    private static Transition Take(
        NodeState state, Option<NodeId> from, Seq<Proposal> proposals, int waiting,
        Func<Seq<Proposal>, Transition> take)
    {
        var most = state.Settings.Limits.MaxPendingProposals;
        var room = Math.Max(0, most - waiting);
        if (proposals.Count <= room) return take(proposals);

        var refused = Answer(state, from, proposals.LastOf(proposals.Count - room),
            Busy(nameof(Limits.MaxPendingProposals), most));
        return room == 0 ? refused : refused.Then(_ => take(proposals.FirstOf(room)));
    }

    private static Option<Outcome> Refusal(Limits limits, Proposal proposal, long backlog, long pending) =>
        proposal.Payload.Size > limits.MaxCommandBytes
            ? new Outcome.Rejected($"the command has {Say.Invariant($"{proposal.Payload.Size}")} bytes, and "
                + Say.Invariant($"{nameof(Limits.MaxCommandBytes)} is {limits.MaxCommandBytes}"))
        : backlog > limits.MaxBacklogBytes ? Busy(nameof(Limits.MaxBacklogBytes), limits.MaxBacklogBytes)
        : pending >= limits.MaxPendingProposals ? Busy(nameof(Limits.MaxPendingProposals), limits.MaxPendingProposals)
        : Option<Outcome>.None;

    private static Outcome.Busy Busy(string limit, long value) => new(Say.Invariant($"{limit} is {value}"));

    /// <summary>What is in the log may still be committed by the next leader, or overwritten.</summary>
    private static Transition EndOf(NodeState before, Office office, NodeState after)
    {
        var told = Reading.Abandon(after, office)
            .Then(Transferring.Abandon, office)
            .Then(Membership.Abandon, office);
        var unknown = new Outcome.Unknown();
        for (var place = before.CommitIndex.Next; place <= before.Log.LastIndex; place = place.Next)
        {
            var entry = before.Log[place];
            if (entry.Term != before.CurrentTerm || entry.Payload.RequestId.Case is not RequestId request) continue;
            var applied = place > after.Snapshot.Last.Index && place <= after.CommitIndex
                          && after.Log.Contains(entry.Position);
            if (!applied) told = told.Answer(request, unknown);
        }

        return told;
    }

    private static Transition Abandon(NodeState state, Relayed relayed) =>
        (state with { Relayed = Relayed.Nothing }).Answer(toSeq(relayed.Proposals.Keys), new Outcome.Unknown())
            .Then(Reading.Abandon, relayed)
            .Then(Transferring.End, relayed);

    private static Relayed Without(Relayed relayed, RequestId request) =>
        relayed.Proposals.ContainsKey(request)
            ? relayed with { Proposals = relayed.Proposals.Remove(request) }
            : relayed;
}
