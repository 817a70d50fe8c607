using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>§3.5, §5.1: the log with its head dropped and its tail cut, against a plain model.</summary>
public class LogModelTests
{
    [Fact]
    public void Whatever_was_appended_cut_and_compacted_it_answers_as_a_plain_list_and_so_do_its_earlier_versions() =>
        Gen.Int[0, 1_000_000].Array[1, 12].Sample(draws =>
        {
            var versions = new List<(Log Log, LogModel Model)> { (Log.Empty, LogModel.Empty) };
            foreach (var draw in draws)
            {
                versions.Add(Change(versions[^1].Log, versions[^1].Model, draw, freshTerm: (ulong)versions.Count));
                Answers(versions[^1].Log, versions[^1].Model, draw);
                Parts(versions, draw);
            }

            foreach (var (log, model) in versions) Holds(log, model);
        }, iter: 100, print: draws => string.Join(", ", draws));

    [Fact]
    public void A_log_that_is_read_from_disk_answers_as_the_one_that_was_written() =>
        Gen.Int[0, 1_000_000].Array[1, 10].Sample(draws =>
        {
            var (log, model) = (Log.Empty, LogModel.Empty);
            for (var i = 0; i < draws.Length; i++) (log, model) = Change(log, model, draws[i], freshTerm: (ulong)i + 1);

            var read = Log.Over(log.Snapshot, log.Base).Append(log.After(log.Base.Index));

            Assert.Equal(log, read);
            Answers(read, model with { SizeAtBase = 0 }, draws[0]);
        }, iter: 60, print: draws => string.Join(", ", draws));

    [Fact]
    public void There_is_nothing_to_read_and_nothing_to_keep_before_its_base()
    {
        var log = Logs.Of(1, 1, 2, 2).OnTopOf(new Snapshot(At(2, 3), ClusterOf(3), Size: 1), At(1, 2));

        Assert.Throws<InvariantViolationException>(() => log[Place(2)]);
        Assert.Throws<InvariantViolationException>(() => log.KeepThrough(Place(1)));
        Assert.Throws<InvariantViolationException>(() => log.PositionAt(Place(1)));
        Assert.Throws<InvariantViolationException>(() => log.OnTopOf(new Snapshot(At(2, 4), ClusterOf(3), Size: 1), At(1, 1)));
        Assert.Throws<InvariantViolationException>(() => log.OnTopOf(log.Snapshot, At(2, 4)));          // and nothing it lacks goes
        Assert.True(log.Contains(At(9, 1)));                                // what is before it was committed
        Assert.Equal((At(1, 2), At(1, 2)), (log.Base, log.PositionAt(Place(2))));
    }

    /// <summary>One change. What is appended after a cut is of a term that was never there: logs match (§3.5).</summary>
    private static (Log, LogModel) Change(Log log, LogModel model, int draw, ulong freshTerm)
    {
        var pick = draw / 8;
        switch (draw % 8)
        {
            case 0 or 1:
                var cut = LogIndex.Max(Within(model, pick), model.Snapshot.Last.Index);      // committed: it stays
                return Append(log.KeepThrough(cut), model.KeepThrough(cut), pick, freshTerm);
            case 2 or 3 when model.Last.Index > model.Snapshot.Last.Index:
                var later = (int)(model.Last.Index.Value - model.Snapshot.Last.Index.Value);
                var last = log.PositionAt(model.Snapshot.Last.Index + (1 + pick % later));
                var snapshot = new Snapshot(last, model.ConfiguredAt(last.Index).Configuration, Size: pick);
                var from = log.PositionAt(model.Base.Index + pick / 7 % (int)(last.Index.Value - model.Base.Index.Value + 1));
                return (log.OnTopOf(snapshot, from), model.OnTopOf(snapshot, from));
            case 4 when pick % 3 == 0:                                      // a leader's, with none of our last entries
                var ahead = new Snapshot(new(T(freshTerm), model.Last.Index + pick % 50), ClusterOf(1 + pick % 5), Size: pick);
                if (log.Contains(ahead.Last)) return (log, model);
                return (log.OnTopOf(ahead, ahead.Last), model.OnTopOf(ahead, ahead.Last));
            default:
                return Append(log, model, pick, Math.Max(model.Last.Term.Value, freshTerm));
        }
    }

    private static (Log, LogModel) Append(Log log, LogModel model, int pick, ulong term)
    {
        var entries = Enumerable.Range(1, pick % (pick % 3 == 0 ? 1_300 : 40)).Select(i => new Entry(
            new(T(term), model.Last.Index + i),
            i % 29 == pick % 29 ? new Payload.Configure(ClusterOf(1 + i % 7))
                : i % 3 == 0 ? Samples.Proposal((ulong)i, bytes: (i + pick) % 50).Payload
                : Payload.Noop.Instance)).ToArray();
        return (log.Append(toSeq(entries)), model.Append(entries));
    }

    private static void Holds(Log log, LogModel model)
    {
        Assert.Equal((model.Base, model.Last, model.Snapshot), (log.Base, log.Last, log.Snapshot));
        Assert.True(log.After(log.Base.Index).ToArray().SequenceEqual(model.Entries), "the same entries");
    }

    private static void Answers(Log log, LogModel model, int draw)
    {
        Holds(log, model);
        Assert.Equal(model.SizeThrough(model.Last.Index), log.Size);
        Assert.Equal(
            model.ConfiguredAt(model.Last.Index),
            (LogIndex.Max(log.ConfiguredAt, model.Snapshot.Last.Index), log.Configuration));
        for (var i = 0; i < 4; i++)
        {
            var pick = draw / (i + 1) + i;
            LogIndex one = Within(model, pick), other = Within(model, pick / 3);
            var anywhere = new LogIndex((ulong)pick % (model.Last.Index.Value + 5));
            var bound = new LogPosition(T((ulong)(pick % 16)), anywhere);

            Assert.Equal(model.TermAt(anywhere), log.TermAt(anywhere));
            Assert.Equal(model.TermAt(one), Some(log.PositionAt(one).Term));
            Assert.Equal(model.Contains(bound), log.Contains(bound));
            Assert.Equal(model.LatestWithin(bound), log.LatestWithin(bound));
            Assert.Equal(model.SizeThrough(one), log.SizeThrough(one));
            Assert.True(model.Between(one, other).SequenceEqual(log.Between(one, other).ToArray()), $"between {one} and {other}");
            if (one > model.Base.Index) Assert.Same(model.At(one), log[one]);
            if (one < model.Last.Index) Assert.Equal(model.Reach(one, pick % 4_000), log.Reach(one, pick % 4_000).Last);
            if (one >= model.Snapshot.Last.Index)
                Assert.Equal(model.ConfiguredAt(one).Configuration, log.ConfigurationAt(one));
        }
    }

    private static void Parts(List<(Log Log, LogModel Model)> versions, int draw)
    {
        var (log, model) = versions[^1];
        var (earlier, plain) = versions[Math.Max(0, versions.Count - 2 - draw % 3)];
        Assert.Equal(model.AgreesThrough(plain), log.AgreesThrough(earlier));
    }

    /// <summary>Some place from the base to the end.</summary>
    private static LogIndex Within(LogModel model, int pick) =>
        model.Base.Index + pick % (int)(model.Last.Index.Value - model.Base.Index.Value + 1);
}
