namespace RxRaft.Samples;

/// <summary>The story is the same for the same seed, ends well for every seed, and says so when it does not.</summary>
public sealed class StoryTests
{
    [Fact]
    public void One_seed_tells_one_story_byte_for_byte() =>
        Assert.Equal(Played.With("story", "--seed", "7"), Played.With("story", "--seed", "7"));

    [Fact]
    public void Another_seed_tells_another_story() =>
        Assert.NotEqual(Played.With("story", "--seed", "7").Lines.Tail, Played.With("story", "--seed", "8").Lines.Tail);

    [Fact]
    public void All_hopes_come_true_whatever_the_seed()
    {
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var played = Played.Run((output, errors) => StoryTeller.InVirtualTime(seed, output, errors));

            Assert.Equal((0, ""), (played.ExitCode, played.Errors));
            Assert.Equal(Story.Chapters.Count, played.Fulfilled);
        }
    }

    [Fact]
    public void A_hope_that_does_not_come_true_is_a_failure()
    {
        var played = Play(Story.Chapters[0] with { Hope = _ => "two lead", Fulfilled = _ => false });

        Assert.Equal(1, played.ExitCode);
        Assert.Contains("chapter 1", played.Errors, StringComparison.Ordinal);
        Assert.Contains("two lead", played.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hope_must_stay_true_for_as_long_as_it_should_last()
    {
        var played = Play(Story.Chapters[0] with
        {
            Fulfilled = stage => stage.World.Now < TimeSpan.FromMilliseconds(150),
            Lasting = TimeSpan.FromMilliseconds(200),
        });

        Assert.Equal(1, played.ExitCode);
    }

    private static Played Play(Chapter only) =>
        Played.Run((output, errors) => StoryTeller.InVirtualTime(Seq1(only), seed: 1, output, errors));
}
