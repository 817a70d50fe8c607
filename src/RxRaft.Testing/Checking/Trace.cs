using System.Text;

namespace RxRaft.Testing.Checking;

/// <summary>How a cluster came to where it is: moves from its first state on, which can be made again.</summary>
public sealed class Trace
{
    private readonly CheckOptions options;

    /// <summary>A way that can be gone.</summary>
    /// <param name="options">Of the cluster.</param>
    /// <param name="moves">From its first state on.</param>
    public Trace(CheckOptions options, Seq<Move> moves) => (this.options, Moves) = (options, moves);

    /// <summary>What happened.</summary>
    public Seq<Move> Moves { get; }

    /// <summary>Goes the way again, with this step or another.</summary>
    /// <param name="step">By default that of the options it was found with.</param>
    /// <returns>What is wrong at its end, or before; the name of the property, and in which way.</returns>
    public Option<(string Property, string Detail)> Replay(Func<NodeState, Input, Transition>? step = null)
    {
        var story = new Story(step is null ? options : options with { Step = step });
        return Play(story) is { } wrong ? (wrong.Property, wrong.Detail) : None;
    }

    /// <summary>Line by line: every move, every message, and the reasons of the nodes.</summary>
    public string ToTranscript()
    {
        var text = new StringBuilder();
        var story = new Story(options) { Tell = line => text.Append(line).Append('\n') };
        if (Play(story) is { } wrong)
            text.Append(wrong.Property).Append(" violated: ").Append(wrong.Detail).Append('\n');
        return text.ToString();
    }

    /// <summary>The same as a sequence diagram, for Mermaid.</summary>
    public string ToMermaid()
    {
        var drawn = new SequenceDiagram(options.Nodes.AsEnumerable());
        if (Play(new Story(options) { Draw = drawn }) is { } wrong)
            drawn.Note(options.Nodes[0], options.Nodes.Last, $"{wrong.Property} violated", wrong.Detail);
        return drawn.ToString();
    }

    private Finding? Play(Story story)
    {
        foreach (var move in Moves)
            if (story.Make(move) is { } wrong) return wrong;
        return options.HealOneIn > 0 ? story.Heal() : null;
    }
}
