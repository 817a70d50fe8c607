namespace RxRaft;

/// <summary>Reads what <see cref="LogEncoding"/> writes, or says where it is something else.</summary>
internal static class LogDecoding
{
    /// <summary>The next group.</summary>
    /// <exception cref="DiskCorruptionException">There is none.</exception>
    public static LogGroup Group(this DiskBytes bytes) => bytes.Byte() switch
    {
        LogEncoding.Head => new LogGroup.Head(bytes.Outline()),
        LogEncoding.Change => bytes.Change(),
        var kind => throw bytes.Wrong($"a group of kind {kind}, not {LogEncoding.Head} or {LogEncoding.Change}"),
    };

    private static LogOutline Outline(this DiskBytes bytes) =>
        new(new Term(bytes.Varint()), bytes.Vote(), bytes.File(), bytes.Position(), bytes.Position());

    private static LogGroup.Change Change(this DiskBytes bytes)
    {
        var (term, vote) = (new Term(bytes.Varint()), bytes.Vote());
        var file  = bytes.Flag() ? Some(bytes.File()) : None;
        var start = file.IsSome ? bytes.Position() : LogPosition.Zero;
        var keep  = new LogIndex(bytes.Varint());
        var last  = new Term(bytes.Varint());
        var count = bytes.Count(least: 2);
        if (keep.Value > ulong.MaxValue - (ulong)count) throw bytes.Wrong($"{count} entries after {keep}");

        var entries = new Entry[count];
        for (var i = 0; i < count; i++)
            entries[i] = new(new(new Term(bytes.Varint()), keep + (i + 1)), bytes.Payload());
        var named = file.Map(some => some.Snapshot);
        return new(new(term, vote, named, start, keep, toSeq(entries), new(last, keep + count)), file);
    }

    private static Payload Payload(this DiskBytes bytes) => bytes.Byte() switch
    {
        LogEncoding.Noop => RxRaft.Payload.Noop.Instance,
        LogEncoding.Command => new Payload.Command(bytes.Request(), bytes.Varint(), bytes.Take(bytes.Count(least: 1))),
        LogEncoding.Register => new Payload.Register(bytes.Request(), bytes.Sessions()),
        LogEncoding.Configure => new Payload.Configure(bytes.Configuration()),
        var kind => throw bytes.Wrong($"an entry of kind {kind}, not {LogEncoding.Noop} to {LogEncoding.Configure}"),
    };

    private static RequestId Request(this DiskBytes bytes) => new(new SessionId(bytes.Varint()), bytes.Varint());

    private static int Sessions(this DiskBytes bytes)
    {
        var sessions = bytes.Varint();
        return sessions <= int.MaxValue ? (int)sessions
            : throw bytes.Wrong($"{sessions} sessions, which are more than {int.MaxValue}");
    }

    private static Configuration Configuration(this DiskBytes bytes) => bytes.Byte() switch
    {
        LogEncoding.Simple => bytes.Right(MemberLists.Simple(bytes.Nodes(), bytes.Nodes())),
        LogEncoding.Joint => bytes.Right(MemberLists.Joint(bytes.Nodes(), bytes.Nodes(), bytes.Nodes())),
        var kind => throw bytes.Wrong(
            $"a configuration of kind {kind}, not {LogEncoding.Simple} or {LogEncoding.Joint}"),
    };

    private static Configuration Right(this DiskBytes bytes, Either<string, Configuration> read) =>
        read.Match(configuration => configuration, wrong => throw bytes.Wrong($"a configuration: {wrong}"));

    private static Seq<NodeId> Nodes(this DiskBytes bytes)
    {
        var nodes = new NodeId[bytes.Count(least: 1)];
        for (var at = 0; at < nodes.Length; at++) nodes[at] = new(bytes.Varint());
        return toSeq(nodes);
    }

    private static SnapshotFile File(this DiskBytes bytes)
    {
        var (last, configuration, size) = (bytes.Position(), bytes.Configuration(), bytes.Varint());
        if (size > long.MaxValue) throw bytes.Wrong($"a snapshot of {size} bytes, more than {long.MaxValue}");

        var file = new SnapshotFile(new(last, configuration, (long)size), bytes.Varint(), bytes.UInt32());
        return size == 0 == (file.Number == 0)
            ? file
            : throw bytes.Wrong(
                $"a snapshot of {size} bytes in file {file.Number}; those without bytes are in file 0, no others");
    }

    private static LogPosition Position(this DiskBytes bytes) =>
        new(new Term(bytes.Varint()), new LogIndex(bytes.Varint()));

    private static Option<NodeId> Vote(this DiskBytes bytes) =>
        bytes.Flag() ? new NodeId(bytes.Varint()) : Option<NodeId>.None;

    private static bool Flag(this DiskBytes bytes)
    {
        var flag = bytes.Byte();
        return flag <= 1 ? flag == 1 : throw bytes.Wrong($"{flag} where 0 or 1 should be");
    }
}
