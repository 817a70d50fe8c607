using System.Buffers;
using Kind = RxRaft.Proto.Payloads.Types.Kind;

namespace RxRaft;

/// <summary>Takes payloads out of columns, and their bytes out of the attachment.</summary>
internal ref struct PayloadReader
{
    private const int Kept = 32 << 10;

    private readonly Proto.Payloads columns;
    private DifferenceReader sessions;
    private DifferenceReader sequences;
    private DifferenceReader unanswered;
    private ColumnReader<uint> lengths;
    private ColumnReader<uint> maxSessions;
    private ReadOnlySequence<byte> attachment;
    private byte[] bytes = [];
    private int used;
    private int commandsLeft;
    private int counts;
    private int nodes;

    /// <summary>Counts what there is.</summary>
    /// <param name="columns">Not to be changed while this reads.</param>
    /// <param name="attachment">Copied, not kept.</param>
    /// <param name="most">Payloads.</param>
    /// <param name="withTerms">Whether they are a log's entries.</param>
    /// <exception cref="FrameException">There are more, or the runs are none.</exception>
    public PayloadReader(
        Proto.Payloads columns, in ReadOnlySequence<byte> attachment, int most, bool withTerms)
    {
        this.columns    = columns;
        this.attachment = attachment;
        sessions        = new(columns.Session);
        sequences       = new(columns.Sequence);
        unanswered      = new(columns.FirstUnanswered);
        lengths         = new(columns.Length);
        maxSessions     = new(columns.MaxSessions);
        Count           = CountRuns(most, withTerms);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Whether every kind of payload is one that this version knows.</summary>
    public readonly bool IsUnderstood
    {
        get
        {
            for (var run = 0; run < columns.RunKind.Count; run++)
                if (columns.RunKind[run] > (uint)Kind.Configure) return false;
            return true;
        }
    }

    /// <summary>Takes the next one.</summary>
    /// <param name="kind">That of its run.</param>
    /// <exception cref="FrameException">It is none.</exception>
    public Payload Next(uint kind) => (Kind)kind switch
    {
        Kind.Command => Command(),
        Kind.Noop => Payload.Noop.Instance,
        Kind.Register => Register(),
        Kind.Configure => new Payload.Configure(Configuration()),
        _ => throw new FrameException($"A payload of kind {kind}, and {(uint)Kind.Configure} is the last"),
    };

    /// <summary>Takes all of them as entries.</summary>
    /// <param name="after">The place before the first. There are places for all of them.</param>
    /// <exception cref="FrameException">One is none.</exception>
    public Seq<Entry> Entries(LogIndex after)
    {
        if (Count == 0) return [];

        var entries = new Entry[Count];
        var at      = 0;
        for (var run = 0; run < columns.RunKind.Count; run++)
        {
            var (kind, term) = (columns.RunKind[run], new Term(columns.RunTerm[run]));
            for (var left = columns.RunLength[run]; left > 0; left--, at++)
                entries[at] = new(new(term, after + (at + 1)), Next(kind));
        }

        return toSeq(entries);
    }

    /// <summary>Makes sure that nothing is left.</summary>
    /// <exception cref="FrameException">Something is.</exception>
    public readonly void End()
    {
        if (!attachment.IsEmpty)
            throw new FrameException($"The attachment has {attachment.Length} bytes more than its commands");

        RequireUsed("session", sessions.Used, columns.Session.Count);
        RequireUsed("sequence", sequences.Used, columns.Sequence.Count);
        RequireUsed("first_unanswered", unanswered.Used, columns.FirstUnanswered.Count);
        RequireUsed("length", lengths.Used, columns.Length.Count);
        RequireUsed("max_sessions", maxSessions.Used, columns.MaxSessions.Count);
        RequireUsed("node_counts", counts, columns.NodeCounts.Count);
        RequireUsed("nodes", nodes, columns.Nodes.Count);
    }

    private static void RequireUsed(string column, int used, int all)
    {
        if (used != all)
            throw new FrameException($"Column {column} has {all} values, and the payloads are {used} of them");
    }

    private int CountRuns(int most, bool withTerms)
    {
        var runs = columns.RunKind.Count;
        if (columns.RunLength.Count != runs || columns.RunTerm.Count != (withTerms ? runs : 0))
            throw new FrameException(
                $"{runs} runs by run_kind, and run_length has {columns.RunLength.Count} values, "
                + $"run_term {columns.RunTerm.Count}, where {runs} and {(withTerms ? runs : 0)} should be");

        var count = 0L;
        for (var run = 0; run < runs; run++)
        {
            var length = columns.RunLength[run];
            if (length == 0) throw new FrameException($"Run {run} of {runs} has 0 payloads: it must have 1 at least");
            count += length;
            if (columns.RunKind[run] == (uint)Kind.Command) commandsLeft += (int)Math.Min(length, most);
            if (count > most) throw new FrameException($"{count} payloads or more, and {most} are the most");
        }

        return (int)count;
    }

    private Payload.Command Command()
    {
        commandsLeft--;
        var length  = lengths.Next();
        var request = new RequestId(new SessionId(sessions.Next()), sequences.Next());
        return new(request, unanswered.Next(), Bytes(length));
    }

    /// <summary>Commands share an array, but not so many that one which is kept keeps much else.</summary>
    private ReadOnlyMemory<byte> Bytes(uint length)
    {
        if (length > (uint)(bytes.Length - used)) Refill(length);
        var own = new ReadOnlyMemory<byte>(bytes, used, (int)length);
        used += (int)length;
        return own;
    }

    /// <summary>Copies the bytes of this command and of those after it, as many as go into one array.</summary>
    private void Refill(uint length)
    {
        var ahead = lengths;                            // a copy, which looks on from here
        var size  = (long)length;
        for (var left = commandsLeft; left > 0; left--)
        {
            var more = ahead.Next();
            if (size + more > Kept) break;
            size += more;
        }

        if (size > attachment.Length)
            throw new FrameException($"Commands of {size} bytes, and {attachment.Length} are left");

        (bytes, used) = (GC.AllocateUninitializedArray<byte>((int)size), 0);
        attachment.Slice(0, size).CopyTo(bytes);
        attachment = attachment.Slice(size);
    }

    private Payload.Register Register()
    {
        var request = new RequestId(new SessionId(sessions.Next()), sequences.Next());
        var most    = maxSessions.Next();
        return most is 0 or > int.MaxValue
            ? throw new FrameException($"max_sessions is {most}: it must be 1 to {int.MaxValue}")
            : new(request, (int)most);
    }

    private Configuration Configuration() => Configurations.Of(Nodes(), Nodes(), Nodes());

    private Seq<NodeId> Nodes()
    {
        if (counts == columns.NodeCounts.Count)
            throw new FrameException($"Column node_counts has {counts} values, and the configurations need more");

        var count = columns.NodeCounts[counts++];
        if (count > columns.Nodes.Count - nodes)
            throw new FrameException($"A configuration of {count} nodes, and {columns.Nodes.Count - nodes} are left");

        var some = Configurations.Nodes(columns.Nodes, nodes, (int)count);
        nodes += (int)count;
        return some;
    }
}
