using System.Linq;

namespace RxRaft.Samples.KeyValue;

/// <summary>SET and its relatives.</summary>
internal static class Setting
{
    private static readonly Lifetime Forever = new Lifetime.Forever();

    public static Plan Set(Request request)
    {
        var set   = new Change.Set(request.Key(0), request[1], When.Always, Forever, Fetch: false);
        var timed = false;
        for (var i = 2; i < request.Count; i++)
        {
            var word = request.Word(i);
            if (word == "GET") set = set with { Fetch = true };
            else if (word is "NX" or "XX" && set.When == When.Always)
                set = set with { When = word == "NX" ? When.Missing : When.Present };
            else if (!timed && Lifetime(request, word, ref i) is { } lifetime)
                (set, timed) = (set with { Lifetime = lifetime }, true);
            else throw BadRequestException.Syntax;
        }

        return new Plan.Write(set, Writes.Tell);
    }

    public static Plan SetIfMissing(Request request) => new Plan.Write(
        new Change.Set(request.Key(0), request[1], When.Missing, Forever, Fetch: false),
        answer => new Reply.Number(answer is Answer.Done ? 1 : 0));

    public static Plan SetWithLifetime(Request request, int unit)
    {
        var lifetime = new Lifetime.For(Read.Lifetime(request, 1, unit));
        return new Plan.Write(
            new Change.Set(request.Key(0), request[2], When.Always, lifetime, Fetch: false), Writes.Tell);
    }

    public static Plan GetAndSet(Request request) => new Plan.Write(
        new Change.Set(request.Key(0), request[1], When.Always, Forever, Fetch: true), Writes.Tell);

    public static Plan SetAll(Request request)
    {
        if (request.Count % 2 != 0) throw new BadRequestException("ERR wrong number of arguments for 'mset' command");

        var pairs = Enumerable.Range(0, request.Count / 2).Select(i => (request.Key(2 * i), request[2 * i + 1]));
        return new Plan.Write(new Change.SetAll(toSeq(pairs).Strict()), Writes.Tell);
    }

    /// <summary>An option that says how long, with its number if it has one.</summary>
    private static Lifetime? Lifetime(Request request, string word, ref int at)
    {
        if (word == "KEEPTTL") return new Lifetime.AsBefore();
        if (word is not ("EX" or "PX" or "EXAT" or "PXAT")) return null;
        if (at + 1 == request.Count) throw BadRequestException.Syntax;

        var time = Read.Lifetime(request, ++at, unit: word[0] == 'E' ? 1000 : 1);
        return word.EndsWith("AT", StringComparison.Ordinal) ? new Lifetime.Until(time) : new Lifetime.For(time);
    }
}
