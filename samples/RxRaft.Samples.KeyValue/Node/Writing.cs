using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>
/// Writes of all clients of a node on their way into the log: what comes while others are on their way waits, and then
/// goes as one command. Who is alone does not wait.
/// </summary>
/// <remarks>No client has two of them at a time, so none is overtaken by its own.</remarks>
/// <param name="propose">Has changes applied, as one command, or says why not.</param>
/// <param name="patience">So long a write waits at most until it goes; about as long as that may take.</param>
/// <param name="time">By default the system's.</param>
internal sealed class Writing(
    Func<Seq<Change>, Task<Either<Reply, Seq<Answer>>>> propose, TimeSpan patience, TimeProvider? time = null)
{
    private const int MostTogether = 1024;

    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly Lock gate = new();
    private readonly Queue<Waiting> waiting = [];
    private bool underWay;                                  // one at a time: of two, each would be smaller

    private sealed record Waiting(Seq<Change> Changes, int Size, long Since)
    {
        /// <summary>Who waits goes on where it is told, one after the other: each has but a reply to send.</summary>
        public TaskCompletionSource<Either<Reply, Seq<Answer>>> Told { get; } = new();
    }

    /// <param name="changes">Of one client, in its order.</param>
    /// <param name="size">About how many bytes they take in the log.</param>
    public Task<Either<Reply, Seq<Answer>>> Write(Seq<Change> changes, int size)
    {
        var one = new Waiting(changes, size, time.GetTimestamp());
        lock (gate)
        {
            waiting.Enqueue(one);
            if (underWay) return one.Told.Task;
            underWay = true;
        }

        _ = Go();
        return one.Told.Task;
    }

    /// <summary>As long as somebody waits. The next are on their way before those who were are told.</summary>
    private async Task Go()
    {
        var some = Together();
        for (var asked = Ask(some); asked is not null;)
        {
            var came = await Outcome(asked).ConfigureAwait(false);
            RefuseLate();
            var next = Together();
            asked = Ask(next);
            Tell(some, came);
            some = next;
        }
    }

    /// <summary>Whatever goes wrong, the next are not to wait for ever.</summary>
    private static async Task<Either<Reply, Seq<Answer>>> Outcome(Task<Either<Reply, Seq<Answer>>> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return new Reply.Error($"UNKNOWN {failure.Message}: the write may have happened, or may happen yet");
        }
    }

    /// <summary>Those before it took so long that its client should hear something.</summary>
    private void RefuseLate()
    {
        List<Waiting>? late = null;
        lock (gate)
        {
            while (waiting.TryPeek(out var next) && time.GetElapsedTime(next.Since) >= patience)
                (late ??= []).Add(waiting.Dequeue());
        }

        if (late is null) return;
        var refused = new Reply.Error(FormattableString.Invariant(
            $"TRYAGAIN others were before it for {patience.TotalMilliseconds} ms; nothing was written"));
        foreach (var one in late) one.Told.SetResult(refused);
    }

    private Task<Either<Reply, Seq<Answer>>>? Ask(List<Waiting> some) => some.Count switch
    {
        0 => null,
        1 => propose(some[0].Changes),
        _ => propose(toSeq(some.SelectMany(one => one.Changes)).Strict()),
    };

    private List<Waiting> Together()
    {
        lock (gate)
        {
            var some = new List<Waiting>();
            var (count, size) = (0, 0);
            while (waiting.TryPeek(out var next) && (some.Count == 0
                || (count + next.Changes.Count <= MostTogether && size + next.Size <= RequestLimits.Client.TotalBytes)))
            {
                some.Add(waiting.Dequeue());
                (count, size) = (count + next.Changes.Count, size + next.Size);
            }

            underWay = some.Count > 0;
            return some;
        }
    }

    private static void Tell(List<Waiting> some, Either<Reply, Seq<Answer>> came)
    {
        if (some.Count == 1 || came.Case is not Seq<Answer> answers)
        {
            foreach (var one in some) one.Told.SetResult(came);
            return;
        }

        var at = 0;
        foreach (var one in some)
        {
            one.Told.SetResult(answers.Skip(at).Take(one.Changes.Count).Strict());
            at += one.Changes.Count;
        }
    }
}
