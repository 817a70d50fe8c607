using System.Globalization;

namespace RxRaft.Testing;

/// <summary>One operation of a history: what was asked, when, and how it ended.</summary>
/// <param name="Number">Counts the history's operations from 0, in the order in which they were invoked.</param>
/// <param name="Client">Who asked.</param>
/// <param name="Command">For what.</param>
/// <param name="InvokedAt">When. It did not happen before.</param>
/// <param name="Ending">How it ended, for the client.</param>
public sealed record Operation<TCommand, TResult>(
    int Number, int Client, TCommand Command, TimeSpan InvokedAt, Ending<TResult> Ending)
{
    /// <summary>Place of its invocation among the events of the history.</summary>
    internal int Begin { get; init; }

    /// <summary>Place of its return; behind all events if it never returned.</summary>
    internal int End { get; init; } = int.MaxValue;

    /// <summary>client 2: get x -> Some(1), 3.0-4.5 ms.</summary>
    public override string ToString() => Ending switch
    {
        Ending<TResult>.Returned(var result, var at) =>
            $"client {Client}: {Command} -> {result}, {Milliseconds(InvokedAt)}-{Milliseconds(at)} ms",
        Ending<TResult>.Unknown => $"client {Client}: {Command} -> unknown, from {Milliseconds(InvokedAt)} ms on",
        _ => throw Unreachable.Case(Ending),
    };

    private static string Milliseconds(TimeSpan span) =>
        span.TotalMilliseconds.ToString("0.0##", CultureInfo.InvariantCulture);
}

/// <summary>How an operation ended, as far as its client knows.</summary>
public abstract record Ending<TResult>
{
    private Ending() { }

    /// <summary>It was answered, so it had happened by then.</summary>
    /// <param name="Result">The answer.</param>
    /// <param name="At">When.</param>
    public sealed record Returned(TResult Result, TimeSpan At) : Ending<TResult>;

    /// <summary>
    /// It was not: it happened at some time after its invocation, be it after the history's end, or never.
    /// </summary>
    public sealed record Unknown : Ending<TResult>;
}
