using System.Buffers;

namespace RxRaft;

/// <summary>What a state machine begins with.</summary>
internal static class FirstState
{
    /// <summary>A state that cannot be written would be noticed with the first snapshot, maybe days later.</summary>
    /// <exception cref="ArgumentException">It cannot be written, or not be read again.</exception>
    public static void RequireSnapshots<TState, TCommand, TResult>(
        this IMachine<TState, TCommand, TResult> machine)
    {
        var bytes = new ArrayBufferWriter<byte>();
        try
        {
            machine.States.Write(machine.Initial, bytes);
            machine.States.Read(bytes.WrittenMemory);
        }
        catch (Exception failure)
        {
            throw new ArgumentException(
                $"The initial {typeof(TState)} cannot be written into a snapshot and read again: {failure.Message}",
                nameof(machine), failure);
        }
    }
}
