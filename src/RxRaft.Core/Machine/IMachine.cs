using System.Buffers;

namespace RxRaft;

/// <summary>A replicated state machine, as a pure fold: a state, and how a command changes it.</summary>
/// <typeparam name="TState">
/// A value that never changes once it is there, so that a snapshot of it costs nothing while applying goes on.
/// </typeparam>
/// <typeparam name="TCommand">What clients ask for.</typeparam>
/// <typeparam name="TResult">What they get.</typeparam>
/// <remarks>
/// §2.1. Every node applies the same commands in the same order, so everything here must depend on its arguments alone:
/// no clock, no chance, no order of a hash table. What throws halts every node that comes so far, and again when it is
/// started again, for the command stays in the log: that a command cannot be done is a result.
/// </remarks>
public interface IMachine<TState, TCommand, TResult>
{
    /// <summary>The state before the first command.</summary>
    TState Initial { get; }

    /// <summary>Applies a command.</summary>
    /// <returns>The state after it, and what its client is told.</returns>
    (TState State, TResult Result) Apply(TState state, TCommand command);

    /// <summary>How states are written into snapshots.</summary>
    ISerializer<TState> States { get; }

    /// <summary>How commands are written into the log.</summary>
    ISerializer<TCommand> Commands { get; }

    /// <summary>How results are written into snapshots, where they answer clients that try again (§6.3).</summary>
    ISerializer<TResult> Results { get; }
}

/// <summary>Values as bytes, and back.</summary>
/// <remarks>What one version of a program has written into the log the next one must be able to read.</remarks>
public interface ISerializer<T>
{
    /// <summary>Writes a value.</summary>
    void Write(T value, IBufferWriter<byte> writer);

    /// <summary>
    /// Reads what <see cref="Write"/> wrote: exactly these bytes. It may keep them; they never change.
    /// </summary>
    T Read(ReadOnlyMemory<byte> bytes);
}
