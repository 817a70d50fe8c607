using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>
/// What the clients of a system saw, in the order in which it happened. A value; every event makes a new one.
/// </summary>
/// <typeparam name="TCommand">What clients ask for.</typeparam>
/// <typeparam name="TResult">What they are answered.</typeparam>
/// <remarks>
/// An invocation must be recorded before the system can know of it, and a return after the system has answered: else
/// the history claims an order that nobody promised. Events as an observable fold into a history with
/// <c>Scan(History&lt;TCommand, TResult&gt;.Empty, (history, happened) => history.Add(happened))</c>.
/// </remarks>
public sealed class History<TCommand, TResult>
{
    private readonly Set<int> waiting;

    private History(Seq<HistoryEvent<TCommand, TResult>> events, Set<int> waiting) =>
        (Events, this.waiting) = (events, waiting);

    /// <summary>Nobody has asked for anything.</summary>
    public static readonly History<TCommand, TResult> Empty = new([], Set<int>());

    /// <summary>What happened, in this order.</summary>
    public Seq<HistoryEvent<TCommand, TResult>> Events { get; }

    /// <summary>
    /// What clients asked for, in the order of the invocations, but for what was refused. Who still waits does not
    /// know.
    /// </summary>
    public Seq<Operation<TCommand, TResult>> Operations
    {
        get
        {
            var all  = new List<Operation<TCommand, TResult>?>();
            var open = new Dictionary<int, int>();
            foreach (var (place, happened) in Events.AsEnumerable().Index()) Take(all, open, place, happened);
            return toSeq(all.OfType<Operation<TCommand, TResult>>().Index()
                .Select(each => each.Item with { Number = each.Index })).Strict();
        }
    }

    /// <summary>A client asks for something.</summary>
    /// <exception cref="ArgumentException">It still waits for what it asked for before.</exception>
    public History<TCommand, TResult> Invoked(int client, TCommand command, TimeSpan at) =>
        Add(new HistoryEvent<TCommand, TResult>.Invoked(client, command, at));

    /// <summary>A client is answered.</summary>
    /// <exception cref="ArgumentException">It does not wait for anything.</exception>
    public History<TCommand, TResult> Returned(int client, TResult result, TimeSpan at) =>
        Add(new HistoryEvent<TCommand, TResult>.Returned(client, result, at));

    /// <summary>A client gives up, and does not know what came of it.</summary>
    /// <exception cref="ArgumentException">It does not wait for anything.</exception>
    public History<TCommand, TResult> Lost(int client, TimeSpan at) =>
        Add(new HistoryEvent<TCommand, TResult>.Lost(client, at));

    /// <summary>A client is told that nothing has happened, and nothing will.</summary>
    /// <exception cref="ArgumentException">It does not wait for anything.</exception>
    public History<TCommand, TResult> Refused(int client, TimeSpan at) =>
        Add(new HistoryEvent<TCommand, TResult>.Refused(client, at));

    /// <summary>Something happens.</summary>
    /// <exception cref="ArgumentException">The client cannot see that: it waits already, or does not wait.</exception>
    public History<TCommand, TResult> Add(HistoryEvent<TCommand, TResult> happened)
    {
        var asks = happened is HistoryEvent<TCommand, TResult>.Invoked;
        if (asks == waiting.Contains(happened.Client))
            throw new ArgumentException(
                $"client {happened.Client} {(asks ? "waits already" : "does not wait")}: {happened}", nameof(happened));

        return new(Events.Add(happened), asks ? waiting.Add(happened.Client) : waiting.Remove(happened.Client));
    }

    private static void Take(
        List<Operation<TCommand, TResult>?> all, Dictionary<int, int> open, int place,
        HistoryEvent<TCommand, TResult> happened)
    {
        if (happened is HistoryEvent<TCommand, TResult>.Invoked(var client, var command, var at))
        {
            open[client] = all.Count;
            all.Add(new(all.Count, client, command, at, new Ending<TResult>.Unknown()) { Begin = place });
            return;
        }

        var asked = open[happened.Client];
        all[asked] = happened switch
        {
            HistoryEvent<TCommand, TResult>.Returned(_, var result, var then) =>
                all[asked]! with { Ending = new Ending<TResult>.Returned(result, then), End = place },
            HistoryEvent<TCommand, TResult>.Lost => all[asked],
            HistoryEvent<TCommand, TResult>.Refused => null,
            HistoryEvent<TCommand, TResult>.Invoked => throw Unreachable.Case(happened),
            _ => throw Unreachable.Case(happened),
        };
    }
}
