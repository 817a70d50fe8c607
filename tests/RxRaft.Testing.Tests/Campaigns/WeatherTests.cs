namespace RxRaft.Tests;

/// <summary>Storms, and what is left when they are over.</summary>
public class WeatherTests
{
    /// <summary>In both a node is held up while it writes, and was to crash when that ends: after the storm.</summary>
    [Theory]
    [InlineData(20784096422)]
    [InlineData(20784130867)]
    public void Who_is_held_up_when_a_storm_ends_and_was_to_crash_starts_again(ulong seed) =>
        Assert.Equal(Option<SwarmFailure>.None, Swarms.KeyValue.Run(seed).Failure);
}
