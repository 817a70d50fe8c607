namespace RxRaft.Samples.KeyValue;

/// <summary>What a client is answered.</summary>
internal abstract record Reply
{
    private Reply() { }

    /// <summary>A word.</summary>
    public sealed record Simple(string Text) : Reply;

    /// <summary>Its first word, in capitals, is its kind.</summary>
    public sealed record Error(string Text) : Reply;

    public sealed record Number(long Value) : Reply;

    public sealed record Bulk(Bytes Value) : Reply;

    /// <summary>No value.</summary>
    public sealed record Null : Reply;

    public sealed record Many(Seq<Reply> Items) : Reply;

    /// <summary>Names and values; in RESP2 in turn.</summary>
    public sealed record Pairs(Seq<(string Name, Reply Value)> Items) : Reply;

    public static readonly Reply Ok = new Simple("OK");
    public static readonly Reply Nothing = new Null();

    public static Reply Of(Option<Bytes> value) => value.Case is Bytes bytes ? new Bulk(bytes) : Nothing;

    public static Reply Of(string text) => new Bulk(Bytes.Of(text));

    public static Reply Err(string text) => new Error($"ERR {text}");
}
