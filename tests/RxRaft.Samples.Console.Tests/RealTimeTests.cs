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
        Assert.Equal(Story.Chapters.Count, played.Fulfilled);
    }
}

/// <summary>Tests that run while no others do.</summary>
[CollectionDefinition("real time", DisableParallelization = true)]
public sealed class RealTime;
