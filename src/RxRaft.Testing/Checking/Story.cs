using System.Collections.Generic;

namespace RxRaft.Testing.Checking;

/// <summary>Makes moves, one after the other, from a cluster's first state on, and tells what happens.</summary>
internal sealed class Story
{
    private readonly Stage stage;
    private readonly Layout at;
    private readonly Rules rules;
    private readonly Healing healing;
    private int[] row;
    private int step;

    public Story(CheckOptions options)
    {
        stage = new Stage(options with { Symmetry = false });
        at = new Layout(stage.Names.Nodes.Length, options.Bounds.InFlight);
        rules = new Rules(stage, options, at);
        healing = new Healing(stage, options, at);
        row = rules.Begin().Row;
    }

    /// <summary>Is told lines of a transcript.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Gets what happens.</summary>
    public SequenceDiagram? Draw { get; init; }

    /// <summary>Makes a move.</summary>
    /// <returns>What is wrong then; also, under <c>Move</c>, that it cannot be made.</returns>
    public Finding? Make(Move move)
    {
        var found = new Retracing(stage, at, move);
        rules.Expand(row, found);
        step++;
        if (found.Deed is not { } deed) return new Finding("Move", $"step {step} cannot be made: {move}");

        var node = stage.Node(row[deed.Node]);
        var errand = stage.Play(node, deed.Kind, deed.Argument);
        if (Tell is not null) Lines(move, deed, errand);
        if (Draw is not null) Arrows(Draw, move, deed, errand);
        row = found.Row;
        return found.Wrong;
    }

    /// <summary>What is wrong where the story ends, if the cluster is to recover from there.</summary>
    public Finding? Heal() => healing.Fails(row);

    private void Lines(Move move, Deed deed, Errand errand)
    {
        Say($"{move.Node}  {What(move)}");
        if (deed.Cut < 0)
            foreach (var reason in errand.Reasons) Say($"{move.Node}  {reason}");
        foreach (var letter in Sent(deed, errand))
            Say($"{letter.From} -> {letter.To}  {Transcript.Of(letter.Message)}");
        if (deed.Cut >= 0) Say($"{move.Node}  crashed before it had written that, and started again");
        foreach (var letter in move.Lost)
            Say($"{letter.From} -x {letter.To}  {Transcript.Of(letter.Message)} lost");
    }

    private void Say(string what) =>
        Tell!($"{RxRaft.Say.Invariant($"step {step}"),14}  {what}");

    private static void Arrows(SequenceDiagram drawn, Move move, Deed deed, Errand errand)
    {
        if (move is Move.Arrive arrive)
            drawn.Message(arrive.Letter.From, move.Node, Transcript.Of(arrive.Letter.Message));
        else drawn.Note(move.Node, What(move));
        if (deed.Cut >= 0) drawn.Note(move.Node, "crashed before it had written, started again");
        else if (Became(errand) is { } became) drawn.Note(move.Node, became);
        foreach (var letter in move.Lost) drawn.Lost(letter.From, letter.To, Transcript.Of(letter.Message));
    }

    private static string? Became(Errand errand)
    {
        foreach (var reason in errand.Reasons)
            if (reason is Reason.ElectionWon or Reason.CommitAdvanced or Reason.VoteGranted or Reason.SteppedDown)
                return reason.ToString();
        return null;
    }

    private static List<Letter> Sent(Deed deed, Errand errand) =>
        deed.Cut < 0 ? errand.Sent : errand.Sent.GetRange(0, errand.Stops[deed.Cut].Sent);

    private static string What(Move move) => move switch
    {
        Move.Arrive arrive => $"hears {arrive.Letter.From}: {Transcript.Of(arrive.Letter.Message)}"
            + (arrive.Again ? ", and will again" : "") + Lateness(arrive.Late),
        Move.Wake wake => wake.Alarm switch
        {
            Alarm.Election => "its election timeout runs out",
            Alarm.Retry => "those who have not answered are to be asked again",
            Alarm.Heartbeat => "its heartbeats are due",
            Alarm.LateHeartbeat => "its heartbeats are due, and what it was asked takes too long",
            Alarm.Quorum => "no quorum has answered it",
            _ => throw Unreachable.Case(wake.Alarm),
        },
        Move.Ask ask => ask.Input switch
        {
            Input.Propose propose =>
                $"is asked to put {string.Join(' ', propose.Proposals.Map(each => each.Request))} into the log",
            Input.Read => "is asked for a read",
            Input.Reconfigure reconfigure => $"is asked for other members: {reconfigure.Change}",
            Input.TransferTo transfer => $"is asked to hand over to {transfer.Target}",
            _ => $"is asked: {ask.Input}",
        },
        Move.Crash => "crashes, and starts again",
        _ => throw Unreachable.Case(move),
    };

    private static string Lateness(Lateness late) => late switch
    {
        Checking.Lateness.InTime => "",
        Checking.Lateness.Impatient => ", having lost patience with its leader",
        Checking.Lateness.GivenUp => ", having given up what it passed on",
        _ => throw Unreachable.Case(late),
    };
}
