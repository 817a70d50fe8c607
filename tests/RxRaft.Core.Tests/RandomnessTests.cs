using System.Linq;

namespace RxRaft.Tests;

/// <summary>Chance is a value: the same generator draws the same numbers, everywhere and for ever.</summary>
public class RandomnessTests
{
    [Fact]
    public void It_is_SplitMix64()      // the first numbers of seed 0, as its authors' program prints them
    {
        ulong[] published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F];

        Assert.Equal(published, Draw(new Randomness(0), 3, generator => generator.Next()));
    }

    [Fact]
    public void Drawing_changes_nothing_so_it_can_be_done_again()
    {
        var generator = Randomness.For(seed: 7, S1);

        Assert.Equal(generator.Next(), generator.Next());
        Assert.NotEqual(generator.Next().Value, generator.Next().Left.Next().Value);
    }

    [Fact]
    public void Each_node_has_numbers_of_its_own_though_the_seed_is_shared()
    {
        var nodes = Enumerable.Range(1, 1_000).Select(id => new NodeId((ulong)id));

        var firsts = nodes.Select(node => Randomness.For(seed: 7, node).Next().Value);

        Assert.Equal(1_000, firsts.Distinct().Count());
    }

    [Fact]
    public void Each_seed_has_numbers_of_its_own_though_the_node_is_the_same()
    {
        var firsts = Enumerable.Range(1, 1_000).Select(seed => Randomness.For((ulong)seed, S1).Next().Value);

        Assert.Equal(1_000, firsts.Distinct().Count());
    }

    /// <summary>Also beside such as would hide them, were they put together in another way than by exclusive or.</summary>
    [Fact]
    public void Three_numbers_that_are_mixed_are_another_if_any_of_them_is_another()
    {
        ulong[] hiding = [0, 1, unchecked(0 - 0x9E3779B97F4A7C15), unchecked(ulong.MaxValue - 0x9E3779B97F4A7C15)];
        ulong[] some = [.. Enumerable.Range(0, 100).Select(number => (ulong)number)];

        foreach (var one in hiding)
            foreach (var other in hiding)
            {
                Assert.Equal(100, some.Select(number => Randomness.Mixed(number, one, other)).Distinct().Count());
                Assert.Equal(100, some.Select(number => Randomness.Mixed(one, number, other)).Distinct().Count());
                Assert.Equal(100, some.Select(number => Randomness.Mixed(one, other, number)).Distinct().Count());
            }

        Assert.Equal(6, new[] { (1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1) }
            .Select(three => Randomness.Mixed((ulong)three.Item1, (ulong)three.Item2, (ulong)three.Item3)).Distinct().Count());
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul)]
    [InlineData(ulong.MaxValue)]
    public void Numbers_below_a_bound_are_uniform(ulong seed)
    {
        var counts = new int[15];

        foreach (var number in Draw(new Randomness(seed), 30_000, generator => generator.Below(15))) counts[number]++;

        Assert.True(ChiSquare.Of(counts) < ChiSquare.Bound14, string.Join(' ', counts));
    }

    [Fact]
    public void The_first_draws_of_nodes_with_consecutive_ids_are_uniform_too()
    {
        var counts = new int[15];

        for (var id = 1ul; id <= 30_000; id++) counts[Randomness.For(seed: 7, new NodeId(id)).Below(15).Value]++;

        Assert.True(ChiSquare.Of(counts) < ChiSquare.Bound14, string.Join(' ', counts));
    }

    [Fact]
    public void Both_ends_of_a_range_are_drawn()
    {
        var ticks = Draw(new Randomness(1), 1_000, generator =>
        {
            var (span, left) = generator.Between(TimeSpan.FromTicks(5), TimeSpan.FromTicks(8));
            return ((ulong)span.Ticks, left);
        });

        Assert.Equal([5ul, 6, 7, 8], ticks.Distinct().Order().ToArray());
    }

    [Fact]
    public void A_range_of_one_gives_that_one() =>
        Assert.Equal(Ms(150), new Randomness(1).Between(Ms(150), Ms(150)).Value);

    private static ulong[] Draw(
        Randomness generator, int count, Func<Randomness, (ulong Value, Randomness Left)> draw) =>
        [.. Enumerable.Range(0, count).Select(_ =>
        {
            (var value, generator) = draw(generator);
            return value;
        })];
}
