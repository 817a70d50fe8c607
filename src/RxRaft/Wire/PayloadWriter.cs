using Google.Protobuf.Collections;
using Kind = RxRaft.Proto.Payloads.Types.Kind;

namespace RxRaft;

/// <summary>Puts payloads into columns, which are used again.</summary>
internal ref struct PayloadWriter
{
    private readonly Proto.Payloads columns;
    private DifferenceWriter sessions;
    private DifferenceWriter sequences;
    private DifferenceWriter unanswered;
    private ColumnWriter<uint> lengths;
    private ColumnWriter<uint> maxSessions;
    private Kind kind;
    private ulong term;
    private uint run;

    /// <summary>Begins with empty columns.</summary>
    private PayloadWriter(Proto.Payloads columns)
    {
        Empty(columns);
        this.columns = columns;
        sessions     = new(columns.Session);
        sequences    = new(columns.Sequence);
        unanswered   = new(columns.FirstUnanswered);
        lengths      = new(columns.Length);
        maxSessions  = new(columns.MaxSessions);
    }

    /// <summary>Of the commands, in bytes.</summary>
    private long Attachment { get; set; }

    /// <summary>Puts entries into columns.</summary>
    /// <returns>Bytes of their commands, which are to be attached.</returns>
    public static long Fill(Proto.Payloads columns, Seq<Entry> entries)
    {
        var writer = new PayloadWriter(columns);
        for (var i = 0; i < entries.Count; i++)
            writer.Add(entries[i].Payload, entries[i].Term.Value, withTerm: true);
        writer.End(withTerm: true);
        return writer.Attachment;
    }

    /// <summary>Puts what are no entries yet into columns.</summary>
    /// <returns>Bytes of their commands, which are to be attached.</returns>
    public static long Fill(Proto.Payloads columns, Seq<Proposal> proposals)
    {
        var writer = new PayloadWriter(columns);
        for (var i = 0; i < proposals.Count; i++) writer.Add(proposals[i].Payload, ofTerm: 0, withTerm: false);
        writer.End(withTerm: false);
        return writer.Attachment;
    }

    /// <summary>Adds the commands of entries.</summary>
    public static void Attach(Seq<Entry> entries, SendBuffer buffer)
    {
        for (var i = 0; i < entries.Count; i++)
            if (entries[i].Payload is Payload.Command command) buffer.Attach(command.Bytes);
    }

    /// <summary>Adds the commands of what are no entries yet.</summary>
    public static void Attach(Seq<Proposal> proposals, SendBuffer buffer)
    {
        for (var i = 0; i < proposals.Count; i++)
            if (proposals[i].Payload is Payload.Command command) buffer.Attach(command.Bytes);
    }

    /// <summary>Columns without anything in them, but with room.</summary>
    public static void Empty(Proto.Payloads columns)
    {
        columns.RunKind.Clear();
        columns.RunLength.Clear();
        columns.RunTerm.Clear();
        columns.Session.Clear();
        columns.Sequence.Clear();
        columns.FirstUnanswered.Clear();
        columns.Length.Clear();
        columns.MaxSessions.Clear();
        columns.NodeCounts.Clear();
        columns.Nodes.Clear();
    }

    /// <summary>Ends the last run.</summary>
    private void End(bool withTerm)
    {
        if (run == 0) return;

        columns.RunKind.Add((uint)kind);
        columns.RunLength.Add(run);
        if (withTerm) columns.RunTerm.Add(term);
        run = 0;
    }

    private void Add(Payload payload, ulong ofTerm, bool withTerm)
    {
        var next = KindOf(payload);
        if (next != kind || ofTerm != term)
        {
            End(withTerm);
            (kind, term) = (next, ofTerm);
        }

        run++;
        if (payload is Payload.Command command) Add(command);
        else if (payload is Payload.Register register) Add(register);
        else if (payload is Payload.Configure configure) Add(configure.Configuration);
    }

    private static Kind KindOf(Payload payload) => payload switch
    {
        Payload.Command => Kind.Command,
        Payload.Noop => Kind.Noop,
        Payload.Register => Kind.Register,
        Payload.Configure => Kind.Configure,
        _ => throw Unreachable.Case(payload),
    };

    private void Add(Payload.Command command)
    {
        var length = command.Bytes.Length;
        sessions.Add(command.Request.Session.Value);
        sequences.Add(command.Request.Sequence);
        unanswered.Add(command.FirstUnanswered);
        lengths.Add((uint)length);
        Attachment += length;
    }

    private void Add(Payload.Register register)
    {
        sessions.Add(register.Request.Session.Value);
        sequences.Add(register.Request.Sequence);
        maxSessions.Add((uint)register.MaxSessions);
    }

    private readonly void Add(Configuration configuration)
    {
        var (voters, next, learners) = Configurations.Parts(configuration);
        Add(voters);
        Add(next);
        Add(learners);
    }

    private readonly void Add(Set<NodeId> nodes)
    {
        columns.NodeCounts.Add((uint)nodes.Count);
        Configurations.Put(columns.Nodes, nodes);
    }
}

/// <summary>Configurations as sets of numbers.</summary>
internal static class Configurations
{
    /// <summary>Voters, next voters and learners. There are next voters only between two configurations.</summary>
    public static (Set<NodeId> Voters, Set<NodeId> Next, Set<NodeId> Learners) Parts(Configuration configuration) =>
        configuration switch
        {
            Configuration.Simple(var voters, var learners) => (voters, Set<NodeId>(), learners),
            Configuration.Joint(var old, var next, var learners) => (old, next, learners),
            _ => throw Unreachable.Case(configuration),
        };

    /// <summary>Puts them together again.</summary>
    /// <exception cref="FrameException">No cluster has such a configuration.</exception>
    public static Configuration Of(Seq<NodeId> voters, Seq<NodeId> next, Seq<NodeId> learners) =>
        (next.IsEmpty ? MemberLists.Simple(voters, learners) : MemberLists.Joint(voters, next, learners))
        .Match(configuration => configuration, wrong => throw new FrameException($"A configuration: {wrong}"));

    /// <summary>A set of nodes as their numbers, in their order.</summary>
    public static void Put(RepeatedField<ulong> into, Set<NodeId> nodes)
    {
        foreach (var node in nodes) into.Add(node.Value);
    }

    /// <summary>Some of the numbers as nodes.</summary>
    public static Seq<NodeId> Nodes(RepeatedField<ulong> from, int start, int count)
    {
        var nodes = new NodeId[count];
        for (var at = 0; at < count; at++) nodes[at] = new(from[start + at]);
        return toSeq(nodes);
    }
}
