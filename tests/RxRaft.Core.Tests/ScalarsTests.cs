namespace RxRaft.Tests;

/// <summary>Ids, terms, places, rounds and moments: numbers that are not mixed up, and how they are ordered.</summary>
public class ScalarsTests
{
    /// <summary>Of each kind: what is made of a number.</summary>
    private static readonly Func<ulong, object>[] Kinds =
    [
        number => new NodeId(number), number => T(number), number => Place(number), number => R(number), number => Moment(number),
        number => new SessionId(number),
        number => new RequestId(new(1), number), number => new RequestId(new(number), 9 - number),      // first by session
        number => At(1, number), number => At(number, 9 - number),                                      // first by term: §3.6.1
    ];

    [Fact]
    public void Whatever_is_numbered_is_ordered_as_its_numbers_are() => Assert.All(Kinds, of =>
    {
        foreach (var (a, b) in new[] { (1ul, 2ul), (2ul, 1ul), (2ul, 2ul) })
        {
            dynamic one = of(a), other = of(b);

            Assert.Equal<bool[]>([a < b, a <= b, a > b, a >= b], [one < other, one <= other, one > other, one >= other]);
            Assert.Equal(a.CompareTo(b), Math.Sign((int)one.CompareTo(other)));
        }
    });

    [Fact]
    public void Of_two_places_or_moments_the_earlier_and_the_later_are_found_whichever_comes_first()
    {
        Assert.Equal((Place(1), Place(1)), (LogIndex.Min(Place(1), Place(2)), LogIndex.Min(Place(2), Place(1))));
        Assert.Equal((Place(2), Place(2)), (LogIndex.Max(Place(1), Place(2)), LogIndex.Max(Place(2), Place(1))));
        Assert.Equal((Moment(1), Moment(1)), (Instant.Min(Moment(1), Moment(2)), Instant.Min(Moment(2), Moment(1))));
    }

    /// <summary>A number that began anew would be an earlier one: a term in which this node has voted, a place that is taken.</summary>
    [Fact]
    public void No_number_begins_anew_at_its_end()
    {
        Assert.Throws<OverflowException>(() => T(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => R(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => Place(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => Place(ulong.MaxValue) + 1);
        Assert.Throws<OverflowException>(() => Place(1) + -1);
        Assert.Throws<OverflowException>(() => LogIndex.Zero.Previous);
    }

    [Fact]
    public void No_node_is_another_than_any_node_whatever_its_number()
    {
        var (nobody, nought) = (Option<NodeId>.None, Some(new NodeId(0)));

        Assert.Equal((false, false, true), (nobody.Is(new(0)), nobody.Same(nought), nobody.Same(None)));
        Assert.Equal((true, false), (Some(S1).Is(S1), Some(S1).Is(S2)));
        Assert.Equal((true, false, false), (Some(S1).Same(S1), Some(S1).Same(S2), Some(S1).Same(None)));
    }
}
