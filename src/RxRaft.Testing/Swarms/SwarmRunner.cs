using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Testing;

/// <summary>Many independent runs, on all cores.</summary>
public sealed class SwarmRunner
{
    /// <summary>How many run at the same time. By default as many as there are cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>No run is begun after this time. By default there is none.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.MaxValue;

    /// <summary>The real time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Does them, in their order as far as several at a time have one.</summary>
    /// <param name="runs">Each is called once, on any thread; they are asked for one at a time.</param>
    /// <param name="told">Hears of every run that has ended, one at a time, and how all stand then.</param>
    /// <param name="cancel">No run is begun any more.</param>
    public SwarmTally Run(
        IEnumerable<Func<SwarmResult>> runs, Action<SwarmResult, SwarmTally> told, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var (gate, begun, tally) = (new Lock(), Clock.GetTimestamp(), SwarmTally.Nothing);
        using var next = runs.GetEnumerator();
        var workers = Enumerable.Range(0, Math.Max(1, Workers)).Select(_ => Task.Factory.StartNew(
            Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(workers, CancellationToken.None);
        return tally with { Elapsed = Clock.GetElapsedTime(begun) };

        void Work()
        {
            while (Next().Case is Func<SwarmResult> run) Told(run());
        }

        Option<Func<SwarmResult>> Next()
        {
            lock (gate)
            {
                var stop = cancel.IsCancellationRequested || Clock.GetElapsedTime(begun) >= Limit;
                return !stop && next.MoveNext() ? next.Current : None;
            }
        }

        void Told(SwarmResult result)
        {
            lock (gate)
            {
                tally = tally.With(result) with { Elapsed = Clock.GetElapsedTime(begun) };
                told(result, tally);
            }
        }
    }
}

/// <summary>How many runs stand.</summary>
/// <param name="Done">Runs that have ended.</param>
/// <param name="Passed">Virtual time, of all together.</param>
/// <param name="Elapsed">Real time.</param>
/// <param name="Reasons">Which branches of the algorithm were taken.</param>
/// <param name="Failures">Those that did not hold, in the order of their ends.</param>
public sealed record SwarmTally(
    ulong Done, TimeSpan Passed, TimeSpan Elapsed, ReasonCounts Reasons, Seq<SwarmResult> Failures)
{
    /// <summary>No run has ended.</summary>
    public static readonly SwarmTally Nothing = new(0, TimeSpan.Zero, TimeSpan.Zero, ReasonCounts.None, []);

    /// <summary>Both together.</summary>
    public SwarmTally With(SwarmTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(
            Done + other.Done, Passed + other.Passed, Elapsed + other.Elapsed, Reasons + other.Reasons,
            Failures + other.Failures);
    }

    /// <summary>With another run.</summary>
    public SwarmTally With(SwarmResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return this with
        {
            Done     = Done + 1,
            Passed   = Passed + result.Passed,
            Reasons  = Reasons + result.Reasons,
            Failures = result.Failure.IsSome ? Failures.Add(result) : Failures,
        };
    }
}
