namespace RxRaft.Tests;

/// <summary>What a script waits for.</summary>
internal static class GoldenCondition
{
    private const string Known =
        "S1 leads, S1 follows S2, S1 stored 2, S1 committed 2, S1 sees S2 at 2, S1 joint, S1 simple, all committed 2, somebody leads";

    /// <exception cref="GoldenException">Nobody understands it.</exception>
    public static Func<bool> Parse(GoldenCommand command, World world) => command.Rest().ToArray() switch
    {
        ["somebody", "leads"] => () => world.Leader.IsSome,
        ["all", "committed", var index] when Place(command, index) is var place =>
            () => world.Running.ForAll(node => world.StateOf(node).CommitIndex >= place),
        [var one, "leads"] when command.Node(one) is var node => () => world.StateOf(node).Role is Role.Leader,
        [var one, "follows", var other] when (command.Node(one), command.Node(other)) is var (node, leader) =>
            () => world.StateOf(node).LeaderId.Is(leader),
        [var one, "stored", var index] when (command.Node(one), Place(command, index)) is var (node, place) =>
            () => world.Durable(node).Log.LastIndex >= place,
        [var one, "committed", var index] when (command.Node(one), Place(command, index)) is var (node, place) =>
            () => world.StateOf(node).CommitIndex >= place,
        [var one, "sees", var other, "at", var index]
            when (command.Node(one), command.Node(other), Place(command, index)) is var (node, follower, place) =>
            () => world.StateOf(node).Role is Role.Leader leader && leader.Followers[follower].MatchIndex >= place,
        [var one, "joint"] when command.Node(one) is var node => () => world.StateOf(node).Configuration is Configuration.Joint,
        [var one, "simple"] when command.Node(one) is var node => () => world.StateOf(node).Configuration is Configuration.Simple,
        _ => throw command.Wrong($"'{command.Text}' waits for what nobody understands; there are: {Known}"),
    };

    private static LogIndex Place(GoldenCommand command, string word) => new((ulong)command.Whole(word));
}
