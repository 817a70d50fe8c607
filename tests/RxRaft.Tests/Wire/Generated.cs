using System.Linq;
using CsCheck;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>Messages of every kind, with everything in them that may be.</summary>
internal static class Generated
{
    public static readonly Gen<ulong> Number = Gen.OneOf(Gen.ULong[0, 3], Gen.ULong[0, 300], Gen.ULong, Gen.Const(ulong.MaxValue));
    public static readonly Gen<long> Size = Gen.OneOf(Gen.Long[0, 300], Gen.Long[0, long.MaxValue]);
    public static readonly Gen<Term> Term = Number.Select(value => new Term(value));
    private static readonly Gen<Round> Round = Number.Select(value => new Round(value));
    public static readonly Gen<LogIndex> Index = Number.Select(value => new LogIndex(value));
    public static readonly Gen<LogPosition> Position = Gen.Select(Term, Index, (term, index) => new LogPosition(term, index));
    public static readonly Gen<RequestId> Request = Gen.Select(Number, Number, (session, n) => new RequestId(new(session), n));
    private static readonly Gen<string> Words =
        Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char[' ', '~'], 0, 20], Gen.Const("größer als ∞ 🙂"));

    private static readonly Gen<ReadOnlyMemory<byte>> Bytes =
        Gen.OneOf(Gen.Byte.Array[0, 4], Gen.Byte.Array[0, 100], Gen.Byte.Array[64], Gen.Int[0, 50_000].Select(n => new byte[n]))
            .Select(bytes => (ReadOnlyMemory<byte>)bytes);

    public static readonly Gen<Configuration> Configuration =
        Gen.Select(Gen.ULong[0, 500].HashSet[0, 5], Gen.Int[0, 5], Gen.Int[0, 5], (all, first, second) =>
        {
            var ids      = all.Order().Select(id => new NodeId(id)).ToArray();
            var voters   = toSet(ids.Take(first));
            var next     = toSet(ids.Skip(second).Take(2));
            var others   = toSet(ids).Except(next.IsEmpty ? voters : next);
            return voters.IsEmpty ? RxRaft.Configuration.Nobody
                : next.IsEmpty ? (Configuration)new Configuration.Simple(voters, others)
                : new Configuration.Joint(voters, next, others);
        });

    public static readonly Gen<Payload> Command = Gen.Select(Request, Number, Bytes, (request, first, bytes) =>
        (Payload)new Payload.Command(request, first, bytes));

    public static readonly Gen<Payload> Register = Gen.Select(Request, Gen.Int[1, int.MaxValue], (request, most) =>
        (Payload)new Payload.Register(request, most));

    private static readonly Gen<Payload> Payload = Gen.Frequency(
        (6, Command), (1, Register), (1, Gen.Const((Payload)RxRaft.Payload.Noop.Instance)),
        (1, Configuration.Select(configuration => (Payload)new Payload.Configure(configuration))));

    private static readonly Gen<AppendResult> Result = Gen.OneOf(
        Index.Select(index => (AppendResult)new AppendResult.Success(index)),
        Index.Select(index => (AppendResult)new AppendResult.Full(index)),
        Position.Select(hint => (AppendResult)new AppendResult.Conflict(hint)),
        Gen.Const((AppendResult)new AppendResult.Blank()),
        Gen.Const((AppendResult)new AppendResult.StaleTerm()));

    private static readonly Gen<Outcome> Outcome = Gen.OneOf(
        Gen.Const((Outcome)new Outcome.Done()),
        Gen.Const((Outcome)new Outcome.NotLeader(None)),
        Number.Select(id => (Outcome)new Outcome.NotLeader(new NodeId(id))),
        Words.Select(words => (Outcome)new Outcome.Busy(words)),
        Gen.Const((Outcome)new Outcome.Unknown()),
        Words.Select(words => (Outcome)new Outcome.Rejected(words)));

    private static readonly Gen<Message> Append =
        Gen.Select(Term, Round, Position, Gen.Select(Gen.ULong[0, 3], Payload).Array[0, 30], Index,
            (term, round, previous, payloads, commit) =>
            {
                var before = previous with { Index = new(Math.Min(previous.Index.Value, ulong.MaxValue - 30)) };
                var entries = payloads.Select((entry, at) => new Entry(new(new(entry.Item1), before.Index + at + 1), entry.Item2));
                return (Message)new AppendEntries(term, round, before, toSeq(entries).Strict(), commit);
            });

    private static readonly Gen<Message> Install =
        Gen.Select(Term, Round, Gen.Select(Position, Configuration, Size), Size, Bytes, (term, round, of, before, bytes) =>
        {
            var size   = Math.Max(of.Item3, bytes.Length);
            var offset = Math.Min(before, size - bytes.Length);
            return (Message)new InstallSnapshot(term, round, new(of.Item1, of.Item2, size), offset, bytes);
        });

    /// <summary>Any message.</summary>
    public static readonly Gen<Message> Message = Gen.OneOf(
        Append, Append, Append, Install,
        Gen.Select(Term, Round, Position, (term, round, last) => (Message)new PreVote(term, round, last)),
        Gen.Select(Term, Round, Gen.Bool, (term, round, yes) => (Message)new PreVoteReply(term, round, yes)),
        Gen.Select(Term, Position, Gen.Bool, Round, (term, last, transfer, round) =>
            (Message)new RequestVote(term, last, transfer ? round : None)),
        Gen.Select(Term, Gen.Bool, (term, yes) => (Message)new RequestVoteReply(term, yes)),
        Gen.Select(Term, Round, Result, (term, round, result) => (Message)new AppendEntriesReply(term, round, result)),
        Gen.Select(Term, Round, Position, Size, Gen.Bool, (term, round, last, size, done) =>
            (Message)new InstallSnapshotReply(term, round, last, size, done)),
        Gen.Select(Term, Round, (term, round) => (Message)new TimeoutNow(term, round)),
        Gen.Select(Term, Round, (term, round) => (Message)new ReadIndex(term, round)),
        Gen.Select(Term, Round, Gen.Bool, Index, (term, round, some, index) =>
            (Message)new ReadIndexReply(term, round, some ? index : None)),
        Gen.Select(Term, Gen.OneOf(Command, Command, Register).Array[1, 20], (term, payloads) =>
            (Message)new Forward(term, toSeq(payloads.Select(payload => new Proposal(payload))).Strict())),
        Gen.Select(Term, Request, Outcome, (term, request, outcome) => (Message)new ForwardReply(term, request, outcome)));

    /// <summary>Equal in everything: a part of a snapshot is compared by its bytes.</summary>
    public static bool Same(Message a, Message b) =>
        a is InstallSnapshot one && b is InstallSnapshot other
            ? one.Data.Span.SequenceEqual(other.Data.Span) && one with { Data = default } == other with { Data = default }
            : a == b;
}
