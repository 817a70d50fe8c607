using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Handing leadership over to a named node: the conversation of TimeoutNow.</summary>
/// <remarks>
/// §3.10. The target catches up, proposals meanwhile wait, and then it stands for election at once, without a
/// pre-election, and nobody holds a vote back because the old leader is alive. From then on the old leader counts on no
/// lease. To withdraw what it has said it goes on with a later round than it named: who has heard that lets nobody
/// pass, and once a quorum has, the leader may count on its lease again (§6.4.1).
/// </remarks>
internal static class Transferring
{
    /// <summary>More rounds than begin while a target stands.</summary>
    private const ulong Ahead = 1_000;

    /// <summary>An operator wants another leader.</summary>
    public static Transition OnTransferTo(NodeState state, RequestId request, NodeId target)
    {
        if (state.Role is not Leader leader) return state.Answer(request, new Outcome.NotLeader(state.LeaderId));
        if (target == state.Self) return state.Answer(request, new Outcome.Done());
        if (!state.Configuration.IsVoter(target))
            return state.Answer(request, new Outcome.Rejected($"{target} is no voter ({state.Configuration})"));
        if (leader.Office.Transfer.Case is Transfer other)
            return state.Answer(request, new Outcome.Rejected($"leadership is being handed over to {other.Target}"));

        var transfer = new Transfer(request, target, state.Now + state.Settings.ElectionTimeoutMax, Told: false, [], 0);
        return With(state, leader, leader.Office with { Transfer = transfer })
            .Because(new Reason.TransferBegun(state.Self, target))
            .Then(GoOn);
    }

    /// <summary>Once the target has the whole log, it is told.</summary>
    public static Transition GoOn(NodeState state) =>
        state.Role is Leader { Office.Transfer.Case: Transfer { Told: false } transfer } leader
        && leader.Followers.Find(transfer.Target).Exists(target => target.MatchIndex == state.Log.LastIndex)
            ? Tell(state, leader, transfer)
            : state.Stay();

    /// <summary>With each heartbeat: the message may be lost, and the target may be too.</summary>
    public static Transition Resume(NodeState state)
    {
        if (state.Role is not Leader { Office.Transfer.Case: Transfer transfer } leader) return state.Stay();

        return state.Now >= transfer.Deadline ? GiveUp(state, leader, transfer)
             : transfer.Told ? Tell(state, leader, transfer)
             : GoOn(state);
    }

    /// <summary>The leader wants us to lead.</summary>
    /// <param name="state">A node in the request's term.</param>
    /// <remarks>
    /// Only from the leader we follow, and not after a later word of it: it may count on its lease again by then. Who
    /// has just started may have forgotten one.
    /// </remarks>
    public static Transition OnTimeoutNow(NodeState state, NodeId leader, TimeoutNow request) =>
        state.Role is Follower && state.LeaderId.Exists(known => known == leader)
        && state.IsVoter && request.Round >= state.LeaderRound && !state.HasJustStarted
            ? Election.StandFor(state, leader, request.Round)
            : state.Because(new Reason.Ignored(leader, request, IgnoreCause.EarlierRound));

    /// <summary>The leader no longer leads. What it held back never was in the log.</summary>
    public static Transition Abandon(NodeState state, Office office)
    {
        if (office.Transfer.Case is not Transfer transfer) return state.Stay();

        var handed  = (transfer.Request, transfer.Target);
        var stands  = transfer.Told && state.VotedFor.Is(transfer.Target);
        var ended   = stands
            ? (state with { Relayed = state.Relayed with { HandedOver = handed } }).Stay()  // it may lose: wait and see
            : Answer(state, handed);
        var refused = new Outcome.NotLeader(state.LeaderId);
        return transfer.Held.Fold(ended, (told, held) =>
            held.From.Case is NodeId follower
                ? told.Send(follower, new ForwardReply(state.CurrentTerm, held.Proposal.Request, refused))
                : told.Answer(held.Proposal.Request, refused));
    }

    /// <summary>Whoever leads now, or nobody: the operator who asked for the target is told.</summary>
    public static Transition End(NodeState state, Relayed relayed) =>
        relayed.HandedOver.Case is (RequestId request, NodeId target) ? Answer(state, (request, target)) : state.Stay();

    /// <summary>No leader has been heard for an election timeout, the target neither.</summary>
    public static Transition GiveUpLate(NodeState state) =>
        state.Relayed.HandedOver.IsNone
            ? state.Stay()
            : End(state with { Relayed = state.Relayed with { HandedOver = None } }, state.Relayed);

    private static Transition Answer(NodeState state, (RequestId Request, NodeId Target) handed) =>
        state.Answer(handed.Request, state.LeaderId.Is(handed.Target) ? new Outcome.Done() : new Outcome.Unknown());

    private static Transition Tell(NodeState state, Leader leader, Transfer transfer)
    {
        var round  = new Round(checked(state.Round.Value + Ahead));
        var office = leader.Office with { Transfer = transfer with { Told = true }, Told = round };
        return With(state, leader, office)
            .Send(transfer.Target, new TimeoutNow(state.CurrentTerm, round))
            .Because(new Reason.TransferTold(state.Self, transfer.Target));
    }

    /// <summary>We go on leading, and take what waited, all of it before anybody is sent any.</summary>
    /// <remarks>A target that was told may still stand; one that was not never will.</remarks>
    private static Transition GiveUp(NodeState state, Leader leader, Transfer transfer) =>
        transfer.Held.Fold(
            (With(state, leader, leader.Office with { Transfer = None }) with { Round = Withdrawn(state, leader) })
                .Because(new Reason.TransferGivenUp(state.Self, transfer.Target))
                .Answer(transfer.Request, transfer.Told
                    ? new Outcome.Unknown()
                    : new Outcome.Rejected($"{transfer.Target} has not caught up within "
                        + $"{Say.Milliseconds(state.Settings.ElectionTimeoutMax)}")),
            (all, held) => all.Then(now => Clients.Enter(now, held.From, Seq1(held.Proposal))))
        .Then(Replication.Flow);

    /// <summary>The next round is later than any that a target was told.</summary>
    private static Round Withdrawn(NodeState state, Leader leader) =>
        state.Round > leader.Office.Told ? state.Round : leader.Office.Told;

    private static NodeState With(NodeState state, Leader leader, Office office) =>
        state with { Role = leader with { Office = office } };
}
