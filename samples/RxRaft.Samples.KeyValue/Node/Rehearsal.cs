using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;

namespace RxRaft.Samples.KeyValue;

/// <summary>
/// Three nodes of this process elect a leader, write, lose it, elect another and write again: so that in the first
/// fail-over that matters the process is not busy with compiling what it needs.
/// </summary>
internal sealed class Rehearsal(StoreNode node) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Settings Hasty =
        StoreOptions.Electing(TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(120));

    /// <summary>Once the cluster has a leader: before, there is more urgent work.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await node.Raft.Transitions.FirstAsync(step => step.State.LeaderId.IsSome).ToTask(stoppingToken)
                .ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is not OperationCanceledException)
        {
            return;                                                 // it says itself why it halted
        }

        await Run(stoppingToken).ConfigureAwait(false);
    }

    /// <summary>Now.</summary>
    /// <param name="over">When there is no need any more.</param>
    /// <param name="open">A node's wire; by default at any free port.</param>
    /// <returns>
    /// Whether it came to its end; if not, this means nothing but that the first election takes longer.
    /// </returns>
    public static async Task<bool> Run(CancellationToken over, Func<NodeId, TcpWire>? open = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(over);
        patience.CancelAfter(Patience);
        var configuration = Configuration.Of(1, 2, 3);
        var wires = new List<TcpWire>();
        var nodes = new List<RaftNode<Store, Batch, Seq<Answer>>>();
        try
        {
            wires.AddRange(configuration.Members.AsEnumerable().Select(open ?? Wire));
            foreach (var one in wires)
                foreach (var other in wires.Where(other => other != one)) one.AddPeer(other.Self, other.LocalEndPoint);
            nodes.AddRange(wires.Select(wire => RaftNode.Start(
                wire.Self, configuration, wire, new InMemoryDisk(), new StoreMachine(), Hasty)));
            while (nodes.Count > 1)
            {
                var leader = await nodes.Select(node => node.Role.OfType<Role.Leader>().Select(_ => node)).Merge()
                    .FirstAsync().ToTask(patience.Token).ConfigureAwait(false);
                foreach (var node in nodes) await Write(node, patience.Token).ConfigureAwait(false);
                nodes.Remove(leader);
                await leader.DisposeAsync().ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception)
        {
            return false;                                           // whatever it was: no reason for the host to stop
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync().ConfigureAwait(false);
            foreach (var wire in wires) await wire.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static TcpWire Wire(NodeId self) =>
        TcpWire.Start(new(new ClusterId("rehearsal"), self, new IPEndPoint(IPAddress.Loopback, 0)));

    private static Task<Seq<Answer>> Write(
        RaftNode<Store, Batch, Seq<Answer>> node, CancellationToken cancel) => node.ProposeAsync(
        new Batch(0, Seq1<Change>(new Change.Add(Key.Of("rehearsal"), 1))), cancel);
}
