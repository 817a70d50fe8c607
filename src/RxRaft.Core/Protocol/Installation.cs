using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>
/// A snapshot for a follower that needs what the leader's log no longer has: InstallSnapshot and its reply.
/// </summary>
/// <remarks>
/// §5.1. In parts, a few at a time, so that heartbeats are never held up behind it. When a heartbeat interval passes
/// without news, the part that seems to be lost is sent again, alone, until the follower answers, which may be down.
/// </remarks>
internal static class Installation
{
    /// <summary>From now on the follower gets the snapshot.</summary>
    public static Progress.Install Begin(NodeState state, Progress follower) =>
        new Progress.Install(
            follower.Answered, follower.MatchIndex, state.Snapshot, Received: 0, SentTo: 0, Moved: true);

    /// <summary>The log has lost its head: who was to get something from there gets the snapshot.</summary>
    public static Transition OnCompacted(NodeState state) =>
        state.Role is Leader leader
            ? leader.Followers.Fold(state.Stay(), (all, follower, progress) =>
                progress is Progress.Probe or Progress.Replicate
                && Tracking.NextIndex(progress).Previous < state.Log.Base.Index
                    ? all.Because(new Reason.SnapshotNeeded(follower, state.Snapshot.Last))
                        .Then(now => Send(now, follower, Begin(now, progress)))
                    : all)
            : state.Stay();

    /// <summary>With each heartbeat: what seems to be lost is sent again, and a newer snapshot begins anew.</summary>
    public static Transition Resume(NodeState state) =>
        state.Role is Leader leader
            ? leader.Followers.Fold(state.Stay(), (all, follower, progress) => progress is Progress.Install install
                ? all.Then(Resume, follower, install)
                : all)
            : state.Stay();

    /// <summary>As many parts as may be on their way.</summary>
    public static Transition Send(NodeState state, NodeId follower, Progress.Install install) =>
        Send(state, follower, install, state.Settings.Limits.MaxInflightChunks);

    private static Transition Send(NodeState state, NodeId follower, Progress.Install install, int window)
    {
        var (limits, size) = (state.Settings.Limits, install.Snapshot.Size);
        var round = state.Round.Next;
        var parts = Seq<Effect>();
        var next  = install.SentTo;
        var empty = size == 0 && install.Received == 0;
        var end   = Math.Min(size, install.Received + (long)window * limits.SnapshotChunkBytes);

        while (empty || next < end)
        {
            var length = (int)Math.Min(limits.SnapshotChunkBytes, size - next);
            parts = parts.Add(new Effect.SendChunk(follower, state.CurrentTerm, round, install.Snapshot, next, length));
            (next, empty) = (next + length, false);
        }

        return new(Remember(state, follower, install with { SentTo = next }) with { Round = round }, parts, []);
    }

    /// <summary>A leader sends a part: store it behind the parts before, and with the last install the whole.</summary>
    /// <param name="state">A node already in the request's term.</param>
    /// <returns>One reply, with what is here by now.</returns>
    public static Transition OnInstallSnapshot(NodeState state, NodeId leader, InstallSnapshot request)
    {
        Require(request.Term == state.CurrentTerm);
        Require(request.Offset >= 0 && request.Offset + request.Data.Length <= request.Snapshot.Size,
            "a part lies within its snapshot");

        var follower = Following.Follow(state, leader, request.Round);
        return request.Snapshot.Last.Index <= state.CommitIndex
            ? follower.Because(new Reason.SnapshotIgnored(leader, request.Snapshot.Last, state.CommitIndex))
                .Then(now => Reply(now, leader, request, request.Snapshot.Size, installed: true))
            : follower.Then(Store, leader, request);
    }

    /// <summary>The follower says how much it has: go on from there.</summary>
    /// <param name="state">A node in the reply's term.</param>
    public static Transition OnInstallSnapshotReply(NodeState state, NodeId from, InstallSnapshotReply reply)
    {
        if (state.Role is not Leader leader) return Ignore(IgnoreCause.NotAsking);
        if (leader.Followers.Find(from).Case is not Progress follower) return Ignore(IgnoreCause.NotAMember);
        if (follower is not Progress.Install install || reply.Last != install.Snapshot.Last)
            return Ignore(IgnoreCause.EarlierRound);

        // A part is read from the disk before it is sent: words said after it may be answered before. What the follower
        // had then it still has, unless a later answer says that it has less.
        var later    = reply.Round > install.Answered;
        var heard    = later ? install with { Answered = reply.Round } : install;
        var learned  = reply.Installed
            ? Tracking.From(state, heard with { MatchIndex = reply.Last.Index }, reply.Last.Index)
            : Learn(heard, reply.Received, later);
        var informed = leader with { Followers = leader.Followers.SetItem(from, learned) };
        var told     = Leadership.Confirm(state, informed);

        if (learned is not Progress.Install next)
            return told.Because(new Reason.FollowerMatched(from, learned.MatchIndex))
                .Then(Commitment.Advance).Then(Membership.Advance).Then(Replication.Flow);

        var needed = reply.Installed                                        // the log has lost more meanwhile
            ? told.Because(new Reason.SnapshotNeeded(from, next.Snapshot.Last))
            : told;
        return needed.Then(now => Send(now, from, next));

        Transition Ignore(IgnoreCause cause) => state.Because(new Reason.Ignored(from, reply, cause));
    }

    /// <summary>Who has moved since the last heartbeat is left in peace; who has not is sent one part.</summary>
    private static Transition Resume(NodeState state, NodeId follower, Progress.Install install)
    {
        var superseded = install.Snapshot.Last != state.Snapshot.Last;
        if (!install.Moved)
        {
            var lost = superseded ? Begin(state, install) : install with { SentTo = install.Received };
            return Send(state, follower, lost with { Moved = false }, window: 1);
        }

        return superseded
            ? Send(state, follower, Begin(state, install))
            : Remember(state, follower, install with { Moved = false }).Stay();
    }

    /// <summary>
    /// A follower that has less than it had has begun anew; but the answers to the parts of one round may overtake each
    /// other.
    /// </summary>
    private static Progress.Install Learn(Progress.Install install, long received, bool later) =>
        received > install.Received ? install with
        {
            Received = received,
            SentTo = Math.Max(received, install.SentTo),
            Moved = true,
        }
        : received < install.Received && later ? install with { Received = received, SentTo = received, Moved = true }
        : install;

    private static NodeState Remember(NodeState state, NodeId follower, Progress.Install install) =>
        state.Role is Leader leader
            ? state with { Role = leader with { Followers = leader.Followers.SetItem(follower, install) } }
            : state;

    private static Transition Store(NodeState state, NodeId leader, InstallSnapshot request)
    {
        var known = state.Compaction.Incoming.Filter(incoming => incoming.Snapshot.Equals(request.Snapshot));
        var here  = known.Map(incoming => incoming.Received).IfNone(0);
        if (request.Offset != here || (known.IsSome && request.Data.IsEmpty))
            return Reply(state, leader, request, here, installed: false);       // a part is missing, or comes twice

        var incoming = new Incoming(request.Snapshot, here + request.Data.Length);
        var stored = new Transition(
            state with { Compaction = state.Compaction with { Incoming = incoming } },
            Seq1<Effect>(new Effect.StoreChunk(request.Snapshot, request.Offset, request.Data)), []);

        return incoming.Received < request.Snapshot.Size
            ? stored.Then(now => Reply(now, leader, request, incoming.Received, installed: false))
            : stored.Then(Install, leader, request.Snapshot)
                .Then(now => Reply(now, leader, request, incoming.Received, installed: true));
    }

    /// <summary>What the log has after the snapshot's last entry stays, if it has that; else nothing does.</summary>
    private static Transition Install(NodeState state, NodeId leader, Snapshot snapshot)
    {
        var log = state.Log.OnTopOf(snapshot, snapshot.Last);
        var appliedSize = log.SizeThrough(snapshot.Last.Index);
        return (state with
        {
            Log = log,
            CommitIndex = snapshot.Last.Index,
            AppliedSize = appliedSize,
            Durable = LogIndex.Min(log.LastIndex, LogIndex.Max(state.Durable, snapshot.Last.Index)),
            Compaction = new CompactionState(state.Compaction.Taking, appliedSize, None),   // that one goes on
        })
        .Because(new Reason.SnapshotInstalled(leader, snapshot.Last, snapshot.Size))
        .Then(Disown)
        .Then(Reading.OnCommit);
    }

    /// <summary>What was passed on may be in the snapshot, and then nobody here learns what came of it.</summary>
    /// <remarks>
    /// §6.3. Another copy may come behind it, when the session has expired: its client must not take that one's outcome
    /// for all there was.
    /// </remarks>
    private static Transition Disown(NodeState state) =>
        state.Relayed.Proposals.IsEmpty
            ? state.Stay()
            : (state with { Relayed = state.Relayed with { Proposals = [] } })
                .Answer(toSeq(state.Relayed.Proposals.Keys), new Outcome.Unknown());

    private static Transition Reply(
        NodeState state, NodeId leader, InstallSnapshot request, long received, bool installed) =>
        state.Send(leader, new InstallSnapshotReply(
            state.CurrentTerm, request.Round, request.Snapshot.Last, received, installed));
}
