namespace RxRaft.Samples.KeyValue;

/// <summary>
/// WAIT: how many other voters are known to have everything that is committed. What a client was told is done is on a
/// quorum anyway, so most need not ask.
/// </summary>
internal static class Waits
{
    public static Plan Wait(Request request)
    {
        var replicas = Read.Integer(request[0], 0, int.MaxValue);
        var time     = TimeSpan.FromMilliseconds(Read.Integer(request[1], 0, int.MaxValue));
        return new Plan.Waiting(async (session, cancel) =>
            new Reply.Number(await session.Node.Replicas(replicas, time, cancel).ConfigureAwait(false)));
    }
}
