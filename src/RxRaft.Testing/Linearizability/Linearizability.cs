using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>
/// Whether what clients saw can be explained by one operation happening after another, each at one moment between its
/// invocation and its return.
/// </summary>
/// <remarks>
/// Herlihy and Wing, 1990. The search is Wing and Gong's (1993) with Lowe's memory (2017), part by part where the model
/// has parts.
/// </remarks>
public static class Linearizability
{
    /// <summary>
    /// How many attempts to place an operation a search makes before it gives up, unless it is told otherwise.
    /// </summary>
    public const long DefaultWorkLimit = 40_000_000;

    /// <summary>Looks for an order of the operations that explains the history.</summary>
    /// <param name="history">What clients saw.</param>
    /// <param name="model">What they should have seen, had they asked one after another.</param>
    /// <param name="workLimit">
    /// How many attempts to place an operation may be made. The same history takes the same work everywhere.
    /// </param>
    public static Verdict<TCommand, TResult> Check<TState, TCommand, TResult>(
        History<TCommand, TResult> history, IModel<TState, TCommand, TResult> model, long workLimit = DefaultWorkLimit)
    {
        var orders = new List<Seq<Operation<TCommand, TResult>>>();
        var work   = 0L;
        foreach (var part in Parts(history.Operations, model))
        {
            var search  = new Search<TState, TCommand, TResult>(model, part, workLimit - work);
            var verdict = search.Run();
            work += search.Work;
            if (verdict is Verdict<TCommand, TResult>.Undecided) return new Verdict<TCommand, TResult>.Undecided(work);
            if (verdict is not Verdict<TCommand, TResult>.Linearizable(var order)) return verdict;

            orders.Add(order);
        }

        return new Verdict<TCommand, TResult>.Linearizable(Merged(orders));
    }

    private static IEnumerable<Operation<TCommand, TResult>[]> Parts<TState, TCommand, TResult>(
        Seq<Operation<TCommand, TResult>> operations, IModel<TState, TCommand, TResult> model)
    {
        var parts = operations.AsEnumerable().GroupBy(operation => model.PartOf(operation.Command)).ToList();
        return parts.Exists(part => part.Key.IsNone) ? [[.. operations]] : parts.Select(part => part.ToArray());
    }

    /// <summary>One order of all parts.</summary>
    /// <remarks>
    /// Each operation happens as soon as it and all that its part has before it were invoked: that is before it
    /// returned, or its part would not have had them before it. No two parts have an invocation in common.
    /// </remarks>
    private static Seq<Operation<TCommand, TResult>> Merged<TCommand, TResult>(
        List<Seq<Operation<TCommand, TResult>>> orders) =>
        toSeq(orders.SelectMany(Happening).OrderBy(each => each.At).Select(each => each.Operation)).Strict();

    private static IEnumerable<(int At, Operation<TCommand, TResult> Operation)> Happening<TCommand, TResult>(
        Seq<Operation<TCommand, TResult>> order)
    {
        var at = 0;
        foreach (var operation in order)
        {
            at = Math.Max(at, operation.Begin);
            yield return (at, operation);
        }
    }
}
