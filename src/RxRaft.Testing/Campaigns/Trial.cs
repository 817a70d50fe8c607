using System.Collections.Generic;

namespace RxRaft.Testing;

/// <summary>What is put to the test: a state machine, what it should do, and what clients ask of it.</summary>
/// <typeparam name="TState">
/// The machine's state. Those of all nodes are compared: by value, with an equality of its own, or with
/// <see cref="States"/> where it has none, as collections of .NET have not (those of LanguageExt have).
/// </typeparam>
/// <typeparam name="TCommand">What clients ask of it.</typeparam>
/// <typeparam name="TResult">What they get; compared by its own equality.</typeparam>
/// <param name="Machine">Runs on every node.</param>
/// <param name="Draw">
/// A client's next command: by chance, with a number that no other command has, and perhaps after a state that some
/// node has gone through. Commands that leave a trace of their number find more.
/// </param>
public sealed record Trial<TState, TCommand, TResult>(
    IMachine<TState, TCommand, TResult> Machine, Func<Dice, int, TState, TCommand> Draw)
{
    private readonly IModel<TState, TCommand, TResult>? model;

    /// <summary>
    /// What clients should see, had they asked one after another. By default what the machine does: then it is only
    /// the cluster that is put to the test. One with <see cref="IModel{TState, TCommand, TResult}.PartOf"/> is far
    /// quicker to check.
    /// </summary>
    public IModel<TState, TCommand, TResult> Model
    {
        get => model ?? new OfMachine(Machine, States);
        init => model = value;
    }

    /// <summary>
    /// Which states are the same, unless <see cref="Model"/> says that. By default those that their own equality says
    /// are.
    /// </summary>
    public IEqualityComparer<TState> States { get; init; } = EqualityComparer<TState>.Default;

    /// <summary>
    /// How a command that only reads is answered from a state; none for the others. Such commands are mostly asked as
    /// reads, without an entry in the log.
    /// </summary>
    public Func<TCommand, Option<Func<TState, TResult>>> Reading { get; init; } = _ => None;

    /// <summary>
    /// What is asked at the end, one after another, when all is well: so that one sees that what was acknowledged is
    /// there.
    /// </summary>
    public Seq<TCommand> Closing { get; init; } = [];

    private sealed class OfMachine(
        IMachine<TState, TCommand, TResult> machine, IEqualityComparer<TState> states)
        : IModel<TState, TCommand, TResult>
    {
        public IEqualityComparer<TState> States => states;

        public TState Initial => machine.Initial;

        public (TState State, TResult Result) Step(TState state, TCommand command) => machine.Apply(state, command);
    }
}

/// <summary>Trials that are there to be taken.</summary>
public static class Trials
{
    private static readonly Seq<string> Keys = Seq("a", "b", "c");

    /// <summary>Three keys: half of what is asked are reads and appends, the rest writes, compared or not.</summary>
    public static Trial<Map<string, string>, KeyValueCommand, Option<string>> KeyValue { get; } =
        new(KeyValueMachine.Instance, Draw)
        {
            Model   = KeyValueModel.Instance,
            Reading = command => command is KeyValueCommand.Get(var key)
                ? Some<Func<Map<string, string>, Option<string>>>(state => state.Find(key))
                : None,
            Closing = Keys.Map(KeyValueCommand (key) => new KeyValueCommand.Get(key)).Strict(),
        };

    private static KeyValueCommand Draw(Dice dice, int number, Map<string, string> state)
    {
        var key = Keys[dice.Below(Keys.Count)];
        return dice.Below(10) switch
        {
            < 4 => new KeyValueCommand.Get(key),
            < 8 => new KeyValueCommand.Append(key, Say.Invariant($"{number} ")),
            8 => new KeyValueCommand.Put(key, Say.Invariant($"{number} ")),
            _ => new KeyValueCommand.Cas(key, state.Find(key), Say.Invariant($"{number} ")),
        };
    }
}
