using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>§6.3: sessions against a plain model; how entries are cut into batches makes no difference.</summary>
public class SessionsModelTests
{
    private const int Most = 3;

    [Fact]
    public void However_entries_are_cut_into_batches_replica_snapshot_and_answers_are_the_same() =>
        Gen.Select(Draws, Gen.Int[1, 20].Array[1, 10]).Sample((draws, cuts) =>
        {
            var entries = Entries(draws);
            var (one, told) = OneByOne(entries);

            var (replica, answers, at) = (Replica.Of(Diary.Machine), new List<Option<Outcome<string?>>>(), 0);
            for (var i = 0; at < entries.Length; at += cuts[i++ % cuts.Length])
            {
                var batch = toSeq(entries.Skip(at).Take(cuts[i % cuts.Length])).Strict();
                (replica, var outcomes) = Diary.Machine.Apply(replica, batch);
                answers.AddRange(outcomes);
            }

            Assert.Equal(one, replica);
            Assert.Equal(told, answers);
            Assert.Equal(Bytes(one), Bytes(replica));
        }, iter: 300);

    [Fact]
    public void Who_asks_for_the_replica_in_between_gets_a_value_that_stays_and_changes_nothing() =>
        Gen.Select(Draws, Gen.Int[1, 20].Array[1, 10]).Sample((draws, cuts) =>
        {
            var entries = Entries(draws);
            var (applying, seen) = (Replica.Of(Diary.Machine).Begin(), new List<Replica<string, string?>>());
            for (var (at, i) = (0, 0); at < entries.Length; at++)
            {
                Diary.Machine.Apply(applying, entries[at]);
                if (at % cuts[i++ % cuts.Length] == 0) seen.Add(applying.Replica);
            }

            Assert.All(seen, replica => Assert.Equal(OneByOne(entries[..(int)replica.Applied.Value]).Replica, replica));
            Assert.Equal(OneByOne(entries).Replica, applying.Replica);
        }, iter: 100);

    [Fact]
    public void A_client_that_has_many_commands_under_way_for_long_is_told_what_the_model_tells_it()
    {
        const int window = 700;
        var (model, applying) = (new SessionsModel(Most), Replica.Of(Diary.Machine).Begin());
        var place = 0UL;
        Check(new Payload.Register(Samples.Request(1), Most));

        for (var number = 1UL; number <= 3_000; number++)
        {
            Check(Diary.Write(new(1), number, "x", number > window ? number - window : 1));
            if (number % 100 == 0) Check(Diary.Write(new(1), number - number % 300 / 2, "again", 1));
        }

        Assert.Equal(model.State, applying.State);
        Assert.Equal(model.Sessions[1].Results.Keys, applying.Replica.Sessions.ById[new(1)].Results.BySequence.Keys);

        void Check(Payload payload)
        {
            var entry = new Entry(At(1, ++place), payload);
            Assert.Equal(model.Apply(entry), Diary.Machine.Apply(applying, entry));
        }
    }

    [Fact]
    public void Whatever_numbers_clients_use_sessions_answer_as_plain_dictionaries_do() => Draws.Sample(draws =>
    {
        var entries = Entries(draws);
        var model = new SessionsModel(Most);
        var told = entries.Select(model.Apply).ToList();

        var (replica, answers) = OneByOne(entries);

        Assert.Equal(told, answers);
        Assert.Equal(model.State, replica.State);
        Assert.Equal(model.Sessions.Keys, replica.Sessions.ById.Keys.Select(id => id.Value));
        foreach (var (id, session) in replica.Sessions.ById)
        {
            var known = model.Sessions[id.Value];
            Assert.Equal((known.LastUsed, known.First), (session.LastUsed, session.Results.FirstUnanswered));
            Assert.Equal(
                known.Results.Select(one => (one.Key, one.Value)),
                session.Results.BySequence.Select(one => (one.Key, one.Value.Result)));
        }
    }, iter: 300);

    [Fact]
    public void What_is_read_from_a_snapshot_goes_on_as_what_was_written() => Draws.Sample(draws =>
    {
        var entries = Entries(draws);
        var half = toSeq(entries.Take(entries.Length / 2)).Strict();
        var rest = toSeq(entries.Skip(entries.Length / 2)).Strict();
        var written = Diary.Machine.Apply(Replica.Of(Diary.Machine), half).Replica;

        var read = ReplicaFormat.Read(Diary.Machine, Bytes(written));

        Assert.Equal(written, read);
        Assert.Equal(Diary.Machine.Apply(written, rest), Diary.Machine.Apply(read, rest));
    }, iter: 100);

    private static Gen<int[]> Draws => Gen.Int[0, 1_000_000].Array[2, 120];

    /// <summary>Mostly commands of few sessions, about in order, some twice, some from far away.</summary>
    private static Entry[] Entries(int[] draws)
    {
        var (opened, counted) = (new List<ulong> { 1 }, 0UL);
        return [.. draws.Select((draw, i) => new Entry(At(1, (ulong)i + 1), Payload(draw, (ulong)i + 1)))];

        Payload Payload(int draw, ulong place)
        {
            if (place == 1 || draw % 17 == 0)
            {
                opened.Add(place);
                return new Payload.Register(Samples.Request(place), Most);
            }

            if (draw % 17 == 1) return RxRaft.Payload.Noop.Instance;
            if (draw % 17 == 2) return Diary.Write(SessionId.None, place, "n");

            counted++;
            var session = opened[Math.Max(0, opened.Count - 1 - draw / 17 % 4)];            // the last few, gone or not
            var sequence = (draw / 100 % 8) switch
            {
                0 => counted + 2,
                1 => counted > 3 ? counted - 3 : 1,
                2 => 1UL << (draw / 1_000 % 64),
                3 => draw % 2 == 0 ? ulong.MaxValue : 0,
                _ => counted,
            };
            var first = draw / 10_000 % 20 == 0 ? sequence + 1 : counted > 6 ? counted - 6 : 1;
            return Diary.Write(new(session), sequence, $"{(char)('a' + draw % 26)}", first);
        }
    }

    private static (Replica<string, string?> Replica, List<Option<Outcome<string?>>> Told) OneByOne(Entry[] entries)
    {
        var (replica, told) = (Replica.Of(Diary.Machine), new List<Option<Outcome<string?>>>());
        foreach (var entry in entries)
        {
            (replica, var outcome) = Diary.Machine.Apply(replica, entry);
            told.Add(outcome);
        }

        return (replica, told);
    }

    private static byte[] Bytes(Replica<string, string?> replica)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ReplicaFormat.Write(Diary.Machine, replica, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>The same rules, over dictionaries.</summary>
internal sealed class SessionsModel(int most)
{
    public sealed class Known
    {
        public LogIndex LastUsed { get; set; }
        public ulong First { get; set; } = 1;
        public SortedDictionary<ulong, string?> Results { get; } = [];
    }

    public string State { get; private set; } = "";

    public SortedDictionary<ulong, Known> Sessions { get; } = [];

    public Option<Outcome<string?>> Apply(Entry entry)
    {
        if (entry.Payload is Payload.Register)
        {
            Sessions.Add(entry.Index.Value, new() { LastUsed = entry.Index });
            if (Sessions.Count > most) Sessions.Remove(Sessions.MinBy(session => session.Value.LastUsed).Key);
        }

        return entry.Payload is Payload.Command command ? Once(entry.Index, command) : None;
    }

    private Option<Outcome<string?>> Once(LogIndex at, Payload.Command command)
    {
        var (session, sequence) = command.Request;
        if (session == SessionId.None) return new Outcome<string?>.Applied(Write(command));
        if (!Sessions.TryGetValue(session.Value, out var known)) return new Outcome<string?>.SessionExpired(session);
        if (sequence < known.First) return None;
        if (known.Results.TryGetValue(sequence, out var before)) return new Outcome<string?>.Applied(before);

        (known.LastUsed, known.First) = (at, Math.Max(known.First, command.FirstUnanswered));
        known.Results.Add(sequence, Write(command));
        var told = known.Results[sequence];
        foreach (var seen in known.Results.Keys.Where(number => number < known.First).ToList()) known.Results.Remove(seen);
        return new Outcome<string?>.Applied(told);
    }

    private string? Write(Payload.Command command)
    {
        var before = State.Length == 0 ? null : State;
        State += Diary.Machine.Read(command.Bytes);
        return before;
    }
}
