using System.Buffers;
using System.IO;
using System.IO.Pipelines;

namespace RxRaft;

/// <summary>Frames as they arrive, by blocking reads. One thread fills the pipe and empties it.</summary>
/// <param name="stream">Read from here only.</param>
/// <param name="from">Who says all of this.</param>
/// <param name="most">Bytes that a frame may have.</param>
internal sealed class FrameReader(Stream stream, NodeId from, int most) : IDisposable
{
    private const int AtOnce = 64 << 10;

    private static readonly PipeOptions Unlimited = new(                    // a frame is, and so what it holds
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: 2 * AtOnce,
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);

    private readonly Pipe pipe = new(Unlimited);
    private readonly MessageReader messages = new(most);
    private readonly int mostPayloads = most / MessageWriter.EntryBytes;
    private Input.Receive[] together = new Input.Receive[64];
    private int count;
    private bool more;                                                      // frames that came and were not taken

    /// <summary>Bytes of a frame that is not all there.</summary>
    public long Incomplete { get; private set; }

    /// <summary>Bytes that arrived with the last read.</summary>
    public int Arrived { get; private set; }

    /// <summary>Whole frames among them.</summary>
    public int Frames { get; private set; }

    /// <summary>The kind of the latest message that was not understood.</summary>
    public Option<Proto.Kind> Unknown { get; private set; }

    /// <summary>How many were not.</summary>
    public int Skipped { get; private set; }

    /// <summary>
    /// Waits until something arrives, and takes all whole frames out of it; but not at once what would be more entries
    /// than one frame may have: a few bytes can say many that are alike.
    /// </summary>
    /// <param name="received">In their order; none, if no frame is whole.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="FrameException">What arrived means nothing.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool Read(out Seq<Input.Receive> received)
    {
        (received, Frames, Skipped, Arrived) = ([], 0, 0, 0);
        if (!more)
        {
            Arrived = stream.Read(pipe.Writer.GetMemory(AtOnce).Span);
            if (Arrived == 0) return false;

            pipe.Writer.Advance(Arrived);
            var flush = pipe.Writer.FlushAsync();
            if (!flush.IsCompleted) throw Unreachable.Case(flush);          // nothing limits the pipe
        }

        more = false;
        if (pipe.Reader.TryRead(out var result)) received = Take(result.Buffer);
        return true;
    }

    /// <summary>Gives its memory back.</summary>
    public void Dispose()
    {
        pipe.Writer.Complete();
        pipe.Reader.Complete();
    }

    private Seq<Input.Receive> Take(ReadOnlySequence<byte> bytes)
    {
        var payloads = 0;
        while (!more && FrameHeader.TryTake(ref bytes, most, out var header, out var message, out var attachment))
        {
            Frames++;
            if (messages.Read(header.Kind, message, attachment) is { } said)
            {
                Add(said);
                payloads += PayloadsIn(said);
                more = payloads >= mostPayloads;
            }
            else (Unknown, Skipped) = (header.Kind, Skipped + 1);
        }

        Incomplete = bytes.Length;
        more &= Incomplete > 0;
        pipe.Reader.AdvanceTo(bytes.Start, more ? bytes.Start : bytes.End);
        var all = count == 1 ? Seq1(together[0]) : toSeq(together[..count]);
        together.AsSpan(0, count).Clear();
        count = 0;
        return all;
    }

    private static int PayloadsIn(Message message) =>
        (message as Message.AppendEntries)?.Entries.Count ?? (message as Message.Forward)?.Proposals.Count ?? 0;

    private void Add(Message message)
    {
        if (count == together.Length) System.Array.Resize(ref together, 2 * count);
        together[count++] = new(from, message);
    }
}
