using System.Buffers;
using Google.Protobuf;

namespace RxRaft;

/// <summary>What two nodes say to each other before anything else, and what each makes of it.</summary>
internal static class Handshake
{
    /// <summary>The first and the last version that this code speaks, inclusive.</summary>
    public const uint MinVersion = 1, MaxVersion = 1;

    /// <summary>A set of bits.</summary>
    public const ulong Capabilities = 0;

    /// <summary>Of a whole frame, in bytes.</summary>
    public const int MaxFrame = 4 << 10;

    /// <summary>With what each side begins. Its line end shows who meant to translate text.</summary>
    public static ReadOnlySpan<byte> Preface => "RxRaft\r\n"u8;

    /// <summary>What each side sends: the preface, and one frame.</summary>
    public static ReadOnlyMemory<byte> Opening(Proto.Kind kind, IMessage message)
    {
        var buffer = new SendBuffer();
        buffer.Write(Preface);
        MessageWriter.Write(kind, message, buffer);
        return buffer.Written;
    }

    /// <summary>Looks at the first bytes of the other side, or some of them.</summary>
    /// <exception cref="FrameException">They are not the preface's.</exception>
    public static void RequireOpens(ReadOnlySpan<byte> bytes)
    {
        if (!Preface.StartsWith(bytes))
            throw new FrameException(WireRefusal.NotRaft,
                $"The other side began with the bytes {Convert.ToHexString(bytes)}, "
                + $"and this protocol begins with {Convert.ToHexString(Preface)}");
    }

    /// <summary>What a node says to one that it has dialled.</summary>
    public static Proto.Hello Hello(ClusterId cluster, NodeId self, NodeId peer) => new()
    {
        MinVersion   = MinVersion,
        MaxVersion   = MaxVersion,
        Capabilities = Capabilities,
        Cluster      = cluster.Name,
        From         = self.Value,
        To           = peer.Value,
    };

    /// <summary>What the other makes of it.</summary>
    /// <param name="hello">As it came.</param>
    /// <param name="cluster">Its own.</param>
    /// <param name="self">Itself.</param>
    /// <param name="knows">Whether a node is one of its peers.</param>
    public static Answer Decide(Proto.Hello hello, ClusterId cluster, NodeId self, Func<NodeId, bool> knows)
    {
        var from    = new NodeId(hello.From);
        var version = Math.Min(hello.MaxVersion, MaxVersion);

        return version < Math.Max(hello.MinVersion, MinVersion) ? new Answer.Refused(WireRefusal.NoCommonVersion,
                Say.Invariant($"It speaks versions {hello.MinVersion} to {hello.MaxVersion}, ")
                + Say.Invariant($"and {self} {MinVersion} to {MaxVersion}"))
            : hello.Cluster != cluster.Name ? new Answer.Refused(WireRefusal.WrongCluster,
                $"It is of the cluster {Printable(hello.Cluster)}, and {self} of {cluster}")
            : hello.To != self.Value ? new Answer.Refused(WireRefusal.WrongTarget,
                $"It wants to reach {new NodeId(hello.To)}, and this is {self}")
            : hello.From == 0 ? new Answer.Refused(WireRefusal.UnknownNode,
                "It does not say who it is: its id is 0, and ids begin with 1")
            : !knows(from) ? new Answer.Refused(WireRefusal.UnknownNode, $"{self} does not know {from}")
            : new Answer.Accepted(from, version, hello.Capabilities & Capabilities);
    }

    /// <summary>What the one who dialled makes of the answer.</summary>
    /// <returns>The version that both speak.</returns>
    /// <exception cref="RefusedException">There is none, or the other refused.</exception>
    /// <exception cref="FrameException">It is no answer.</exception>
    public static int Conclude(FrameHeader header, in ReadOnlySequence<byte> message) => header.Kind switch
    {
        Proto.Kind.Welcome => Conclude(Parse(Proto.Welcome.Parser, message)),
        Proto.Kind.Refusal => throw Refused(Parse(Proto.Refusal.Parser, message)),
        _ => throw new FrameException(WireRefusal.NotRaft,
            $"Its answer is of kind {(int)header.Kind}: it must be {(int)Proto.Kind.Welcome} (Welcome) or "
            + $"{(int)Proto.Kind.Refusal} (Refusal)"),
    };

    /// <summary>A message of the handshake.</summary>
    /// <exception cref="FrameException">It is none.</exception>
    public static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> bytes) where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new FrameException(
                WireRefusal.Malformed, $"{typeof(T).Name} of {bytes.Length} bytes: {failure.Message}", failure);
        }
    }

    private static int Conclude(Proto.Welcome welcome) =>
        welcome.Version is >= MinVersion and <= MaxVersion
            ? (int)welcome.Version
            : throw new RefusedException(WireRefusal.NoCommonVersion,
                Say.Invariant($"It wants version {welcome.Version}, and {MinVersion} to {MaxVersion} are there"));

    private static RefusedException Refused(Proto.Refusal refusal) => new(
        refusal.Reason <= (uint)WireRefusal.Malformed ? (WireRefusal)refusal.Reason : WireRefusal.Other,
        Say.Invariant($"It refused, for reason {refusal.Reason}: {Printable(refusal.Words)}"));

    /// <summary>What strangers say goes into logs: not too much of it, and nothing that moves the cursor.</summary>
    private static string Printable(string words)
    {
        var some = words.Length > 200 ? words[..200] : words;
        return string.Create(some.Length, some, static (place, from) =>
        {
            for (var i = 0; i < place.Length; i++) place[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
    }
}

/// <summary>What a node answers to one that has dialled it.</summary>
internal abstract record Answer
{
    private Answer() { }

    /// <summary>It may speak.</summary>
    public sealed record Accepted(NodeId From, uint Version, ulong Capabilities) : Answer;

    /// <summary>It may not.</summary>
    public sealed record Refused(WireRefusal Reason, string Words) : Answer;
}

/// <summary>One side wants nothing of the other.</summary>
/// <param name="reason">Why.</param>
/// <param name="words">Why, with the values that were wrong.</param>
/// <param name="cause">What found it.</param>
internal sealed class RefusedException(WireRefusal reason, string words, Exception? cause = null)
    : Exception(words, cause)
{
    /// <summary>Why.</summary>
    public WireRefusal Reason => reason;
}
