using System.Linq;

namespace RxRaft.Samples.KeyValue;

/// <summary>Commands that look at the store.</summary>
internal static class Reads
{
    private const int MostReplied = 64 << 20;

    public static Plan Get(Request request)
    {
        var key = request.Key(0);
        return new Plan.Read(store => Reply.Of(store.Value(key)));
    }

    public static Plan GetAll(Request request)
    {
        var keys = Keys(request);
        return new Plan.Read(store => Many(keys.Map(key => Reply.Of(store.Value(key)))));
    }

    public static Plan Exists(Request request)
    {
        var keys = Keys(request);
        return new Plan.Read(store => new Reply.Number(keys.Filter(key => store.Find(key).IsSome).Count));
    }

    public static Plan Length(Request request)
    {
        var key = request.Key(0);
        return new Plan.Read(store => new Reply.Number(store.Value(key).Match(value => value.Length, () => 0)));
    }

    public static Plan Type(Request request)
    {
        var key = request.Key(0);
        return new Plan.Read(store => new Reply.Simple(store.Find(key).IsSome ? "string" : "none"));
    }

    /// <summary>How long a key has to live by the store's clock: -1 for ever, -2 not at all.</summary>
    public static Plan Left(Request request, int unit)
    {
        var key = request.Key(0);
        return new Plan.Read(store => new Reply.Number(
            store.Find(key).Case is not Held held ? -2
            : held.Deadline.Case is not long end ? -1
            : (end - store.Now + unit / 2) / unit));
    }

    public static Plan Count() => new Plan.Read(store => new Reply.Number(store.Count));

    /// <summary>Replies, unless they are more than anybody should keep for a client.</summary>
    public static Reply Many(Seq<Reply> replies)
    {
        var (kept, bytes) = (Seq<Reply>(), 0L);
        foreach (var reply in replies)
        {
            bytes += reply is Reply.Bulk(var value) ? value.Length : 0;
            if (bytes > MostReplied) return Reply.Err($"the reply exceeds {MostReplied} bytes");
            kept = kept.Add(reply);
        }

        return new Reply.Many(kept);
    }

    public static Seq<Key> Keys(Request request) =>
        toSeq(Enumerable.Range(0, request.Count).Select(request.Key)).Strict();
}
