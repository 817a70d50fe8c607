namespace RxRaft.Testing.Checking;

/// <summary>One thread's part of the search.</summary>
internal sealed class Searcher(Stage stage, CheckOptions options, Layout at, PrintSet seen) : ISink
{
    private readonly Rules rules = new(stage, options, at);
    private readonly Healing healing = new(stage, options, at);
    private int parent;
    private int ordinal;

    /// <summary>New states of the next level.</summary>
    public Level Found { get; private set; } = new(at.Width);

    public long States { get; private set; }

    public long Transitions { get; private set; }

    public long Healed { get; private set; }

    /// <summary>What is wrong, and which step from which state of the level leads there.</summary>
    public (int Parent, int Ordinal, Finding Wrong)? Wrong { get; private set; }

    public void Begin() => Found = new Level(at.Width);

    /// <summary>Finds what follows a state; whether something is wrong there.</summary>
    public bool Expand(ReadOnlySpan<int> row, int index)
    {
        (parent, ordinal) = (index, 0);
        rules.Expand(row, this);
        return Wrong is not null;
    }

    public void Next(ReadOnlySpan<int> row, ulong print, Deed deed, ReadOnlySpan<int> together)
    {
        Transitions++;
        var number = ordinal++;
        if (Wrong is not null || !seen.Add(print)) return;

        States++;
        Found.Add(row, parent, number);
        if (options.HealOneIn == 0 || print % (ulong)options.HealOneIn != 0) return;

        Healed++;
        if (healing.Fails(row) is { } wrong) Wrong = (parent, number, wrong);
    }

    void ISink.Found(Deed deed, Finding wrong) => Wrong ??= (parent, ordinal++, wrong);
}
