namespace RxRaft.Samples;

/// <summary>A world at one moment, immutable: it may be looked at from any thread.</summary>
/// <param name="At">World time.</param>
/// <param name="Violation">The property of Raft that was violated, if ever one was.</param>
internal sealed record Picture(
    TimeSpan At, Seq<NodePicture> Nodes, Seq<Headline> Headlines, WireCounts Counts, Option<string> Violation)
{
    public static Picture Of(World world, Diary diary) => new(
        world.Now,
        world.Nodes.Map(node => NodePicture.Of(world, node, diary)).Strict(),
        diary.Headlines,
        world.Wire.Counts,
        world.Violation.Map(violation => violation.Message));
}

/// <summary>One node at one moment.</summary>
/// <param name="State">What it is, or was before it went down: all of it, for it is immutable.</param>
/// <param name="Count">What its state machine has counted; none of a node that is down, which has forgotten it.</param>
/// <param name="Countdowns">What it waits for, the most telling first.</param>
/// <param name="Rate">Messages a second that it sends.</param>
internal sealed record NodePicture(
    NodeState State, Condition Condition, Option<long> Count, Seq<Countdown> Countdowns, double Rate)
{
    public static NodePicture Of(World world, NodeId node, Diary diary)
    {
        var state = world.StateOf(node);
        var condition = !world.IsRunning(node) ? Condition.Down
            : world.Wire.IsCutOff(node) ? Condition.Cut
            : Condition.Up;
        var count = condition == Condition.Down ? None : Some(world.Counter(node).Count());
        var countdowns = condition == Condition.Down ? [] : Countdown.Of(state, until => world.TimeLeft(node, until));

        return new(state, condition, count, countdowns, diary.RateOf(node, world.Now));
    }
}

/// <summary>Time that runs out.</summary>
/// <param name="For">What comes then.</param>
/// <param name="Left">How much there is, below zero when it is overdue.</param>
/// <param name="Most">How much there can be.</param>
internal sealed record Countdown(string For, TimeSpan Left, TimeSpan Most)
{
    /// <summary>From 0 to 1.</summary>
    public double Share => Math.Clamp(Left / Most, 0, 1);

    /// <summary>What a node waits for, the most telling first.</summary>
    /// <param name="left">How long it is until then.</param>
    public static Seq<Countdown> Of(NodeState state, Func<Instant, TimeSpan> left) => state.Role switch
    {
        Role.Leader leader => Seq(
            new Countdown("lease", state.LeaseEnd.Map(left).IfNone(TimeSpan.Zero), state.Settings.LeaseDuration),
            new Countdown("beat", left(leader.HeartbeatDeadline), state.Settings.HeartbeatInterval)),
        Role.Follower => Seq1(
            new Countdown("election", left(state.ElectionDeadline), state.Settings.ElectionTimeoutMax)),
        _ => Seq1(
            new Countdown("again   ", left(state.ElectionDeadline), state.Settings.ElectionTimeoutMax)),
    };
}

/// <summary>What was done to a node.</summary>
internal enum Condition
{
    /// <summary>Nothing.</summary>
    Up,

    /// <summary>It runs, and nobody hears it.</summary>
    Cut,

    /// <summary>It crashed.</summary>
    Down,
}
