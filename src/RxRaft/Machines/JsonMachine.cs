using System.Buffers;
using System.Text.Json;

namespace RxRaft;

/// <summary>A replicated state machine whose states, commands and results are written as JSON.</summary>
/// <typeparam name="TState">A value that never changes once it is there: a record, an immutable collection.</typeparam>
/// <typeparam name="TCommand">What clients ask for.</typeparam>
/// <typeparam name="TResult">What they get.</typeparam>
/// <param name="options">By default <see cref="JsonSerializerOptions.Default"/>.</param>
/// <remarks>
/// What System.Text.Json writes it cannot always read: no interface or abstract type unless it is told how, and members
/// without a setter or a parameter come back empty. A command that cannot be read back is not proposed, but a state
/// that cannot be written halts the node with its first snapshot: test that each comes back as it was.
/// </remarks>
public abstract class JsonMachine<TState, TCommand, TResult>(JsonSerializerOptions? options = null)
    : IMachine<TState, TCommand, TResult>
{
    /// <inheritdoc/>
    public abstract TState Initial { get; }

    /// <inheritdoc/>
    public abstract (TState State, TResult Result) Apply(TState state, TCommand command);

    /// <inheritdoc/>
    public ISerializer<TState> States { get; } = new Json<TState>(options);

    /// <inheritdoc/>
    public ISerializer<TCommand> Commands { get; } = new Json<TCommand>(options);

    /// <inheritdoc/>
    public ISerializer<TResult> Results { get; } = new Json<TResult>(options);
}

/// <summary>Values as JSON in UTF-8, by System.Text.Json.</summary>
/// <param name="options">By default <see cref="JsonSerializerOptions.Default"/>.</param>
public sealed class Json<T>(JsonSerializerOptions? options = null) : ISerializer<T>
{
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">System.Text.Json cannot write the type.</exception>
    public void Write(T value, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        JsonSerializer.Serialize(json, value, options);
    }

    /// <inheritdoc/>
    /// <exception cref="JsonException">These bytes are not JSON, or not of this type.</exception>
    public T Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize<T>(bytes.Span, options)!;
}
