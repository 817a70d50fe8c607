namespace RxRaft.Samples;

/// <summary>What the user asked for.</summary>
internal abstract record Command
{
    private Command() { }

    /// <summary>An explanation of everything.</summary>
    public sealed record Help : Command;

    /// <summary>Five nodes: live in a terminal, else the story.</summary>
    /// <param name="Speed">Of the cluster's time against ours; none for what suits the view.</param>
    public sealed record Watch(Option<double> Speed) : Command;

    /// <summary>The story in real time.</summary>
    public sealed record Story(double Speed) : Command;

    /// <summary>The story in virtual time: the same seed, the same story, byte for byte.</summary>
    public sealed record SeededStory(ulong Seed) : Command;

    /// <summary>The tests of the lab in virtual time.</summary>
    /// <param name="Rounds">Of its third test.</param>
    /// <param name="Seed">Of all three.</param>
    public sealed record Lab(int Rounds, ulong Seed) : Command;

    /// <summary>A journal, once more.</summary>
    public sealed record Replay(ReplayOptions Options) : Command;

    /// <summary>A real node, and nothing else.</summary>
    public sealed record Node(NodeOptions Options) : Command;

    /// <summary>Real nodes, a process each.</summary>
    public sealed record Cluster(ClusterOptions Options) : Command;
}
