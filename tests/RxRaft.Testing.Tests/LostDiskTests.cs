using System.Linq;

namespace RxRaft.Tests;

/// <summary>Swarms in which disks are lost.</summary>
public sealed class LostDiskTests
{
    [Fact]
    public void A_node_that_has_lost_its_disk_is_refused_and_comes_back_as_a_newcomer()
    {
        var lost  = Enumerable.Range(1, 200).Select(seed => (ulong)seed).Where(seed => SwarmPlan.Of(seed).Mix.LostDisks).Take(12);
        var (blank, refused) = (0, 0);
        foreach (var result in lost.Select(seed => Swarms.KeyValue.Run(seed)))
        {
            Assert.Equal(Option<SwarmFailure>.None, result.Failure);
            blank   += result.Reasons.Taken.Exists(reason => reason.Name == "VoteRefusal.Blank") ? 1 : 0;
            refused += result.Reasons.Taken.Exists(reason => reason.Name == "Reason.FollowerRefused") ? 1 : 0;
        }

        Assert.True(blank > 0 && refused > 0, $"{blank} blank, {refused} refused");
    }

    /// <summary>
    /// In the first, a part of a snapshot that was sent before came after, and the node knew the cluster again; in the
    /// others, leaders had just started, and knew of no commit since there was no such member.
    /// </summary>
    [Theory]
    [InlineData(20784137688)]
    [InlineData(30000021305)]
    [InlineData(30000038166)]
    public void It_is_removed_whatever_it_has_been_given_since_and_whatever_its_leader_knows(ulong seed) =>
        Assert.Equal(Option<SwarmFailure>.None, Swarms.KeyValue.Run(seed).Failure);
}
