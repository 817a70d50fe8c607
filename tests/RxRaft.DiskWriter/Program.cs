using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reactive.Linq;

namespace RxRaft.DiskWriter;

/// <summary>
/// Writes entries to the disk in a directory, several changes at a time, and says of each when it is durable, until it
/// is killed. First it says what it has found, and looks whether all of that is what it would have written.
/// </summary>
internal static class Program
{
    private const int Together = 4;

    private static int Main(string[] args)
    {
        InstanceSearch.Skip();
        var random = new Random(int.Parse(args[1], CultureInfo.InvariantCulture));
        try
        {
            using var disk = FileDisk.Open(
                args[0], new ClusterId("orders"), new NodeId(1), new FileDiskOptions { SegmentBytes = 64 << 10 });
            var state = disk.Recover();
            Check(disk, state);
            Console.WriteLine($"found {state.Log.LastIndex.Value} {state.CurrentTerm.Value}.");
            while (true) state = Go(disk, state, random);
        }
        catch (Exception fault) when (fault is DiskRefusedException or DiskCorruptionException or InvalidOperationException)
        {
            Console.WriteLine($"refused {fault.Message}");
            return 1;
        }
    }

    /// <summary>Some changes at once, then perhaps a snapshot.</summary>
    private static PersistentState Go(FileDisk disk, PersistentState state, Random random)
    {
        var changes = new List<Effect.Persist>();
        while (changes.Count < Together)
        {
            changes.Add(Change(state, random.Next(0, 4)));
            state = state.After(changes[^1]);
        }

        changes.Select(change => disk.Write(change).Do(_ => Say(change))).ToObservable().SelectMany(write => write).Wait();
        if (random.Next(20) > 0 || state.Log.Last == state.Log.Snapshot.Last) return state;

        var snapshot = disk.Save(state.Log.Last, Configuration.Of(1, 2, 3), writer => writer.Write(Bytes(state.Log.LastIndex))).Wait();
        var naming = new Effect.Persist(
            state.CurrentTerm, None, snapshot, snapshot.Last, snapshot.Last.Index, [], snapshot.Last);
        disk.Write(naming).Wait();
        return state.After(naming);
    }

    private static void Say(Effect.Persist change) =>
        Console.WriteLine($"durable {change.LastLog.Index.Value} {change.CurrentTerm.Value}.");

    /// <summary>No entries is a new term.</summary>
    private static Effect.Persist Change(PersistentState state, int count)
    {
        var term = count == 0 || state.CurrentTerm.Value == 0 ? state.CurrentTerm.Next : state.CurrentTerm;
        var last = state.Log.LastIndex;
        var entries = Enumerable.Range(1, count).Select(n => new Entry(
            new(term, last + n), new Payload.Command(new(SessionId.None, 1), 0, Bytes(last + n)))).ToArray();
        return new(
            term, None, None, LogPosition.Zero, last, toSeq(entries), count == 0 ? state.Log.Last : entries[^1].Position);
    }

    private static byte[] Bytes(LogIndex index)
    {
        var bytes = new byte[10 + (int)(index.Value * 7919 % 600)];
        new Random((int)index.Value).NextBytes(bytes);
        return bytes;
    }

    private static void Check(FileDisk disk, PersistentState state)
    {
        var log = state.Log;
        foreach (var entry in log.After(log.Base.Index))
            if (entry.Payload is not Payload.Command command || !command.Bytes.Span.SequenceEqual(Bytes(entry.Index)))
                throw new InvalidOperationException($"the entry at {entry.Position} is another");

        if (log.Snapshot.Size == 0) return;
        var snapshot = disk.Read(log.Snapshot, 0, (int)log.Snapshot.Size).Wait();
        if (!snapshot.Span.SequenceEqual(Bytes(log.Snapshot.Last.Index)))
            throw new InvalidOperationException($"the snapshot at {log.Snapshot.Last} is another");
    }
}
