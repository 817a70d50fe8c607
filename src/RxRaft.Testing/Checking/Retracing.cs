using System.Collections.Generic;

namespace RxRaft.Testing.Checking;

/// <summary>Looks, among all that can follow a state, for one step: by its number, or by its move.</summary>
internal sealed class Retracing : ISink
{
    private readonly Stage stage;
    private readonly Layout at;
    private readonly Func<int, Move, bool> wanted;
    private int ordinal;

    private Retracing(Stage stage, Layout at, Func<int, Move, bool> wanted) =>
        (this.stage, this.at, this.wanted) = (stage, at, wanted);

    public Retracing(Stage stage, Layout at, Move wanted)
        : this(stage, at, (_, move) => IsSame(move, wanted)) { }

    /// <summary>What was found, if it was.</summary>
    public Deed? Deed { get; private set; }

    public Move? Move { get; private set; }

    public int[] Row { get; private set; } = [];

    public Finding? Wrong { get; private set; }

    /// <summary>The moves of a way from the first state on.</summary>
    /// <param name="path">Which of its followers each state was left for.</param>
    public static Seq<Move> Moves(Stage stage, CheckOptions options, Layout at, int[] path)
    {
        var rules = new Rules(stage, options, at);
        var moves = new List<Move>();
        var row = rules.Begin().Row;
        foreach (var number in path)
        {
            var step = new Retracing(stage, at, (ordinal, _) => ordinal == number);
            rules.Expand(row, step);
            moves.Add(step.Move
                ?? throw new InvalidOperationException("the step is not pure: what it did once it does not do again"));
            row = step.Row;
        }

        return toSeq(moves);
    }

    public void Next(ReadOnlySpan<int> row, ulong print, Deed deed, ReadOnlySpan<int> together)
    {
        var move = MoveOf(deed) with { Lost = Lost(row.Slice(at.Letters, row[at.Count]), together) };
        if (Deed is not null || !wanted(ordinal++, move)) return;

        (Deed, Move, Row) = (deed, move, row.ToArray());
    }

    public void Found(Deed deed, Finding wrong)
    {
        var move = MoveOf(deed);
        if (Deed is not null || !wanted(ordinal++, move)) return;

        (Deed, Move, Wrong) = (deed, move, wrong);
    }

    private Move MoveOf(Deed deed)
    {
        var node = stage.Names.Nodes[deed.Node];
        Move move = deed.Kind switch
        {
            Kind.InTime or Kind.Impatient or Kind.GivenUp =>
                new Move.Arrive(node, stage.Letter(deed.Argument).Letter, (Lateness)deed.Kind, deed.Again),
            Kind.Refused => new Move.Arrive(
                node, stage.Refusal(deed.Argument, node), Lateness.InTime, Again: false),
            Kind.Wake => new Move.Wake(node, (Alarm)deed.Argument),
            Kind.Crash => new Move.Crash(node),
            Kind.Propose or Kind.Read or Kind.Change or Kind.Transfer =>
                new Move.Ask(node, stage.Input(deed.Kind, deed.Argument)),
            _ => throw Unreachable.Case(deed),
        };
        return deed.Cut < 0 ? move : move with { Cut = deed.Cut };
    }

    private Seq<Letter> Lost(ReadOnlySpan<int> kept, ReadOnlySpan<int> together)
    {
        var (lost, next) = (new List<Letter>(), 0);
        foreach (var letter in together)
            if (next < kept.Length && kept[next] == letter) next++;
            else lost.Add(stage.Letter(letter).Letter);
        return toSeq(lost);
    }

    /// <summary>Messages are lost in no order.</summary>
    private static bool IsSame(Move a, Move b)
    {
        if (a.Lost.Count != b.Lost.Count || !(a with { Lost = [] }).Equals(b with { Lost = [] })) return false;

        var rest = new List<Letter>(b.Lost);
        foreach (var letter in a.Lost)
            if (!rest.Remove(letter)) return false;
        return true;
    }
}
