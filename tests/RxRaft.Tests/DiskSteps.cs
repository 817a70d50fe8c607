using System.Buffers;
using System.Linq;
using System.Reactive.Linq;
using System.Text;

namespace RxRaft.Tests;

/// <summary>What tests of disks do to them.</summary>
internal static class DiskSteps
{
    public static readonly Configuration Three = Configuration.Of(1, 2, 3);
    public static readonly LogPosition At2 = new(new Term(1), new LogIndex(2));

    public static IObservable<Snapshot> Save(this IDisk disk, string bytes) =>
        disk.Save(At2, Three, writer => writer.Write(Encoding.UTF8.GetBytes(bytes)));

    /// <summary>The bytes as text, if there are any.</summary>
    public static string[] Texts(this IDisk disk, Snapshot snapshot, long offset, int length) =>
        [.. disk.Read(snapshot, offset, length).ToEnumerable().Select(bytes => Encoding.UTF8.GetString(bytes.Span))];

    public static void Done(IObservable<Unit> change) => Assert.Equal(Unit.Default, change.Wait());

    public static Effect.StoreChunk Part(Snapshot snapshot, long offset, string bytes) =>
        new(snapshot, offset, Encoding.UTF8.GetBytes(bytes));

    public static Effect.Persist Naming(Snapshot snapshot) =>
        new(new Term(1), None, snapshot, snapshot.Last, snapshot.Last.Index, [], snapshot.Last);

    public static Effect.Persist Entries(ulong from, int count)
    {
        var entries = toSeq(Enumerable.Range(0, count).Select(n =>
            new Entry(new(new Term(1), new LogIndex(from + (ulong)n)), Payload.Noop.Instance))).Strict();
        return new(new Term(1), None, None, LogPosition.Zero, new LogIndex(from - 1), entries, entries.Last.Position);
    }
}
