namespace RxRaft.Samples;

/// <summary>The story in the time that passes by itself.</summary>
/// <remarks>Alone: real timers run late where other tests keep the thread pool busy.</remarks>
[Collection("real time")]
public sealed class RealTimeTests
{
    [Fact]
    public void Without_a_terminal_the_story_is_played_in_real_time()
    {
        var played = Played.With();

        Assert.Equal((0, ""), (played.ExitCode, played.Errors));
        Assert.True(played.Fulfilled >= Story.Chapters.Count, played.Output);       // more, if the machine stood still
    }

    [Theory]
    [InlineData(400, 400, 0, 3, 0)]                                                 // stood still twice, and then not
    [InlineData(400, 400, 400, 3, 1)]                                               // three times is enough
    [InlineData(20, 0, 0, 1, 1)]                                                    // nothing to blame it on
    public void A_story_that_goes_wrong_while_the_machine_stands_still_is_played_again(
        int first, int second, int third, int plays, int exitCode)
    {
        var (stood, played) = (new[] { first, second, third }, 0);

        var ended = Played.Run((output, errors) => StoryTeller.Undisturbed(() =>
        {
            var now = stood[played++];
            return (now > 0 ? new StoryFailedException("no") : null, TimeSpan.FromMilliseconds(now));
        }, output, errors));

        Assert.Equal((plays, exitCode), (played, ended.ExitCode));
        Assert.Equal(plays - 1, ended.Lines.Count(line => line.StartsWith("The machine stood still for 400 ms", StringComparison.Ordinal)));
    }
}

/// <summary>Tests that run while no others do.</summary>
[CollectionDefinition("real time", DisableParallelization = true)]
public sealed class RealTime;
