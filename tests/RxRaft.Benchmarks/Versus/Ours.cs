using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>RxRaft as its users have it: a state machine, exactly once, the result of the command.</summary>
internal sealed class Ours : IContender
{
    private static readonly Settings Patient = Settings.Default with
    {
        ElectionTimeoutMin = TimeSpan.FromMilliseconds(1000),
        ElectionTimeoutMax = TimeSpan.FromMilliseconds(2000),
    };

    private static readonly ClusterId Name = new("versus");

    private readonly List<RaftNode<long, ReadOnlyMemory<byte>, long>> nodes = [];
    private readonly List<TcpWire> wires = [];
    private readonly List<FileDisk> disks = [];
    private readonly List<Journal> journals = [];
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("versus-");
    private RaftNode<long, ReadOnlyMemory<byte>, long>? leader;

    /// <param name="storage">Of the nodes.</param>
    /// <param name="inPlace">Whether callers go on where their answer becomes known.</param>
    public static Task<IContender> Start(Storage storage, bool inPlace = false) => Start(storage, recordIn: null, inPlace);

    /// <param name="storage">Of the nodes.</param>
    /// <param name="recordIn">Where every step of every node is recorded, if it is.</param>
    /// <param name="inPlace">Whether callers go on where their answer becomes known.</param>
    public static async Task<IContender> Start(Storage storage, string? recordIn, bool inPlace = false)
    {
        var cluster = new Ours();
        var ports   = Ports.Free(3);
        var peers   = toMap(ports.Select((port, place) =>
            (new NodeId((ulong)place + 1), (EndPoint)new IPEndPoint(IPAddress.Loopback, port))));
        foreach (var (self, address) in peers) cluster.Add(self, (IPEndPoint)address, peers, storage, recordIn, inPlace);

        var leads = cluster.nodes.Select(node => node.Role.OfType<Role.Leader>().Select(_ => node));
        cluster.leader = await leads.Merge().FirstAsync().ToTask();
        return cluster;
    }

    public Task Commit(byte[] command) => leader!.ProposeAsync(command);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        foreach (var wire in wires) await wire.DisposeAsync();
        foreach (var disk in disks) disk.Dispose();
        foreach (var journal in journals) journal.Dispose();
        directory.Delete(recursive: true);
    }

    private void Add(
        NodeId self, IPEndPoint address, Map<NodeId, EndPoint> peers, Storage storage, string? recordIn, bool inPlace)
    {
        var wire = TcpWire.Start(new TcpWireOptions(Name, self, address) { Peers = peers });
        wires.Add(wire);
        var journal = recordIn is null
            ? null
            : Journal.Open(Path.Combine(recordIn, $"{self}"), new() { MaxBytes = 16L << 30 });
        if (journal is not null) journals.Add(journal);
        nodes.Add(RaftNode.Start(
            self, Configuration.OfNodes(toSeq(peers.Keys)), wire, Disk(self, storage), new Count(), Patient,
            journal: journal, answersInPlace: inPlace));
    }

    private IDisk Disk(NodeId self, Storage storage)
    {
        if (storage == Storage.Memory) return new InMemoryDisk();

        var disk = FileDisk.Open(Path.Combine(directory.FullName, $"{self}"), Name, self);
        disks.Add(disk);
        return disk;
    }

    /// <summary>Counts commands, whatever is in them.</summary>
    internal sealed class Count : IMachine<long, ReadOnlyMemory<byte>, long>
    {
        public long Initial => 0;

        public ISerializer<long> States { get; } = new Number();

        public ISerializer<ReadOnlyMemory<byte>> Commands { get; } = new Plain();

        public ISerializer<long> Results { get; } = new Number();

        public (long State, long Result) Apply(long state, ReadOnlyMemory<byte> command) => (state + 1, state + 1);
    }

    private sealed class Number : ISerializer<long>
    {
        public void Write(long value, IBufferWriter<byte> writer)
        {
            BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(sizeof(long)), value);
            writer.Advance(sizeof(long));
        }

        public long Read(ReadOnlyMemory<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);
    }

    private sealed class Plain : ISerializer<ReadOnlyMemory<byte>>
    {
        public void Write(ReadOnlyMemory<byte> value, IBufferWriter<byte> writer) => writer.Write(value.Span);

        public ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> bytes) => bytes;
    }
}
