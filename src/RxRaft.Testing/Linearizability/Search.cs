using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>
/// The search for an order of operations, depth first: place one that may come next, go on, take it back.
/// </summary>
/// <remarks>
/// Wing and Gong: what may come next are the operations that were invoked before the first return among those not
/// placed yet. Lowe: who comes a second time to the same set of placed operations and the same state need not go on.
/// Besides, an operation that changes nothing and was answered what it is answered now can come at once, since nobody
/// else minds; and one that was never answered is placed only if it changes something, after the others were tried.
/// Of many that were never answered few need have happened, mostly: first orders are looked for in which not more than
/// one of them comes at a time, then two in a row, and so on, with half of the work at most.
/// </remarks>
internal sealed class Search<TState, TCommand, TResult>
{
    private const int Nowhere = -1;
    private const int LongestRow = 8;       // of operations that were never answered, before it may be any

    private readonly IModel<TState, TCommand, TResult> model;
    private readonly Operation<TCommand, TResult>[] operations;     // answered ones first, else by invocation
    private readonly int answered;
    private readonly long workLimit;
    private readonly Links calls;           // not placed yet: answered ones by invocation
    private readonly Links returns;         // the same by return
    private readonly Links lost;            // those never answered by invocation
    private readonly Placed placed;
    private readonly System.Collections.Generic.HashSet<Configuration> seen;
    private readonly Stack<(int Operation, TState Before, bool NoOther, int InARow)> path = new();

    private TState state;
    private int inARow;                     // never answered, and placed last, without another between them
    private int mostInARow;
    private bool heldBack;                  // whether that kept anything from being placed
    private int depth;                      // answered operations placed
    private int best = Nowhere;             // the most of them where the search could not go on
    private Verdict<TCommand, TResult>.NotLinearizable? failure;

    public Search(
        IModel<TState, TCommand, TResult> model, IReadOnlyCollection<Operation<TCommand, TResult>> part, long workLimit)
    {
        (this.model, this.workLimit, state) = (model, workLimit, model.Initial);
        operations = [.. part.OrderBy(operation => operation.Ending is Ending<TResult>.Unknown)];
        answered   = operations.Count(operation => operation.Ending is Ending<TResult>.Returned);

        calls   = new(operations.Length, Enumerable.Range(0, answered));
        returns = new(operations.Length, Enumerable.Range(0, answered).OrderBy(number => operations[number].End));
        lost    = new(operations.Length, Enumerable.Range(answered, operations.Length - answered));
        placed  = new(answered, operations.Length - answered);
        seen    = new(new SameConfiguration(model.States));
    }

    /// <summary>How many times an operation was tried.</summary>
    public long Work { get; private set; }

    public Verdict<TCommand, TResult> Run()
    {
        for (var most = 1; most <= LongestRow && answered < operations.Length; most++)
            if (Run(most, Work + (workLimit / 2 - Work) / 4) is var verdict && IsFinal(verdict)) return verdict;

        return Run(int.MaxValue, workLimit);
    }

    /// <summary>A search that held nothing back has looked at all orders.</summary>
    private bool IsFinal(Verdict<TCommand, TResult> verdict) =>
        verdict is Verdict<TCommand, TResult>.Linearizable
        || (verdict is Verdict<TCommand, TResult>.NotLinearizable && !heldBack);

    private Verdict<TCommand, TResult> Run(int mostInARow, long limit)
    {
        while (TryTakeBack(out _)) { }
        seen.Clear();
        (this.mostInARow, heldBack, best, failure) = (mostInARow, false, Nowhere, null);
        var next = First();
        while (!returns.IsEmpty)
        {
            if (next != Nowhere)
            {
                if (Work >= limit) return new Verdict<TCommand, TResult>.Undecided(Work);

                Work++;
                next = TryPlace(next) ? First() : After(next);
                continue;
            }

            RememberIfBest();
            if (!TryTakeBack(out var taken)) return failure!;

            next = After(taken);
        }

        return new Verdict<TCommand, TResult>.Linearizable(Order());
    }

    private int First() => Candidate(calls.First) is var first and not Nowhere ? first : Lost(lost.First);

    private int After(int number) =>
        number >= answered ? Lost(lost.After(number))
        : Candidate(calls.After(number)) is var next and not Nowhere ? next
        : Lost(lost.First);

    private int Lost(int number)
    {
        if (Candidate(number) == Nowhere || inARow < mostInARow) return Candidate(number);

        heldBack = true;
        return Nowhere;
    }

    private int Candidate(int number) =>
        number != Links.End && !returns.IsEmpty && operations[number].Begin < operations[returns.First].End
            ? number
            : Nowhere;

    private bool TryPlace(int number)
    {
        var operation = operations[number];
        var isLost    = number >= answered;
        var (after, result) = model.Step(state, operation.Command);
        var same = model.States.Equals(after, state);
        if (operation.Ending is Ending<TResult>.Returned(var told, _)
                ? !EqualityComparer<TResult>.Default.Equals(result, told)
                : same)
            return false;
        if (isLost && inARow > 0 && model.States.Equals(model.Step(path.Peek().Before, operation.Command).State, after))
            return false;                   // nobody would have seen anything of the one before it

        placed.Flip(number);
        if (!seen.Add(new(placed.Key(), after)))
        {
            placed.Flip(number);
            return false;
        }

        path.Push((number, state, NoOther: same, inARow));
        state  = after;
        inARow = isLost ? inARow + 1 : 0;
        if (isLost) lost.Remove(number);
        else
        {
            depth++;
            calls.Remove(number);
            returns.Remove(number);
        }

        return true;
    }

    private bool TryTakeBack(out int taken)
    {
        while (path.TryPop(out var last))
        {
            (taken, state, inARow) = (last.Operation, last.Before, last.InARow);
            placed.Flip(taken);
            if (taken >= answered) lost.Restore(taken);
            else
            {
                depth--;
                returns.Restore(taken);
                calls.Restore(taken);
            }

            if (!last.NoOther) return true;
        }

        taken = Nowhere;
        return false;
    }

    private Seq<Operation<TCommand, TResult>> Order() =>
        toSeq(path.Reverse().Select(step => operations[step.Operation])).Strict();

    private void RememberIfBest()
    {
        if (depth <= best) return;

        best = depth;
        var stuck = new List<int>();
        for (var number = calls.First; Candidate(number) != Nowhere; number = calls.After(number)) stuck.Add(number);

        var first = operations[returns.First];
        failure = new(
            Order(), toSeq(stuck.Select(number => operations[number])).Strict(),
            $"Then the state is {state}, and nothing can come next, "
            + $"before {first.Command} of client {first.Client} returned:"
            + string.Concat(stuck.Select(number =>
                $"\n  {operations[number]}: here it would be {model.Step(state, operations[number].Command).Result}")));
    }

    /// <summary>Which operations are placed, and what state they led to.</summary>
    private readonly record struct Configuration(ulong[] Placed, TState State);

    private sealed class SameConfiguration(IEqualityComparer<TState> states) : IEqualityComparer<Configuration>
    {
        public bool Equals(Configuration a, Configuration b) =>
            a.Placed.AsSpan().SequenceEqual(b.Placed) && states.Equals(a.State, b.State);

        public int GetHashCode(Configuration configuration)
        {
            var hash = new HashCode();
            foreach (var word in configuration.Placed) hash.Add(word);
            hash.Add(configuration.State is { } state ? states.GetHashCode(state) : 0);
            return hash.ToHashCode();
        }
    }
}
