using Google.Protobuf;
using Kind = RxRaft.Proto.Kind;
using OutcomeKind = RxRaft.Proto.ForwardReply.Types.Outcome;

namespace RxRaft;

/// <summary>The messages that are not frequent, as they are sent.</summary>
internal static class Rare
{
    /// <summary>As what a message is sent.</summary>
    public static Kind KindOf(Message message) => message switch
    {
        Message.PreVote => Kind.PreVote,
        Message.PreVoteReply => Kind.PreVoteReply,
        Message.RequestVote => Kind.RequestVote,
        Message.RequestVoteReply => Kind.RequestVoteReply,
        Message.AppendEntries => Kind.AppendEntries,
        Message.AppendEntriesReply => Kind.AppendEntriesReply,
        Message.InstallSnapshot => Kind.InstallSnapshot,
        Message.InstallSnapshotReply => Kind.InstallSnapshotReply,
        Message.TimeoutNow => Kind.TimeoutNow,
        Message.ReadIndex => Kind.ReadIndex,
        Message.ReadIndexReply => Kind.ReadIndexReply,
        Message.Forward => Kind.Forward,
        Message.ForwardReply => Kind.ForwardReply,
        _ => throw Unreachable.Case(message),
    };

    /// <summary>The message without its attachment.</summary>
    public static IMessage Of(Message message) => message switch
    {
        Message.PreVote(var term, var round, var last) =>
            new Proto.PreVote { Term = term.Value, Round = round.Value, LastLog = Of(last) },
        Message.PreVoteReply(var term, var round, var granted) =>
            new Proto.PreVoteReply { Term = term.Value, Round = round.Value, VoteGranted = granted },
        Message.RequestVote request => Of(request),
        Message.RequestVoteReply(var term, var granted) =>
            new Proto.RequestVoteReply { Term = term.Value, VoteGranted = granted },
        Message.InstallSnapshot part => Of(part),
        Message.InstallSnapshotReply reply => Of(reply),
        Message.TimeoutNow(var term, var round) => new Proto.TimeoutNow { Term = term.Value, Round = round.Value },
        Message.ReadIndex(var term, var round) => new Proto.ReadIndex { Term = term.Value, Round = round.Value },
        Message.ReadIndexReply reply => Of(reply),
        Message.ForwardReply reply => Of(reply),
        Message.AppendEntries or Message.AppendEntriesReply or Message.Forward => throw Unreachable.Case(message),
        _ => throw Unreachable.Case(message),
    };

    private static Proto.RequestVote Of(Message.RequestVote request)
    {
        var sent = new Proto.RequestVote { Term = request.Term.Value, LastLog = Of(request.LastLog) };
        request.Transfer.IfSome(round => sent.Transfer = round.Value);
        return sent;
    }

    private static Proto.InstallSnapshot Of(Message.InstallSnapshot part)
    {
        var (voters, next, learners) = Configurations.Parts(part.Snapshot.Configuration);
        var configuration = new Proto.Configuration();
        Configurations.Put(configuration.Voters, voters);
        Configurations.Put(configuration.NextVoters, next);
        Configurations.Put(configuration.Learners, learners);
        return new()
        {
            Term          = part.Term.Value,
            Round         = part.Round.Value,
            Last          = Of(part.Snapshot.Last),
            Configuration = configuration,
            Size          = part.Snapshot.Size,
            Offset        = part.Offset,
        };
    }

    private static Proto.InstallSnapshotReply Of(Message.InstallSnapshotReply reply) => new()
    {
        Term      = reply.Term.Value,
        Round     = reply.Round.Value,
        Last      = Of(reply.Last),
        Received  = reply.Received,
        Installed = reply.Installed,
    };

    private static Proto.ReadIndexReply Of(Message.ReadIndexReply reply)
    {
        var sent = new Proto.ReadIndexReply { Term = reply.Term.Value, Round = reply.Round.Value };
        reply.Index.IfSome(index => sent.Index = index.Value);
        return sent;
    }

    private static Proto.ForwardReply Of(Message.ForwardReply reply)
    {
        var (outcome, leader, words) = Parts(reply.Outcome);
        var sent = new Proto.ForwardReply
        {
            Term     = reply.Term.Value,
            Session  = reply.Request.Session.Value,
            Sequence = reply.Request.Sequence,
            Outcome  = outcome,
            Words    = words,
        };
        leader.IfSome(node => sent.Leader = node.Value);
        return sent;
    }

    private static (OutcomeKind Kind, Option<NodeId> Leader, string Words) Parts(Outcome outcome) => outcome switch
    {
        Outcome.Done => (OutcomeKind.Done, None, ""),
        Outcome.NotLeader(var leader) => (OutcomeKind.NotLeader, leader, ""),
        Outcome.Busy(var limit) => (OutcomeKind.Busy, None, limit),
        Outcome.Unknown => (OutcomeKind.Unknown, None, ""),
        Outcome.Rejected(var reason) => (OutcomeKind.Rejected, None, reason),
        _ => throw Unreachable.Case(outcome),
    };

    private static Proto.Position Of(LogPosition position) =>
        new() { Term = position.Term.Value, Index = position.Index.Value };
}
