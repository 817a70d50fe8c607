namespace RxRaft.Tests;

/// <summary>Whatever happens, nothing that must hold is broken; and when it is over, there is a leader again.</summary>
public sealed class StormTests
{
    [Fact]
    public void Safety_in_the_storm_and_a_leader_after_it()
    {
        var elections = 0UL;
        for (var seed = 1UL; seed <= 200; seed++)
        {
            using var world = Storm.Blow(Raft.Step, seed);
            world.Violation.IfSome(violation => throw violation);
            elections += world.Nodes.Map(node => world.StateOf(node).CurrentTerm.Value).Max();

            Storm.Calm(world);
            Assert.True(world.RunUntil(AllFollowOne, TimeSpan.FromSeconds(5)), $"no leader in the calm after seed {seed}");
        }

        Assert.True(elections > 400, $"the weather was too good: {elections} elections");
    }

    private static bool AllFollowOne(World world) =>
        world.Leader.Exists(leader => world.Nodes.ForAll(node => world.StateOf(node).LeaderId.Exists(known => known == leader)));
}
