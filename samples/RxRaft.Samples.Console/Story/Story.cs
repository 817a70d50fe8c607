namespace RxRaft.Samples;

/// <summary>How five nodes find a leader, lose it, find another, lose their quorum and find it again.</summary>
internal static class Story
{
    private static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(800);      // time enough for two elections

    public static readonly Seq<Chapter> Chapters = Seq(
        new Chapter(
            Opening: _ => "Five nodes start, and nobody leads. The first to lose patience asks for votes.",
            Act: stage => stage.World.Start(),
            Hope: _ => "one leads, and all five follow it",
            Fulfilled: stage => stage.FollowOne(stage.World.Nodes),
            Lasting: AMoment),

        new Chapter(
            Opening: stage => $"{stage.Leader}, the leader, is cut off from the others.",
            Act: stage => stage.World.Wire.CutOff(stage.Old = stage.Leader),
            Hope: stage => $"the four others follow a new leader, and {stage.Old} no longer leads",
            Fulfilled: stage => stage.FollowOne(stage.AllBut(stage.Old)) && !stage.World.Leaders.Contains(stage.Old),
            Lasting: AWhile),

        new Chapter(
            Opening: stage => $"{stage.Old} is back. It has missed an election, and asked in vain for votes.",
            Act: stage =>
            {
                stage.New = stage.Leader;
                stage.NewTerm = stage.World.StateOf(stage.New).CurrentTerm;
                stage.World.Wire.Rejoin(stage.Old);
            },
            Hope: stage => $"{stage.Old} disturbs nobody: all follow {stage.New} in {stage.NewTerm}, as before",
            Fulfilled: stage => stage.World.Nodes.ForAll(node => stage.Follows(node, stage.New, stage.NewTerm)),
            Lasting: AMoment),

        new Chapter(
            Opening: stage => $"{stage.New}, the leader, crashes; two others are cut off. Two of five are no quorum.",
            Act: stage =>
            {
                stage.Missing = stage.AllBut(stage.New, stage.Old).Take(2).Strict();
                stage.World.Crash(stage.New);
                stage.Missing.Iter(stage.World.Wire.CutOff);
            },
            Hope: stage => $"nobody leads, and it is still {stage.NewTerm}: nobody stands without three promises",
            Fulfilled: stage => stage.World.Leaders.IsEmpty
                && stage.World.Running.ForAll(node => stage.World.StateOf(node).CurrentTerm == stage.NewTerm),
            Lasting: AWhile),

        new Chapter(
            Opening: stage => $"{stage.Missing[0]} is back: three of five are a quorum.",
            Act: stage => stage.World.Wire.Rejoin(stage.Missing[0]),
            Hope: _ => "one of the three leads, and the two others follow it",
            Fulfilled: stage => stage.FollowOne(stage.AllBut(stage.New, stage.Missing[1])),
            Lasting: AMoment),

        new Chapter(
            Opening: stage => $"{stage.New} starts again, {stage.Missing[1]} is back: everybody is here.",
            Act: stage =>
            {
                stage.World.Wire.HealAll();
                stage.World.Restart(stage.New);
            },
            Hope: _ => "one leads, and all five follow it",
            Fulfilled: stage => stage.FollowOne(stage.World.Nodes),
            Lasting: AMoment));
}
