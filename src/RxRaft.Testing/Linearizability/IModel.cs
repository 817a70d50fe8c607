using System.Collections.Generic;

namespace RxRaft.Testing;

/// <summary>What a system does if it is asked one thing after another: its sequential specification.</summary>
/// <typeparam name="TState">A value that never changes once it is there.</typeparam>
/// <typeparam name="TCommand">What clients ask for.</typeparam>
/// <typeparam name="TResult">What they are answered; compared by its own equality.</typeparam>
public interface IModel<TState, TCommand, TResult>
{
    /// <summary>The state before the first command.</summary>
    TState Initial { get; }

    /// <summary>What a command does. Pure: it is tried in many orders.</summary>
    /// <returns>The state after it, and what its client is answered.</returns>
    (TState State, TResult Result) Step(TState state, TCommand command);

    /// <summary>Which states are the same. By default, those that their own equality says are.</summary>
    IEqualityComparer<TState> States => EqualityComparer<TState>.Default;

    /// <summary>
    /// Which part of the state a command concerns. Commands of different parts must not notice each other: then each
    /// part is checked by itself, which takes far less work. By default none, which means all of it.
    /// </summary>
    /// <remarks>Linearizability is local: Herlihy and Wing, 1990, theorem 1.</remarks>
    Option<string> PartOf(TCommand command) => None;
}
