using System.Collections.Generic;
using RxRaft.Fuzz;

namespace RxRaft.Tests.Disk;

/// <summary>A disk that is asked again what is durable, while it goes on.</summary>
public sealed class RecoveringTests
{
    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(53)]
    public void A_disk_that_is_asked_again_tells_the_same_while_files_that_nobody_needs_are_being_removed(int seed)
    {
        var story   = Story.Of(seed, episodes: 60);
        var files   = new SimulatedFiles { Condemned = new Queue<string>() };
        var driver  = new Driver(files);
        var removed = 0;
        foreach (var episode in story.Episodes)
        {
            driver.Do(episode);
            files.Opening = () =>
            {
                removed += files.Condemned.Count;
                files.Remove();
            };
            Assert.True(CrashTests.Same(story.States[driver.Acknowledged], driver.Recover()), $"seed {seed}, after {driver.Acknowledged}");
            files.Opening = () => { };
        }

        Assert.Null(driver.Fault);
        Assert.True(removed > 10, $"only {removed} files were removed meanwhile");
    }
}
