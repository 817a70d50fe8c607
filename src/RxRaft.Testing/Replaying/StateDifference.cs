using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>A field of a node's state that two states have differently.</summary>
/// <param name="Path">From the state to the field, such as <c>Role.Leader.Followers[S2].MatchIndex</c>.</param>
/// <param name="First">In the one, in words; a dash where it is not there.</param>
/// <param name="Second">In the other.</param>
public sealed record FieldDifference(string Path, string First, string Second)
{
    /// <summary>CommitIndex: #3 -> #4.</summary>
    public override string ToString() => $"{Path}: {First} -> {Second}";
}

/// <summary>States of nodes, field by field.</summary>
public static class StateDifference
{
    private const string Absent = "-";

    /// <summary>The fields that differ, in the order in which a state has them.</summary>
    public static Seq<FieldDifference> Between(NodeState first, NodeState second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (ones, others) = (Fields(first).ToArray(), Fields(second).ToArray());
        var (one, other)   = (ones.ToDictionary(field => field.Path, field => field.Words),
            others.ToDictionary(field => field.Path, field => field.Words));
        return toSeq(ones.Select(field => field.Path).Union(others.Select(field => field.Path))
            .Select(path => new FieldDifference(
                path, one.GetValueOrDefault(path, Absent), other.GetValueOrDefault(path, Absent)))
            .Where(field => field.First != field.Second).ToArray());
    }

    /// <summary>Every field of a state in a line of its own; the entries of its log too.</summary>
    public static Seq<string> Lines(NodeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return toSeq(Fields(state).Select(field => $"{field.Path}: {field.Words}").ToArray());
    }

    /// <summary>Whether two states are the same, entry by entry.</summary>
    internal static bool Same(NodeState first, NodeState second) =>
        JournalState.Check(first) == JournalState.Check(second)
        && JournalState.Digest(first, first.Log.Base.Index) == JournalState.Digest(second, second.Log.Base.Index);

    private static IEnumerable<(string Path, string Words)> Fields(NodeState state) =>
        Fields("", typeof(NodeState), state);

    private static IEnumerable<(string Path, string Words)> Fields(string path, Type type, object? value)
    {
        if (value is null) return [(path, "none")];
        if (value is Configuration or Set<NodeId> or LogPosition or RequestId
            || TreeCodec.Of(type).Parts(value) is not { } parts)
            return [(path, Words(value))];

        var all  = parts.ToArray();
        var here = type.IsAbstract ? [(path, value.GetType().Name)] : all.Length == 0 ? [(path, "none")] : Empty;
        var below = type.IsAbstract && path.Length > 0 ? $"{path}.{value.GetType().Name}" : path;
        return here.Concat(all.SelectMany(part => Fields(Join(below, part.Name), part.Type, part.Value)));
    }

    private static readonly (string Path, string Words)[] Empty = [];

    private static string Join(string path, string name) =>
        path.Length == 0 ? name : name.StartsWith('[') ? path + name : $"{path}.{name}";

    private static string Words(object value) => value switch
    {
        TimeSpan span => Say.Milliseconds(span),
        ReadOnlyMemory<byte> bytes => Say.Invariant($"{bytes.Length} bytes"),
        Set<NodeId> nodes => Say.Nodes(nodes),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
