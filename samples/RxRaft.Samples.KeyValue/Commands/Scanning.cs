using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;

namespace RxRaft.Samples.KeyValue;

/// <summary>SCAN and KEYS.</summary>
/// <remarks>
/// The cursor is the hash of the next key, and keys are in the order of their hashes: what is there from the first call
/// to the last is returned, whatever comes and goes meanwhile, and whichever node is asked.
/// </remarks>
internal static class Scanning
{
    private const int UsualCount = 10;
    private const int MostCount = 100_000;

    private sealed record Options(Option<Bytes> Match, int Count, bool Texts);

    public static Plan Scan(Request request)
    {
        var from = Utf8Parser.TryParse(request[0].Span, out ulong cursor, out var read) && read == request[0].Length
            ? cursor
            : throw new BadRequestException("ERR invalid cursor");
        var options = Read(request);
        return new Plan.Read(store => Page(store, from, options));
    }

    public static Plan Keys(Request request)
    {
        var pattern = request[0];
        return new Plan.Read(store => Reads.Many(store.All
            .Filter(each => !each.Value.IsOver(store.Now) && Glob.Matches(pattern.Span, each.Key.Name.Span))
            .Map(each => (Reply)new Reply.Bulk(each.Key.Name))));
    }

    private static Options Read(Request request)
    {
        var options = new Options(None, UsualCount, Texts: true);
        for (var i = 1; i < request.Count; i += 2)
        {
            if (i + 1 == request.Count) throw BadRequestException.Syntax;
            options = request.Word(i) switch
            {
                "MATCH" => options with { Match = request[i + 1] },
                "COUNT" => options with { Count = Most(KeyValue.Read.Integer(request[i + 1])) },
                "TYPE" => options with { Texts = request.Word(i + 1) == "STRING" },
                _ => throw BadRequestException.Syntax,
            };
        }

        return options;
    }

    private static int Most(long count) =>
        count < 1 ? throw BadRequestException.Syntax : (int)Math.Min(count, MostCount);

    /// <summary>A page ends between two hashes, so that none is in two pages.</summary>
    private static Reply.Many Page(Store store, ulong from, Options options)
    {
        var found = new List<Reply>();
        var next  = store.Order.FindExactOrSuccessor(Key.First(from));
        for (var seen = 0; next.Case is Key key; next = store.Order.FindSuccessor(key), seen++)
        {
            if (seen >= options.Count && key.Hash != from) return Of(key.Hash, found);

            from = key.Hash;
            if (!store.Values[key].IsOver(store.Now) && options.Texts
                && options.Match.ForAll(match => Glob.Matches(match.Span, key.Name.Span)))
                found.Add(new Reply.Bulk(key.Name));
        }

        return Of(0, found);
    }

    private static Reply.Many Of(ulong cursor, List<Reply> found) => new(Seq<Reply>(
        Reply.Of(cursor.ToString(CultureInfo.InvariantCulture)), new Reply.Many(toSeq(found).Strict())));
}
