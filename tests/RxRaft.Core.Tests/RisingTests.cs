using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>Values under rising numbers: what is forgotten goes, and what is not stays.</summary>
public class RisingTests
{
    [Fact]
    public void What_is_remembered_is_found_and_at_most_twice_as_much_is_held() =>
        Gen.Select(Gen.OneOf(Gen.ULong[1, 3], Gen.ULong[1, 1_000_000]), Gen.Int[0, 12]).Array[1, 200].Sample(steps =>
        {
            var (rising, remembered, most) = (default(Rising<string>), Map<ulong, string>(), 0);
            foreach (var (distance, back) in steps)
            {
                var number = checked(rising.Last + distance);
                (rising, remembered) = (rising.Add(number, $"{number}"), remembered.Add(number, $"{number}"));
                most = Math.Max(most, remembered.Count);

                var below = remembered.Keys.ToArray()[Math.Max(0, remembered.Count - 1 - back)];
                (rising, remembered) = (rising.Forget(below), remembered.Filter((one, _) => one >= below));

                for (var one = below; one <= Math.Min(number + 1, below + 40); one++)
                    Assert.Equal(remembered.Find(one), rising.Find(one));
                Assert.All(remembered, one => Assert.Equal(Some(one.Value), rising.Find(one.Key)));
                Assert.True(rising.All.Count <= 2 * most, $"{rising.All.Count} are held, and there were {most}");
            }
        }, iter: 100);

    [Fact]
    public void When_all_is_forgotten_nothing_is_held_and_numbers_go_on()
    {
        var rising = default(Rising<string>).Add(5, "a").Add(ulong.MaxValue - 1, "b").Forget(below: ulong.MaxValue);

        Assert.True(rising.All.IsEmpty);
        Assert.Equal(Seq1((ulong.MaxValue, "c")), rising.Add(ulong.MaxValue, "c").All);
    }

    [Fact]
    public void An_earlier_version_stays_as_it_was()
    {
        var before = default(Rising<string>).Add(1, "a").Add(2, "b");
        var (one, other) = (before.Add(3, "c"), before.Add(4, "d"));

        Assert.Equal(Seq((1ul, "a"), (2ul, "b")), before.All);
        Assert.Equal(Seq((1ul, "a"), (2ul, "b"), (3ul, "c")), one.All);
        Assert.Equal(Seq((1ul, "a"), (2ul, "b"), (4ul, "d")), other.All);
    }

    [Fact]
    public void Of_results_that_their_client_has_seen_none_is_found_though_it_may_be_held_for_a_while()
    {
        var results = SessionResults<string>.Empty;
        for (var number = 1ul; number <= 3; number++) results = results.Add(number, new($"{number}"));

        Assert.True(results.Find(1).IsSome);
        Assert.True(results.Forget(below: 2).Find(1).IsNone);
        Assert.Equal(new Outcome<string>.Applied("2"), results.Forget(below: 2).Find(2));
    }
}
