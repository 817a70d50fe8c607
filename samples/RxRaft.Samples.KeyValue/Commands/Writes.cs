namespace RxRaft.Samples.KeyValue;

/// <summary>Commands that change the store, but for SET's family.</summary>
internal static class Writes
{
    private static readonly Reply NotAnInteger = Reply.Err("value is not an integer or out of range");
    private static readonly Reply Overflow = Reply.Err("increment or decrement would overflow");
    private static readonly Reply TooLong =
        Reply.Err($"string exceeds maximum allowed size ({StoreMachine.MostValueBytes} bytes)");

    public static Plan Delete(Request request) => new Plan.Write(new Change.Delete(Reads.Keys(request)), Tell);

    public static Plan Take(Request request) => new Plan.Write(new Change.Take(request.Key(0)), Tell);

    public static Plan Add(Request request, long by) => new Plan.Write(new Change.Add(request.Key(0), by), Tell);

    public static Plan Subtract(Request request) =>
        Read.Integer(request[1]) is var by and > long.MinValue
            ? Add(request, -by)
            : throw new BadRequestException("ERR decrement would overflow");

    public static Plan Append(Request request) =>
        new Plan.Write(new Change.Append(request.Key(0), request[1]), Tell);

    public static Plan Swap(Request request) =>
        new Plan.Write(new Change.Swap(request.Key(0), request[1], request[2]), Tell);

    public static Plan ExpireIn(Request request, int unit) =>
        new Plan.Write(new Change.Expire(request.Key(0), new Lifetime.For(Read.Time(request, 1, unit))), Tell);

    public static Plan ExpireAt(Request request, int unit) =>
        new Plan.Write(new Change.Expire(request.Key(0), new Lifetime.Until(Read.Time(request, 1, unit))), Tell);

    public static Plan Persist(Request request) =>
        new Plan.Write(new Change.Expire(request.Key(0), new Lifetime.Forever()), Tell);

    /// <summary>As it is, in RESP.</summary>
    public static Reply Tell(Answer answer) => answer switch
    {
        Answer.Done => Reply.Ok,
        Answer.Nothing => Reply.Nothing,
        Answer.Number(var number) => new Reply.Number(number),
        Answer.Text(var text) => new Reply.Bulk(text),
        Answer.Refused { Why: Refusal.NotAnInteger } => NotAnInteger,
        Answer.Refused { Why: Refusal.Overflow } => Overflow,
        Answer.Refused { Why: Refusal.TooLong } => TooLong,
        _ => throw Unreachable.Case(answer),
    };
}
