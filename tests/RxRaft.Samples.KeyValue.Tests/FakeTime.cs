using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace RxRaft.Samples.KeyValue;

/// <summary>A clock that stands still until it is told to go on, and timers by it.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Alarm> alarms = [];
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        lock (gate) alarms.Add(alarm);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Rings what is due by then, before it returns.</summary>
    public void Pass(TimeSpan time)
    {
        Interlocked.Add(ref now, time.Ticks);
        Alarm[] due;
        lock (gate) due = [.. alarms.Where(alarm => alarm.Due <= now)];
        foreach (var alarm in due) alarm.Ring();
    }

    /// <summary>Rings once.</summary>
    private sealed class Alarm(FakeTime clock, Action ring) : ITimer
    {
        public long Due { get; private set; } = long.MaxValue;

        public void Ring()
        {
            Due = long.MaxValue;
            ring();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate) clock.alarms.Remove(this);
        }

        public System.Threading.Tasks.ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
