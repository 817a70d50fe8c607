using RxRaft.Testing;

namespace RxRaft.Samples.KeyValue;

/// <summary>What clients do to a key that they share.</summary>
public abstract record Register(string Key)
{
    public sealed record Get(string Key) : Register(Key);

    public sealed record Set(string Key, string Value) : Register(Key);

    public sealed record Cas(string Key, string Expected, string Value) : Register(Key);

    public sealed record Append(string Key, string Value) : Register(Key);
}

/// <summary>The store, one request after another.</summary>
public sealed class RegisterModel : IModel<Map<string, string>, Register, string>
{
    public static readonly RegisterModel Instance = new();

    public Map<string, string> Initial => Map<string, string>();

    public (Map<string, string> State, string Result) Step(Map<string, string> state, Register command)
    {
        var found = state.Find(command.Key);
        return command switch
        {
            Register.Get => (state, found.IfNone("(nil)")),
            Register.Set(var key, var value) => (state.AddOrUpdate(key, value), "OK"),
            Register.Cas(var key, var expected, var value) => found.Exists(text => text == expected)
                ? (state.AddOrUpdate(key, value), "1") : (state, "0"),
            Register.Append(var key, var value) =>
                (state.AddOrUpdate(key, found.IfNone("") + value), $"{found.IfNone("").Length + value.Length}"),
            _ => throw new InvalidOperationException($"{command}"),
        };
    }

    public Option<string> PartOf(Register command) => command.Key;
}
