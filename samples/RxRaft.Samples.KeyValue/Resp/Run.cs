using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>
/// What a client sent at once: writes that follow each other are one command of the log, and reads that follow each
/// other are one read. Each run is over before the next begins, so that a client sees its own order.
/// </summary>
/// <param name="node">That is asked.</param>
/// <param name="writer">Gets the replies.</param>
/// <param name="send">Sends them, so that they do not become too many.</param>
internal sealed class Run(StoreNode node, ReplyWriter writer, Func<ValueTask> send)
{
    private const int MostRequests = 1024;
    private const int FetchedBytes = 256 << 10;             // a guess at a value that a write is to return

    private readonly List<Plan.Write> writes = [];
    private readonly List<Plan.Read> reads = [];
    private int size;

    /// <summary>Takes one more, after what does not go with it.</summary>
    public async ValueTask Add(Plan plan, int bytes)
    {
        var other = plan is Plan.Write ? reads.Count > 0 : writes.Count > 0;
        if (plan is Plan.Write { Change: Change.Take or Change.Set { Fetch: true } }) bytes += FetchedBytes;
        var full  = writes.Count + reads.Count == MostRequests || size + bytes > RequestLimits.Client.TotalBytes;
        if (other || full) await End().ConfigureAwait(false);

        size += bytes;
        if (plan is Plan.Write write) writes.Add(write);
        if (plan is Plan.Read read) reads.Add(read);
    }

    /// <summary>Does what was taken, and writes the replies.</summary>
    public async ValueTask End()
    {
        if (writes.Count > 0)
        {
            var changes = writes.Count == 1
                ? Seq1(writes[0].Change)
                : toSeq(writes.Select(write => write.Change)).Strict();
            await Tell(await node.Writing.Write(changes, size).ConfigureAwait(false)).ConfigureAwait(false);
        }

        if (reads.Count > 0) await Tell(await node.Read().ConfigureAwait(false)).ConfigureAwait(false);
        writes.Clear();
        reads.Clear();
        size = 0;
    }

    private async ValueTask Tell(Either<Reply, Seq<Answer>> answered)
    {
        for (var i = 0; i < writes.Count; i++)
            await Write(answered.Case switch
            {
                Seq<Answer> answers => writes[i].Tell(answers[i]),
                Reply error => error,
                _ => throw Unreachable.Case(answered),
            }).ConfigureAwait(false);
    }

    private async ValueTask Tell(Either<Reply, Store> seen)
    {
        foreach (var read in reads)
            await Write(seen.Case switch
            {
                Store store => read.See(store),
                Reply error => error,
                _ => throw Unreachable.Case(seen),
            }).ConfigureAwait(false);
    }

    private ValueTask Write(Reply reply)
    {
        writer.Write(reply);
        return writer.Written.Length > RequestLimits.Client.ReplyBytes ? send() : ValueTask.CompletedTask;
    }
}
