using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>A running node: its disk, its wire, the node itself, and the leader's clock.</summary>
/// <remarks>All of the starting and stopping is here.</remarks>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly FileDisk disk;
    private readonly TcpWire wire;
    private readonly IDisposable watching;
    private readonly Task ticking;
    private readonly Task rehearsal;
    private readonly CancellationTokenSource stopping = new();
    private Applied latest = new(LogIndex.Zero, Store.Empty);

    private sealed record Applied(LogIndex Index, Store Store);

    private StoreNode(StoreOptions options, FileDisk disk, TcpWire wire)
    {
        (Options, this.disk, this.wire) = (options, disk, wire);
        Raft = options.Join
            ? RaftNode.Join(options.Self, wire, disk, new StoreMachine(), options.Settings)
            : RaftNode.Start(
                options.Self, Configuration.OfNodes(toSeq(options.Cluster.Keys)), wire, disk, new StoreMachine(),
                options.Settings);
        Writing = new Writing(this.Propose);
        watching = Raft.States.Subscribe(now => Volatile.Write(ref latest, new(now.Index, now.State)), _ => { });
        ticking = Ticker.Run(Raft, () => Latest);
        rehearsal = Task.Run(() => Rehearsal.Before(Raft, stopping.Token));
    }

    public StoreOptions Options { get; }

    public RaftNode<Store, Batch, Seq<Answer>> Raft { get; }

    /// <summary>Where writes go.</summary>
    public Writing Writing { get; }

    /// <summary>The latest store that this node has applied: maybe not what other nodes have.</summary>
    public Store Latest => Volatile.Read(ref latest).Store;

    /// <summary>Ends when the node has stopped; fails with the reason when it halted.</summary>
    public Task Completion => Raft.Completion;

    /// <summary>Opens the disk, the wire, and starts the node.</summary>
    /// <exception cref="Exception">One of them fails; <see cref="OpeningFailure"/> says it in a line.</exception>
    public static StoreNode Open(StoreOptions options)
    {
        var tls  = options.Tls.Map(OpeningFailure.Load).IfNoneUnsafe((TlsOptions?)null);
        var disk = FileDisk.Open(options.Data, options.Name, options.Self);
        try
        {
            var wire = TcpWire.Start(new TcpWireOptions(options.Name, options.Self, options.Listen)
            {
                Peers          = options.Cluster.Remove(options.Self),
                Tls            = tls,
                AllowPlaintext = options.AllowPlaintext,
            });
            return new StoreNode(options, disk, wire);
        }
        catch (Exception)
        {
            disk.Dispose();
            throw;
        }
    }

    /// <summary>Hands leadership over, if it leads and somebody is there; it waits for two elections at most.</summary>
    public async Task HandOver()
    {
        if (Raft.State is not { Role: Role.Leader leader } state) return;

        var heir = leader.Followers.AsEnumerable()
            .Where(other => state.Configuration.IsVoter(other.Key) && other.Value is Progress.Replicate)
            .OrderByDescending(other => other.Value.MatchIndex.Value).Select(other => Some(other.Key)).FirstOrDefault();
        if (heir.Case is not NodeId next) return;

        using var patience = new CancellationTokenSource(2 * state.Settings.ElectionTimeoutMax);
        try
        {
            await Raft.TransferLeadershipAsync(next, patience.Token).ConfigureAwait(false);
        }
        catch (Exception late) when (late is OperationCanceledException or ObjectDisposedException)
        {
            // the others elect one without it
        }
    }

    /// <summary>Ends the node, then its wire and its disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Raft.DisposeAsync().ConfigureAwait(false);
        await ticking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await rehearsal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
        watching.Dispose();
        await wire.DisposeAsync().ConfigureAwait(false);
        disk.Dispose();
    }
}
