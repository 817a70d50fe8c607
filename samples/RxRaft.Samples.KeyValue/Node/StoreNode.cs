using System.Reactive.Linq;
using System.Threading;

namespace RxRaft.Samples.KeyValue;

/// <summary>The node as the rest of the store sees it, once its host has started it.</summary>
internal sealed class StoreNode : IDisposable
{
    private readonly IDisposable watching;
    private RaftNode<Store, Batch, Seq<Answer>>? raft;
    private Applied latest = new(LogIndex.Zero, Store.Empty);

    private sealed record Applied(LogIndex Index, Store Store);

    public StoreNode(StoreOptions options, IObservable<RaftNode<Store, Batch, Seq<Answer>>> started)
    {
        Options  = options;
        Writing  = new Writing(this.Propose, options.Timeout);
        watching = started.Do(node => raft = node).SelectMany(node => node.States)
            .Subscribe(now => Volatile.Write(ref latest, new(now.Index, now.State)), _ => { });
    }

    public StoreOptions Options { get; }

    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public RaftNode<Store, Batch, Seq<Answer>> Raft =>
        raft ?? throw new InvalidOperationException("The node has not started: its host starts it first");

    /// <summary>Where writes go.</summary>
    public Writing Writing { get; }

    /// <summary>The latest store that this node has applied: maybe not what other nodes have.</summary>
    public Store Latest => Volatile.Read(ref latest).Store;

    public void Dispose() => watching.Dispose();
}
