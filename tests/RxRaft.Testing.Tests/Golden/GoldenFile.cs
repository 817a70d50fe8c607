using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>Commands, and the conversation that comes of them: command lines, ----, the lines that are expected.</summary>
/// <param name="Before">Blank lines and prose, which begins with #.</param>
/// <param name="Commands">At least one, carried out in this order.</param>
/// <param name="Expected">Ends with a blank line, or with the file; none of its lines is blank.</param>
internal sealed record GoldenBlock(Seq<string> Before, Seq<GoldenCommand> Commands, Seq<string> Expected)
{
    /// <summary>Where it is, for messages.</summary>
    public string Where => Commands.Head.Where;

    /// <summary>As it stands in the file.</summary>
    public IEnumerable<string> Lines =>
        [.. Before, .. Commands.Map(command => command.Text), GoldenFile.Separator, .. Expected];
}

/// <summary>A file of conversations, to be read from top to bottom; the form is that of cockroachdb/datadriven.</summary>
/// <param name="Blocks">In their order; each goes on where the one before ended.</param>
/// <param name="After">Prose after the last.</param>
internal sealed record GoldenFile(Seq<GoldenBlock> Blocks, Seq<string> After)
{
    public const string Separator = "----";

    /// <summary>The same bytes as were read, unless something else is expected by now.</summary>
    public string Text => string.Concat(Blocks.SelectMany(block => block.Lines).Concat(After).Select(line => line + '\n'));

    /// <exception cref="GoldenException">It is no such file; the message names file and line.</exception>
    public static GoldenFile Parse(string name, string text)
    {
        var lines    = text.TrimEnd('\n').Split('\n');
        var blocks   = new List<GoldenBlock>();
        var before   = new List<string>();
        var commands = new List<GoldenCommand>();
        for (var at = 0; at < lines.Length; at++)
        {
            var (line, where) = (lines[at], $"{name}:{at + 1}");
            if (line == Separator)
            {
                if (commands.Count == 0) throw new GoldenException(where, "no command before ----");
                var expected = lines.Skip(at + 1).TakeWhile(next => next.Length > 0).ToArray();
                blocks.Add(new(toSeq(before.ToArray()), toSeq(commands.ToArray()), toSeq(expected)));
                at += expected.Length;
                (before, commands) = ([], []);
            }
            else if (line.Length > 0 && !line.StartsWith('#')) commands.Add(GoldenCommand.Parse(where, line));
            else if (commands.Count > 0) throw new GoldenException(where, $"---- is missing after '{commands[^1].Text}'");
            else before.Add(line);
        }

        return commands.Count == 0
            ? new(toSeq(blocks.ToArray()), toSeq(before.ToArray()))
            : throw new GoldenException(commands[^1].Where, $"---- is missing after '{commands[^1].Text}'");
    }

    /// <summary>The same with what comes of it now.</summary>
    /// <param name="step">The algorithm.</param>
    /// <exception cref="GoldenException">A command cannot be carried out; the message names file and line.</exception>
    public GoldenFile Played(Func<NodeState, Input, Transition> step)
    {
        using var script = new GoldenScript(step);
        return this with { Blocks = toSeq(Blocks.Select(block => block with { Expected = script.Run(block.Commands) }).ToArray()) };
    }
}

/// <summary>A file of conversations is wrong.</summary>
internal sealed class GoldenException(string where, string words) : Exception($"{where}: {words}");
