using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Heartbeats and log replication, the leader's side: AppendEntries out, and its replies in.</summary>
/// <remarks>
/// §3.5, §10.2.2. A heartbeat is an append that happens to carry no entries; nothing here asks whether it is one. The
/// follower's side is <see cref="Following"/>.
/// </remarks>
internal static class Replication
{
    /// <summary>Time for a round: to every follower, what it lacks as far as we know and its window allows.</summary>
    public static Transition Heartbeat(NodeState state, Leader leader)
    {
        var due = leader with { HeartbeatDeadline = state.Now + state.Settings.HeartbeatInterval };
        return Ask(state, due, Everybody).Then(Installation.Resume).Then(Flow);
    }

    /// <summary>Begins a round with every follower now, rather than with the next heartbeat.</summary>
    public static Transition AskAll(NodeState state) =>
        state.Role is Leader leader ? Ask(state, leader, Everybody) : state.Stay();

    /// <summary>Members that are new to the leader are spoken to at once.</summary>
    public static Transition Greet(NodeState state) =>
        state.Role is Leader leader && leader.Followers.Values.Exists(progress => IsNew(state, progress))
            ? Ask(state, leader, IsNew).Then(Flow)
            : Flow(state);

    /// <summary>
    /// Whoever can take something gets it: entries that fit into its window, or a newer commit index that it waits
    /// for.
    /// </summary>
    /// <remarks>
    /// §3.5: a leader "includes that index in future AppendEntries RPCs (including heartbeats) so that the other
    /// servers eventually find out". A message for that alone, and its answer, would be a third of all.
    /// </remarks>
    public static Transition Flow(NodeState state)
    {
        if (state.Role is not Leader leader) return state.Stay();

        var any = leader.Followers.Fold((state, Can: false), static (so, _, progress) =>
            (so.state, so.Can || CanTake(so.state, progress))).Can;
        return any ? Ask(state, leader, CanTake).Then(Flow) : state.Stay();
    }

    /// <summary>Clients of a follower wait until it knows that this is committed.</summary>
    /// <param name="state">A leader.</param>
    public static NodeState Awaited(NodeState state, NodeId follower, LogIndex index) =>
        state.Role is Leader leader && leader.Followers.Find(follower).Case is Progress.Replicate flowing
            ? state with
            {
                Role = leader with
                {
                    Followers = leader.Followers.SetItem(
                        follower, flowing with { Awaits = LogIndex.Max(index, flowing.Awaits) }),
                },
            }
            : state;

    /// <summary>A follower answered: learn from it where its log stands, and that it follows.</summary>
    /// <param name="state">A node in the reply's term.</param>
    /// <remarks>
    /// A refusal for its term answers an append from before this term, perhaps from before a restart that began to
    /// count rounds anew: its round is none of ours, and must not count as contact, or the lease would rest on a
    /// follower that never heard of us.
    /// </remarks>
    public static Transition OnAppendEntriesReply(NodeState state, NodeId from, AppendEntriesReply reply)
    {
        if (state.Role is not Leader leader) return Ignore(IgnoreCause.NotAsking);
        if (leader.Followers.Find(from).Case is not Progress follower) return Ignore(IgnoreCause.NotAMember);
        if (reply.Result is AppendResult.StaleTerm) return Ignore(IgnoreCause.EarlierTerm);
        if (reply.Round <= follower.Answered) return Ignore(IgnoreCause.EarlierRound);
        if (follower is Progress.Refused) return Ignore(IgnoreCause.Refused);
        if (reply.Result is AppendResult.Blank && state.Configuration.IsVoter(from))
            return state.Because(new Reason.FollowerRefused(from, follower.MatchIndex));

        var learned  = Tracking.Learn(state, follower, reply);
        var informed = leader with { Followers = leader.Followers.SetItem(from, learned) };

        return Leadership.Confirm(state, informed)
            .Then(Matched, from, follower, reply.Result is AppendResult.Conflict)
            .Then(Flow);

        Transition Ignore(IgnoreCause cause) => state.Because(new Reason.Ignored(from, reply, cause));
    }

    private static bool Everybody(NodeState state, Progress progress) => true;

    private static bool IsNew(NodeState state, Progress progress) =>
        progress is Progress.Probe probe && probe.Since == state.Round;

    private static bool CanTake(NodeState state, Progress progress)
    {
        if (progress is not Progress.Replicate flowing) return false;

        var entries = flowing.NextIndex <= state.Log.LastIndex && HasRoom(state.Settings.Limits, flowing);
        var commit  = flowing.InFlight.IsEmpty && flowing.CommitSent < state.CommitIndex
                      && flowing.CommitSent < flowing.Awaits;
        return entries || commit;
    }

    private static bool HasRoom(Limits limits, Progress.Replicate flowing) =>
        flowing.InFlight.Count < limits.MaxInflightAppends
        && InFlight(flowing) < limits.MaxInflightBytes;

    private static long InFlight(Progress.Replicate flowing)
    {
        var bytes = 0L;
        for (var i = 0; i < flowing.InFlight.Count; i++) bytes += flowing.InFlight[i].Size;
        return bytes;
    }

    /// <summary>
    /// What follows from where the follower stands now, at once rather than with the next heartbeat; but one that has
    /// no room is left in peace until then.
    /// </summary>
    private static Transition Matched(NodeState state, NodeId follower, Progress before, bool differs)
    {
        if (state.Role is not Leader leader) return state.Stay();

        var after = leader.Followers[follower];
        if (after.MatchIndex > before.MatchIndex)
            return Announce(state, follower, before, after).Then(Commitment.Advance).Then(Membership.Advance)
                .Then(Transferring.GoOn);

        return after switch
        {
            Progress.Probe probe when differs
                && probe.NextIndex < Tracking.NextIndex(before) && probe.Since > state.Round => state
                .Because(new Reason.BackedUp(follower, Tracking.NextIndex(before), probe.NextIndex))
                .Then(AskAgain, leader, probe),
            Progress.Install install when before is not Progress.Install => state
                .Because(new Reason.SnapshotNeeded(follower, install.Snapshot.Last))
                .Then(Installation.Send, follower, install),
            Progress.Refused when before is not Progress.Refused => state
                .Because(new Reason.FollowerRefused(follower, before.MatchIndex)),
            Progress.Probe or Progress.Replicate or Progress.Install or Progress.Refused =>
                Announce(state, follower, before, after),
            _ => throw Unreachable.Case(after),
        };
    }

    /// <summary>At its new place, and nobody else.</summary>
    private static Transition AskAgain(NodeState state, Leader leader, Progress.Probe probe) =>
        Ask(state, leader, (_, progress) => ReferenceEquals(progress, probe));

    private static Transition Announce(NodeState state, NodeId follower, Progress before, Progress after) =>
        before is Progress.Probe && after is Progress.Replicate match
            ? state.Because(new Reason.FollowerMatched(follower, match.MatchIndex))
            : state.Stay();

    /// <summary>Begins a round with some followers.</summary>
    private static Transition Ask(NodeState state, Leader leader, Func<NodeState, Progress, bool> whom)
    {
        var round = state.Round.Next;
        var told  = leader.Followers;
        var sends = Seq<Effect>();
        foreach (var (follower, before) in leader.Followers)
        {
            if (!whom(state, before)) continue;
            var (append, progress) = Append(state, leader, round, before);
            if (append is null) continue;

            sends = sends.With(new Effect.Send(follower, append));
            if (!ReferenceEquals(progress, before)) told = told.SetItem(follower, progress);
        }

        var asking = leader with { Followers = told, Rounds = Begun(state, leader.Rounds, round) };
        var asked  = new Transition(state with { Round = round, Role = asking }, sends, []);
        return state.Configuration is Configuration.Simple { Voters.Count: 1 }
            ? asked.Then(Leadership.Confirm, asking)            // a quorum of one has answered already
            : asked;
    }

    // Rounds that began within a fiftieth of a heartbeat count as begun with the first of them, so that there are few.
    private static Seq<(Round, Instant)> Begun(
        NodeState state, Seq<(Round Round, Instant Began)> rounds, Round round) =>
        !rounds.IsEmpty && state.Now - rounds[rounds.Count - 1].Began < state.Settings.HeartbeatInterval / 50
            ? rounds
            : rounds.With((round, state.Now));

    /// <summary>
    /// prevLogIndex and prevLogTerm from nextIndex; the entries from there on, once the logs are known to agree.
    /// </summary>
    private static (AppendEntries? Append, Progress Progress) Append(
        NodeState state, Leader leader, Round round, Progress follower) => follower switch
        {
            Progress.Probe probe => (AppendOf(state, round, probe.NextIndex.Previous,
                probe.NextIndex == leader.FirstIndex ? probe.NextIndex : probe.NextIndex.Previous), probe),
            Progress.Replicate flowing => NextOf(state, round, flowing),
            Progress.Install => (AppendOf(state, round, LogPosition.Zero, []), follower),           // only to be heard
            Progress.Refused => (null, follower),
            _ => throw Unreachable.Case(follower),
        };

    private static (AppendEntries, Progress) NextOf(NodeState state, Round round, Progress.Replicate flowing)
    {
        var limits = state.Settings.Limits;
        var after  = flowing.NextIndex.Previous;
        if (after == state.Log.LastIndex || !HasRoom(limits, flowing))
            return (AppendOf(state, round, after, after),
                flowing with { CommitSent = LogIndex.Min(after, state.CommitIndex) });

        var (last, size) = state.Log.Reach(after, limits.MaxAppendBytes);
        var append = AppendOf(state, round, after, last);
        return (append, flowing with
        {
            NextIndex = last.Next,
            InFlight = flowing.InFlight.With(new(last, size)),
            CommitSent = LogIndex.Min(last, state.CommitIndex),
        });
    }

    private static AppendEntries AppendOf(NodeState state, Round round, LogIndex after, LogIndex last) =>
        AppendOf(state, round, state.Log.PositionAt(after), state.Log.Between(after, last));

    private static AppendEntries AppendOf(NodeState state, Round round, LogPosition prevLog, Seq<Entry> entries) =>
        new(state.CurrentTerm, round, prevLog, entries,
            LogIndex.Min(state.CommitIndex, prevLog.Index + entries.Count));
}
