using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;

namespace RxRaft;

/// <summary>Counts everything, and says what is worth a line, but never more than so many lines a second.</summary>
internal sealed class WireLog
{
    private const int EventsASecond = 100;

    private readonly ISubject<WireEvent> events = Subject.Synchronize(new Subject<WireEvent>());
    private readonly long[] refused = new long[(int)WireRefusal.Malformed + 1];
    private long framesSent, bytesSent, framesReceived, bytesReceived, dropped, skipped, connections, attempts;
    private long second, said, unsaid;

    /// <summary>What was worth a line.</summary>
    public IObservable<WireEvent> Events => events.AsObservable();

    /// <summary>Everything that was counted.</summary>
    public WireCounters Counters => new(
        Interlocked.Read(ref framesSent), Interlocked.Read(ref bytesSent),
        Interlocked.Read(ref framesReceived), Interlocked.Read(ref bytesReceived),
        Interlocked.Read(ref dropped), Interlocked.Read(ref skipped),
        Interlocked.Read(ref connections), Interlocked.Read(ref attempts), Reasons());

    public void Sent(int frames, int bytes)
    {
        Interlocked.Add(ref framesSent, frames);
        Interlocked.Add(ref bytesSent, bytes);
    }

    public void Received(int frames, int bytes)
    {
        Interlocked.Add(ref framesReceived, frames);
        Interlocked.Add(ref bytesReceived, bytes);
    }

    public void Dropped(long messages) => Interlocked.Add(ref dropped, messages);

    public void Skipped() => Interlocked.Increment(ref skipped);

    public void Attempted() => Interlocked.Increment(ref attempts);

    public void Refused(WireEvent.Refused happened)
    {
        Interlocked.Increment(ref refused[(int)happened.Reason]);
        Say(happened);
    }

    public void Connected(WireEvent.Connected happened)
    {
        Interlocked.Increment(ref connections);
        Say(happened);
    }

    /// <summary>Says something, unless too much was said in this second.</summary>
    public void Say(WireEvent happened)
    {
        var now = Environment.TickCount64 / 1_000;
        if (Interlocked.Exchange(ref second, now) != now) Interlocked.Exchange(ref said, 0);
        if (Interlocked.Increment(ref said) <= EventsASecond) Tell(happened);
        else Interlocked.Increment(ref unsaid);
    }

    /// <summary>Now and then: how much was not said.</summary>
    public void Look()
    {
        if (Interlocked.Exchange(ref unsaid, 0) is > 0 and var silent) Tell(new WireEvent.Unsaid(silent));
    }

    /// <summary>Nothing more is said.</summary>
    public void End() => events.OnCompleted();

    /// <summary>Who listens and fails does not take the wire with him: there is nobody to tell.</summary>
    private void Tell(WireEvent happened)
    {
        try
        {
            events.OnNext(happened);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref unsaid);
        }
    }

    private Map<WireRefusal, long> Reasons()
    {
        var reasons = Map<WireRefusal, long>();
        for (var reason = 0; reason < refused.Length; reason++)
            if (Interlocked.Read(ref refused[reason]) is > 0 and var count)
                reasons = reasons.Add((WireRefusal)reason, count);
        return reasons;
    }
}
