namespace RxRaft.Testing.Checking;

/// <summary>What of a node counts, when two states of the cluster are compared: all but its settings.</summary>
internal static class NodePrint
{
    /// <summary>A node whose clock stands at noon, and its disk.</summary>
    public static Print Of(this Print print, NodeState state, PersistentState disk)
    {
        print.Node(state.Self).Word(state.CurrentTerm.Value).Node(state.VotedFor).Of(state.Log)
            .Word(state.CommitIndex.Value).Word(state.LastApplied.Value).Word(state.Durable.Value)
            .Of(state.Role)
            .Word(state.LeaderTerm.Value).Word(state.LeaderRound.Value).Word(state.Round.Value)
            .Of(state.Compaction).Word(state.AppliedSize - state.Compaction.SizeAtSnapshot).Of(state.Relayed);
        var written = ReferenceEquals(disk.Log, state.Log)
                      && disk.CurrentTerm == state.CurrentTerm && disk.VotedFor.Same(state.VotedFor);
        return written ? print.Word(1UL) : print.Of(disk, state);
    }

    public static Print Of(this Print print, Log log) => print
        .Of(log.Snapshot).Place(log.Base)
        .All(log.After(log.Base.Index), static (to, entry) => to.Of(entry));

    public static Print Of(this Print print, Entry entry) => print.Place(entry.Position).Of(entry.Payload);

    public static Print Of(this Print print, Configuration configuration) => configuration switch
    {
        Configuration.Simple simple => print.Word(1UL).Of(simple.Voters).Of(simple.Learners),
        Configuration.Joint joint => print.Word(2UL).Of(joint.Old).Of(joint.New).Of(joint.Learners),
        _ => throw Unreachable.Case(configuration),
    };

    public static Print Of(this Print print, Snapshot snapshot) =>
        print.Place(snapshot.Last).Of(snapshot.Configuration).Word(snapshot.Size);

    public static Print Of(this Print print, Set<NodeId> nodes) => print.Any(nodes, static (to, node) => to.Node(node));

    /// <summary>A disk that is not as the node's state is, or not known to be.</summary>
    private static Print Of(this Print print, PersistentState disk, NodeState state) =>
        disk.CurrentTerm == state.CurrentTerm && disk.VotedFor.Same(state.VotedFor) && disk.Log.Equals(state.Log)
            && disk.Log.Snapshot.Equals(state.Log.Snapshot)
            ? print.Word(1UL)
            : print.Word(2UL).Word(disk.CurrentTerm.Value).Node(disk.VotedFor).Of(disk.Log);

    private static Print Of(this Print print, Payload payload) => payload switch
    {
        Payload.Noop => print.Word(1UL),
        Payload.Command command => print.Word(2UL).Request(command.Request)
            .Word(command.FirstUnanswered).Bytes(command.Bytes),
        Payload.Register register => print.Word(3UL).Request(register.Request).Word((long)register.MaxSessions),
        Payload.Configure configure => print.Word(4UL).Of(configure.Configuration),
        _ => throw Unreachable.Case(payload),
    };

    private static Print Of(this Print print, Role role) => role switch
    {
        Role.Follower follower => print.Word(1UL).Node(follower.LeaderId),
        Role.PreCandidate asking => print.Word(2UL).Word(asking.Round.Value).Of(asking.Votes),
        Role.Candidate asking => print.Word(3UL).Of(asking.Votes).Word(asking.RetryDeadline.SinceStart.Ticks)
            .Word(asking.Transfer.Match(round => round.Value + 1, () => 0UL)),
        Role.Leader leader => print.Word(4UL).Word(leader.FirstIndex.Value)
            .Any(leader.Followers.AsEnumerable(), static (to, one) => to.Node(one.Key).Of(one.Value))
            .Of(leader.Office),
        _ => throw Unreachable.Case(role),
    };

    private static Print Of(this Print print, Map<NodeId, bool> votes) =>
        print.Any(votes.AsEnumerable(), static (to, vote) => to.Node(vote.Key).Word(vote.Value));

    private static Print Of(this Print print, Progress progress)
    {
        print.Word(progress.Answered.Value).Word(progress.MatchIndex.Value);
        return progress switch
        {
            Progress.Probe probe => print.Word(1UL).Word(probe.NextIndex.Value).Word(probe.Since.Value),
            Progress.Replicate flowing => print.Word(2UL).Word(flowing.NextIndex.Value)
                .All(flowing.InFlight, static (to, sent) => to.Word(sent.Last.Value).Word(sent.Size))
                .Word(flowing.CommitSent.Value).Word(flowing.Awaits.Value),
            Progress.Install install => print.Word(3UL).Of(install.Snapshot).Word(install.Received)
                .Word(install.SentTo).Word(install.Moved),
            Progress.Refused => print.Word(4UL),
            _ => throw Unreachable.Case(progress),
        };
    }

    private static Print Of(this Print print, Office office)
    {
        print.All(office.Reads, static (to, reads) =>
                to.Word(reads.Round.Value).Word(reads.Index.Value).All(reads.Readers, Reader))
            .All(office.NextReads, Reader).Word(office.Told.Value);
        if (office.Change.Case is Change change)
            print.Word(1UL).Request(change.Request).Of(change.Voters).Of(change.Learners);
        if (office.Transfer.Case is Transfer transfer)
            print.Word(2UL).Request(transfer.Request).Node(transfer.Target).Word(transfer.Told)
                .All(transfer.Held, static (to, held) => to.Node(held.From).Of(held.Proposal.Payload));
        return print;
    }

    private static void Reader(Print to, Reader reader) => _ = reader switch
    {
        Reader.Local local => to.Word(1UL).Request(local.Request),
        Reader.Remote remote => to.Word(2UL).Node(remote.Follower).Word(remote.Round.Value),
        _ => throw Unreachable.Case(reader),
    };

    private static Print Of(this Print print, CompactionState compaction)
    {
        if (compaction.Taking.Case is LogPosition taking) print.Word(1UL).Place(taking);
        if (compaction.Incoming.Case is Incoming incoming)
            print.Word(2UL).Of(incoming.Snapshot).Word(incoming.Received);
        return print;
    }

    private static Print Of(this Print print, Relayed relayed)
    {
        if (ReferenceEquals(relayed, Relayed.Nothing)) return print.Word(0UL);

        print.Any(relayed.Proposals.Keys, static (to, request) => to.Request(request));
        if (relayed.Asked.Case is (Round round, Instant)) print.Word(1UL).Word(round.Value);
        if (relayed.HandedOver.Case is (RequestId request, NodeId target))
            print.Word(2UL).Request(request).Node(target);
        return print
            .All(relayed.Asking, static (to, request) => to.Request(request))
            .All(relayed.NextReads, static (to, request) => to.Request(request))
            .All(relayed.Answered, static (to, reads) =>
                to.Word(reads.Index.Value).All(reads.Requests, static (on, request) => on.Request(request)));
    }
}
