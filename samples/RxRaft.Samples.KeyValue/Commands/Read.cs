namespace RxRaft.Samples.KeyValue;

/// <summary>Arguments as numbers.</summary>
internal static class Read
{
    /// <exception cref="BadRequestException">It is none.</exception>
    public static long Integer(Bytes text) =>
        StoreMachine.Integer(text).Case is long number ? number : throw BadRequestException.NoInteger;

    /// <exception cref="BadRequestException">It is none, or out of range.</exception>
    public static int Integer(Bytes text, int least, int most) =>
        Integer(text) is var number && number >= least && number <= most
            ? (int)number
            : throw BadRequestException.NoInteger;

    /// <summary>How long, in milliseconds, of a SET: it cannot end before it begins.</summary>
    /// <exception cref="BadRequestException">It is no such number.</exception>
    public static long Lifetime(Request request, int argument, int unit)
    {
        var time = Time(request, argument, unit);
        return time > 0 ? time : throw NoTime(request);
    }

    /// <summary>How long, or until when, in milliseconds, of an EXPIRE: below 0 it ends at once.</summary>
    /// <exception cref="BadRequestException">It is no such number.</exception>
    public static long Time(Request request, int argument, int unit)
    {
        var number = Integer(request[argument]);
        return number <= long.MaxValue / unit && number >= long.MinValue / unit
            ? number * unit
            : throw NoTime(request);
    }

    private static BadRequestException NoTime(Request request) =>
        new($"ERR invalid expire time in '{request.Name.ToLowerInvariant()}' command");
}
