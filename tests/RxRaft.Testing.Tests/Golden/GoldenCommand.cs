using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>One line of what to do: words, and options as name=value. Whoever carries it out takes what it knows.</summary>
internal sealed class GoldenCommand
{
    private readonly Queue<string> words;
    private readonly Dictionary<string, string> options;

    private GoldenCommand(string where, string text, Queue<string> words, Dictionary<string, string> options) =>
        (Where, Text, Name, this.words, this.options) = (where, text, words.Dequeue(), words, options);

    /// <summary>File and line.</summary>
    public string Where { get; }

    /// <summary>The whole line.</summary>
    public string Text { get; }

    /// <summary>Its first word.</summary>
    public string Name { get; }

    /// <exception cref="GoldenException">It does not begin with a word, or an option comes twice.</exception>
    public static GoldenCommand Parse(string where, string text)
    {
        var (words, options) = (new Queue<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) words.Enqueue(part);
            else if (words.Count == 0) throw new GoldenException(where, $"a command begins with its name, not with '{part}'");
            else if (!options.TryAdd(part[..equals], part[(equals + 1)..]))
                throw new GoldenException(where, $"{part[..equals]}= is given twice");
        }

        return words.Count > 0 ? new(where, text, words, options) : throw new GoldenException(where, $"'{text}' is no command");
    }

    /// <summary>Whether words are left.</summary>
    public bool HasMore => words.Count > 0;

    /// <summary>The next word.</summary>
    /// <param name="what">What it should be, for who has forgotten it.</param>
    public string Word(string what) => words.TryDequeue(out var word) ? word : throw Wrong($"{Name} needs {what}");

    /// <summary>All words that are left.</summary>
    public Seq<string> Rest()
    {
        var rest = words.ToArray();
        words.Clear();
        return toSeq(rest);
    }

    /// <summary>The next word, a node like S1.</summary>
    public NodeId Node() => Node(Word("a node, like S1"));

    /// <summary>All words that are left, nodes.</summary>
    public Seq<NodeId> Nodes() => Rest().Map(Node).Strict();

    public Seq<NodeId> NodesOf(string list) => toSeq(list.Split(',')).Map(Node).Strict();

    public NodeId Node(string word) =>
        word.StartsWith('S') && ulong.TryParse(word[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new(id)
            : throw Wrong($"'{word}' is no node, as S1 is");

    /// <summary>A number of entries, bytes or nodes.</summary>
    public int Whole(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"'{word}' is no whole number");

    /// <summary>A span of time in words: 300ms or 1.5s.</summary>
    public TimeSpan Span(string word) =>
        word.EndsWith("ms", StringComparison.Ordinal) && Number(word[..^2]) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds)
        : word.EndsWith('s') && Number(word[..^1]) is { } seconds ? TimeSpan.FromSeconds(seconds)
        : throw Wrong($"'{word}' is no span of time, as 300ms and 2s are");

    /// <summary>An option's value, if it is given.</summary>
    public T Option<T>(string name, Func<string, T> parse, T otherwise) =>
        options.Remove(name, out var value) ? parse(value) : otherwise;

    /// <summary>Nothing may be left over.</summary>
    public void RequireNothingMore()
    {
        if (words.Count > 0) throw Wrong($"{Name} does not take '{words.Peek()}'");
        if (options.Count > 0) throw Wrong($"{Name} does not take '{options.First().Key}='");
    }

    public GoldenException Wrong(string words) => new(Where, words);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
