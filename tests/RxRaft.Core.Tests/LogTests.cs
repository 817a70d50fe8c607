using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>§3.5: the log, against a plain list of terms.</summary>
public class LogTests
{
    [Fact]
    public void An_empty_log_ends_at_place_0_in_term_0()
    {
        Assert.Equal(LogPosition.Zero, Log.Empty.Last);
        Assert.True(Log.Empty.Contains(LogPosition.Zero));
        Assert.Equal(Some(Term.Zero), Log.Empty.TermAt(LogIndex.Zero));
        Assert.True(Log.Empty.TermAt(Place(1)).IsNone);
    }

    [Fact]
    public void However_it_was_appended_to_and_cut_it_holds_what_a_list_would_hold_and_so_do_its_earlier_versions() =>
        Edits.Array[1, 12].Sample(edits =>
        {
            var versions = new List<(Log Log, ulong[] Terms)> { (Log.Empty, []) };

            foreach (var edit in edits) versions.Add(Apply(edit, versions));

            Assert.All(versions, version => Assert.Equal(version.Terms, version.Log.Terms()));
        }, iter: 150, print: Print);

    [Fact]
    public void Every_question_is_answered_as_a_list_would_answer_it() =>
        Gen.Select(Edits.Array[1, 8], Gen.Int[0, 4_000], Gen.Int[0, 12]).Sample((edits, index, term) =>
        {
            var (log, terms) = edits.Aggregate((Log: Log.Empty, Terms: System.Array.Empty<ulong>()), (now, edit) =>
                Apply(edit, [now]));
            var place = Place((ulong)index % ((ulong)terms.Length + 3));

            Assert.Equal((ulong)terms.Length, log.LastIndex.Value);
            Assert.Equal(terms.Length == 0 ? LogPosition.Zero : At(terms[^1], (ulong)terms.Length), log.Last);
            Assert.Equal(TermAt(terms, place), log.TermAt(place));
            Assert.Equal(TermAt(terms, place) == Some(T((ulong)term)), log.Contains(new(T((ulong)term), place)));
            Assert.Equal(terms.Skip((int)place.Value), log.After(place).Map(entry => entry.Term.Value).ToArray());
            Assert.Equal(LatestWithin(terms, (ulong)term, place), log.LatestWithin(new(T((ulong)term), place)));
        }, iter: 150);

    // The suffixes differ at every place, as the Log Matching Property wants: one has even terms, the other odd ones.
    [Fact]
    public void It_finds_where_it_parts_from_another_log_as_comparing_entry_by_entry_would() =>
        Gen.Select(Gen.Int[0, 2_100], Gen.Int[0, 1_100], Gen.Int[0, 1_100]).Sample((shared, ours, theirs) =>
        {
            var prefix = Log.Empty.Append(Logs.Entries(after: 0, Row(shared, term: i => 1 + i / 500)));
            var last = prefix.Last.Index.Value;
            var one = prefix.Append(Logs.Entries(last, Row(ours, term: i => 10 + 2 * (i / 300))));
            var two = prefix.Append(Logs.Entries(last, Row(theirs, term: i => 11 + 2 * (i / 200))));
            var scanned = one.Terms().Zip(two.Terms()).TakeWhile(pair => pair.Item1 == pair.Item2).Count();

            Assert.Equal(Place((ulong)scanned), one.AgreesThrough(two));
            Assert.Equal(Place((ulong)scanned), two.AgreesThrough(one));
        }, iter: 150);

    [Fact]
    public void Two_logs_are_the_same_if_base_and_last_and_all_between_are()
    {
        var log = Logs.Of(1, 2, 3);

        Assert.True(log.Equals(Logs.Of(1, 2, 3)));
        Assert.False(log.Equals(Logs.Of(1, 1, 3)));
        Assert.False(log.Equals(Logs.Of(1, 2, 4)));
        Assert.False(log.Equals(Logs.Of(1, 2)));
        Assert.False(log.Equals(Taken(log, through: 2)));
        Assert.False(Taken(log, through: 3).Equals(Taken(Logs.Of(1, 1, 3), through: 2)));
        Assert.False(log.Equals(null));
    }

    [Fact]
    public void The_latest_entry_within_a_bound_may_be_the_base()
    {
        var log = Taken(Logs.Of(1, 2, 2, 3), through: 2);

        Assert.Equal(At(2, 2), log.LatestWithin(At(2, 2)));
        Assert.Equal(At(2, 2), log.LatestWithin(At(9, 2)));
        Assert.Equal(LogPosition.Zero, log.LatestWithin(At(2, 1)));
        Assert.Equal(LogPosition.Zero, log.LatestWithin(At(1, 2)));
    }

    [Theory]
    [InlineData(1_023)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(2_047)]
    [InlineData(2_048)]
    [InlineData(2_049)]
    public void The_borders_of_its_chunks_do_not_show(int size)
    {
        var log = Log.Empty.Append(Logs.Entries(after: 0, Row(size, term: i => 1 + i)));

        Assert.Equal(Row(size, term: i => 1 + i), log.Terms());
        Assert.All(new[] { 1, 1_023, 1_024, 1_025, size }.Where(keep => keep <= size), keep =>
        {
            var cut = log.KeepThrough(Place((ulong)keep));
            var longer = cut.Append(Logs.Entries((ulong)keep, 9_999));

            Assert.Equal(Row(keep, term: i => 1 + i), cut.Terms());
            Assert.Equal(At(9_999, (ulong)keep + 1), longer.Last);
            Assert.Equal(Place((ulong)keep), longer.AgreesThrough(log));
        });
    }

    [Fact]
    public void Two_logs_with_the_same_entries_are_equal_however_they_came_about()
    {
        var detour = Logs.Of(1, 1, 3, 3).KeepThrough(Place(2)).Append(Logs.Entries(after: 2, 2));

        Assert.Equal(Logs.Of(1, 1, 2), detour);
        Assert.Equal(Logs.Of(1, 1, 2).GetHashCode(), detour.GetHashCode());
        Assert.NotEqual(Logs.Of(1, 2, 2), detour);
        Assert.NotEqual(Logs.Of(1, 1), detour);
    }

    [Fact]
    public void Appending_nothing_and_keeping_everything_give_the_same_log()
    {
        var log = Logs.Of(1, 1);

        Assert.Same(log, log.Append([]));
        Assert.Same(log, log.KeepThrough(Place(2)));
    }

    [Fact]
    public void A_skipped_place_a_repeated_place_and_a_falling_term_cannot_be_appended()
    {
        var log = Logs.Of(1, 2);

        Assert.Throws<InvariantViolationException>(() => log.Append(Logs.Entries(after: 3, 2)));
        Assert.Throws<InvariantViolationException>(() => log.Append(Logs.Entries(after: 1, 2)));
        Assert.Throws<InvariantViolationException>(() => log.Append(Logs.Entries(after: 2, 1)));
        Assert.Throws<InvariantViolationException>(() => log.Append(Logs.Entries(after: 2, 3, 2)));
    }

    [Fact]
    public void There_is_no_entry_before_the_first_or_behind_the_last_and_nothing_to_keep_there()
    {
        var log = Logs.Of(1, 2);

        Assert.Throws<InvariantViolationException>(() => log[LogIndex.Zero]);
        Assert.Throws<InvariantViolationException>(() => log[Place(3)]);
        Assert.Throws<InvariantViolationException>(() => log.KeepThrough(Place(3)));
        Assert.Empty(log.After(Place(2)));
        Assert.Empty(log.After(Place(3)));
    }

    /// <summary>Go back to an earlier version, keep part of it, append some entries.</summary>
    private static Log Taken(Log log, ulong through) =>
        log.OnTopOf(new Snapshot(log.PositionAt(Place(through)), ClusterOf(3), Size: 1), log.PositionAt(Place(through)));

    private static readonly Gen<(int Version, int Keep, int Append, int Raise)> Edits =
        Gen.Select(Gen.Int[0, 2], Gen.OneOf(Gen.Const(100), Gen.Int[0, 100]), Gen.Int[0, 900], Gen.Int[0, 3]);

    private static (Log Log, ulong[] Terms) Apply(
        (int Back, int Keep, int Append, int Raise) edit, List<(Log Log, ulong[] Terms)> versions)
    {
        var (log, terms) = versions[Math.Max(0, versions.Count - 1 - edit.Back)];
        var keep = terms.Length * edit.Keep / 100;
        var raised = (keep == 0 ? 1 : terms[keep - 1]) + (ulong)edit.Raise;
        var fresh = Row(edit.Append, term: i => (int)raised + i / 400);

        return (
            log.KeepThrough(Place((ulong)keep)).Append(Logs.Entries((ulong)keep, fresh)),
            [.. terms.Take(keep), .. fresh]);
    }

    private static ulong[] Row(int count, Func<int, int> term) =>
        [.. Enumerable.Range(0, count).Select(i => (ulong)term(i))];

    private static Option<Term> TermAt(ulong[] terms, LogIndex place) =>
        place == LogIndex.Zero ? Some(Term.Zero)
        : place.Value <= (ulong)terms.Length ? Some(T(terms[place.Value - 1]))
        : None;

    private static LogPosition LatestWithin(ulong[] terms, ulong term, LogIndex place)
    {
        var index = terms.Take((int)Math.Min(place.Value, (ulong)terms.Length)).Count(at => at <= term);
        return index == 0 ? LogPosition.Zero : At(terms[index - 1], (ulong)index);
    }

    private static string Print((int Back, int Keep, int Append, int Raise)[] edits) => string.Join("; ", edits);
}
