using System.Reactive.Linq;

namespace RxRaft.Samples;

/// <summary>The replicated state machine: it counts. A command is how much is added, its result the count.</summary>
internal sealed class Counter : JsonMachine<long, long, long>
{
    /// <inheritdoc/>
    public override long Initial => 0;

    /// <inheritdoc/>
    public override (long State, long Result) Apply(long count, long more) => (count + more, count + more);
}

/// <summary>Worlds whose nodes count.</summary>
internal static class CounterExtensions
{
    /// <summary>Commands are few here, and snapshots small: that they are taken and sent should be seen.</summary>
    private static readonly SnapshotPolicy Often = new() { Entries = 50, Trailing = 10 };

    /// <summary>The same options, of a world whose nodes count.</summary>
    public static WorldOptions Counting(this WorldOptions options) =>
        (options with { Settings = options.Settings with { Snapshots = Often } }).With(new Counter());

    /// <summary>A running node that counts.</summary>
    public static RaftNode<long, long, long> Counter(this World world, NodeId node) =>
        world.Node<long, long, long>(node);

    /// <summary>How far a node has counted.</summary>
    /// <remarks>States begin with the latest, so that nobody waits here.</remarks>
    public static long Count(this RaftNode<long, long, long> node) => node.States.FirstAsync().Wait().State;
}
