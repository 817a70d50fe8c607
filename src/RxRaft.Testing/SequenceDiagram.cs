using System.Collections.Generic;
using System.Text;

namespace RxRaft.Testing;

/// <summary>A sequence diagram in the language of Mermaid, line by line.</summary>
internal sealed class SequenceDiagram
{
    private readonly StringBuilder text = new("sequenceDiagram\n");

    /// <param name="nodes">From left to right.</param>
    public SequenceDiagram(IEnumerable<NodeId> nodes)
    {
        foreach (var node in nodes) Line($"participant {node}");
    }

    /// <summary>A message that arrives.</summary>
    public void Message(NodeId from, NodeId to, string what) => Line($"{from}->>{to}: {Escaped(what)}");

    /// <summary>A message that does not.</summary>
    public void Lost(NodeId from, NodeId to, string what) => Line($"{from}--x{to}: {Escaped(what)}");

    /// <summary>What happens to a node.</summary>
    public void Note(NodeId node, string what) => Line($"Note over {node}: {Escaped(what)}");

    /// <summary>What happens to all nodes from one to another.</summary>
    /// <param name="first">On the left.</param>
    /// <param name="last">On the right.</param>
    /// <param name="whats">A line each.</param>
    public void Note(NodeId first, NodeId last, params string[] whats) => Line(
        $"Note over {(first == last ? $"{first}" : $"{first},{last}")}: "
        + string.Join("<br/>", System.Array.ConvertAll(whats, Escaped)));

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private void Line(string line) => text.Append("    ").Append(line).Append('\n');

    /// <summary>A number sign begins an entity, and a semicolon ends a statement.</summary>
    private static string Escaped(string text) =>
        text.Replace("#", "\u0001", StringComparison.Ordinal).Replace(";", "#59;", StringComparison.Ordinal)
            .Replace("\u0001", "#35;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
