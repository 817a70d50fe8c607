namespace RxRaft.Testing;

/// <summary>
/// What can be asked of a store of texts under keys. Each command is answered with the value that it found.
/// </summary>
public abstract record KeyValueCommand
{
    private KeyValueCommand(string key) => Key = key;

    /// <summary>The one key that it concerns.</summary>
    public string Key { get; init; }

    /// <summary>Reads.</summary>
    public sealed record Get(string Key) : KeyValueCommand(Key);

    /// <summary>Writes, whatever was there.</summary>
    public sealed record Put(string Key, string Value) : KeyValueCommand(Key);

    /// <summary>Adds to the end of what is there, which is nothing at first.</summary>
    public sealed record Append(string Key, string Value) : KeyValueCommand(Key);

    /// <summary>Compares and sets: writes if, and only if, it finds what it expects.</summary>
    public sealed record Cas(string Key, Option<string> Expected, string Value) : KeyValueCommand(Key);

    /// <summary>Removes.</summary>
    public sealed record Delete(string Key) : KeyValueCommand(Key);

    /// <summary>put x 1.</summary>
    public sealed override string ToString() => this switch
    {
        Get(var key) => $"get {key}",
        Put(var key, var value) => $"put {key} {value}",
        Append(var key, var value) => $"append {key} {value}",
        Cas(var key, var expected, var value) => $"cas {key} {expected} {value}",
        Delete(var key) => $"delete {key}",
        _ => throw Unreachable.Case(this),
    };
}

/// <summary>A store of texts under keys, as one would describe it.</summary>
public sealed class KeyValueModel : IModel<Map<string, string>, KeyValueCommand, Option<string>>
{
    /// <summary>The only one there need be.</summary>
    public static readonly KeyValueModel Instance = new();

    /// <summary>Nothing under any key.</summary>
    public Map<string, string> Initial => Map<string, string>();

    /// <summary>What a command does.</summary>
    /// <returns>The store after it, and the value that it found.</returns>
    public (Map<string, string> State, Option<string> Result) Step(Map<string, string> state, KeyValueCommand command)
    {
        var found = state.Find(command.Key);
        var after = command switch
        {
            KeyValueCommand.Get => state,
            KeyValueCommand.Put(var key, var value) => state.AddOrUpdate(key, value),
            KeyValueCommand.Append(var key, var value) => state.AddOrUpdate(key, found.IfNone("") + value),
            KeyValueCommand.Cas(var key, var expected, var value) =>
                found == expected ? state.AddOrUpdate(key, value) : state,
            KeyValueCommand.Delete(var key) => state.Remove(key),
            _ => throw Unreachable.Case(command),
        };
        return (after, found);
    }

    /// <summary>Keys do not notice each other.</summary>
    public Option<string> PartOf(KeyValueCommand command) => command.Key;
}
