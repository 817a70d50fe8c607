namespace RxRaft.Testing.Checking;

/// <summary>How far the model checker goes: everything within is looked at, nothing beyond.</summary>
/// <remarks>
/// What is counted is counted over a whole behaviour of the cluster, not for each node. A state beyond a bound of
/// <see cref="Entries"/> is checked, but not gone on from.
/// </remarks>
public sealed record Bounds
{
    /// <summary>The highest term that anybody stands for. By default 2; at most 7.</summary>
    public int Terms { get; init; } = 2;

    /// <summary>The longest log, no-ops of leaders included, from which the search goes on. By default 2.</summary>
    public int Entries { get; init; } = 2;

    /// <summary>How many commands clients propose, each to a node that leads. By default 1.</summary>
    public int Proposals { get; init; } = 1;

    /// <summary>How many reads are asked for, of nodes that lead or know who does. By default 0; at most 4.</summary>
    public int Reads { get; init; }

    /// <summary>
    /// How often election timeouts run out: of those who wait for a leader, and of leaders that no quorum answers. By
    /// default 2.
    /// </summary>
    public int Timeouts { get; init; } = 2;

    /// <summary>How often leaders' heartbeats are due, beyond those that they send of their own accord.</summary>
    public int Heartbeats { get; init; }

    /// <summary>How often nodes crash, between two steps or in the middle of one. By default none.</summary>
    public int Crashes { get; init; }

    /// <summary>How often a message arrives twice, or is sent again. By default none.</summary>
    public int Duplicates { get; init; }

    /// <summary>How many changes of members are asked for. By default none.</summary>
    public int Changes { get; init; }

    /// <summary>How often a leader is asked to hand over. By default none.</summary>
    public int Transfers { get; init; }

    /// <summary>
    /// How many of the messages that are on their way at one moment will arrive, at most. Where more are, all choices
    /// of so many are tried, and the others are lost. By default 4; at most 16.
    /// </summary>
    public int InFlight { get; init; } = 4;

    /// <summary>How many steps a behaviour has, at most. By default as many as there are.</summary>
    public int Depth { get; init; } = int.MaxValue;

    /// <summary>After so many states the search ends with the level that it is at. By default 10^9.</summary>
    public long States { get; init; } = 1_000_000_000;

    /// <summary>What cannot be, each with its value.</summary>
    public Seq<string> Problems => ProblemsWith(static name => name);

    /// <summary>The same, for who knows the bounds by other names.</summary>
    /// <param name="named">What a bound is called there, from its name here.</param>
    public Seq<string> ProblemsWith(Func<string, string> named) =>
        Seq<(string Name, long Value, long Least, long Most)>(
            (nameof(Terms), Terms, 1, 7), (nameof(Entries), Entries, 1, 64), (nameof(Proposals), Proposals, 0, 255),
            (nameof(Reads), Reads, 0, 4), (nameof(Timeouts), Timeouts, 1, 255),
            (nameof(Heartbeats), Heartbeats, 0, 255), (nameof(Crashes), Crashes, 0, 255),
            (nameof(Duplicates), Duplicates, 0, 255), (nameof(Changes), Changes, 0, 255),
            (nameof(Transfers), Transfers, 0, 255), (nameof(InFlight), InFlight, 1, 16),
            (nameof(Depth), Depth, 0, int.MaxValue), (nameof(States), States, 1, long.MaxValue))
        .Filter(bound => bound.Value < bound.Least || bound.Value > bound.Most)
        .Map(bound => Say.Invariant(bound.Most >= int.MaxValue
            ? (FormattableString)$"{named(bound.Name)} is {bound.Value}: it must be at least {bound.Least}"
            : $"{named(bound.Name)} is {bound.Value}: it must be from {bound.Least} to {bound.Most}")).Strict();
}
