namespace RxRaft;

/// <summary>What a client was told of its commands that it may still try again, by sequence number.</summary>
/// <remarks>
/// §6.3. Clients number their commands in order, and these come about in order: one that was overtaken stands with
/// those that were before it, one that was overtaken there too in a map. Memory and time depend on how many results are
/// remembered, not on their numbers. Equality compares what is remembered.
/// </remarks>
public readonly struct SessionResults<TResult> : IEquatable<SessionResults<TResult>>
{
    private Rising<Outcome<TResult>.Applied> InOrder { get; init; }
    private Late? Overtaken { get; init; }                                  // all below the last in order

    /// <summary>Nothing yet.</summary>
    public static readonly SessionResults<TResult> Empty = new() { FirstUnanswered = 1 };

    /// <summary>Below this sequence number the client has all its answers, and nothing is remembered.</summary>
    public ulong FirstUnanswered { get; private init; }

    /// <summary>All of them: a copy, made anew each time.</summary>
    public Map<ulong, Outcome<TResult>.Applied> BySequence => toMap(Sorted());

    /// <summary>What the client was told of a command.</summary>
    /// <returns>None when it was not applied, or the client has its answer.</returns>
    public Option<Outcome<TResult>.Applied> Find(ulong sequence) =>
        sequence < FirstUnanswered || sequence > InOrder.Last ? None
        : InOrder.Find(sequence) is { IsSome: true } inOrder ? inOrder
        : Overtaken is null ? None
        : Overtaken.Find(sequence);

    /// <summary>A command has been applied.</summary>
    /// <param name="sequence">Not there yet.</param>
    /// <param name="told">Its result. Not kept under a number below <see cref="FirstUnanswered"/>.</param>
    internal SessionResults<TResult> Add(ulong sequence, Outcome<TResult>.Applied told) =>
        sequence < FirstUnanswered ? this
        : sequence > InOrder.Last ? this with { InOrder = InOrder.Add(sequence, told) }
        : this with { Overtaken = (Overtaken ?? Late.None).Add(sequence, told) };

    /// <summary>Commands have been applied.</summary>
    /// <param name="told">Rising, above <see cref="Last"/>, none below <see cref="FirstUnanswered"/>.</param>
    internal SessionResults<TResult> Add(Seq<(ulong Sequence, Outcome<TResult>.Applied Told)> told) =>
        this with { InOrder = InOrder.Add(told) };

    /// <summary>The highest number that is held; 0 when there is none.</summary>
    internal ulong Last => InOrder.Last;

    /// <summary>The client has seen its answers below this number: they are forgotten.</summary>
    internal SessionResults<TResult> Forget(ulong below) => below <= FirstUnanswered ? this : new()
    {
        FirstUnanswered = below,
        InOrder         = InOrder.Forget(below),
        Overtaken       = Overtaken?.Forget(below),
    };

    /// <inheritdoc/>
    public bool Equals(SessionResults<TResult> other) =>
        FirstUnanswered == other.FirstUnanswered && BySequence == other.BySequence;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SessionResults<TResult> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => FirstUnanswered.GetHashCode();

    /// <summary>The same is remembered.</summary>
    public static bool operator ==(SessionResults<TResult> a, SessionResults<TResult> b) => a.Equals(b);

    /// <summary>Not the same is remembered.</summary>
    public static bool operator !=(SessionResults<TResult> a, SessionResults<TResult> b) => !a.Equals(b);

    /// <summary>All of them, by number; an array, since there may be thousands of them in every snapshot.</summary>
    internal (ulong Sequence, Outcome<TResult>.Applied Told)[] Sorted()
    {
        var (all, first) = (InOrder.All.Concat((Overtaken ?? Late.None).All), FirstUnanswered);
        var remembered = all.Filter(one => one.Number >= first).ToArray();
        System.Array.Sort(remembered, static (a, b) => a.Item1.CompareTo(b.Item1));
        return remembered;
    }

    /// <summary>Those that were overtaken: few, and at hand only where there are any.</summary>
    /// <param name="InOrder">Among themselves.</param>
    /// <param name="Others">All below the last of these.</param>
    private sealed record Late(
        Rising<Outcome<TResult>.Applied> InOrder, Map<ulong, Outcome<TResult>.Applied> Others)
    {
        public static readonly Late None = new(default, []);

        public Seq<(ulong Number, Outcome<TResult>.Applied Value)> All =>
            InOrder.All.Concat(toSeq(Others.Pairs.Map(pair => (pair.Item1, pair.Item2)))).Strict();

        public Option<Outcome<TResult>.Applied> Find(ulong sequence) =>
            sequence > InOrder.Last ? Option<Outcome<TResult>.Applied>.None
            : InOrder.Find(sequence) is { IsSome: true } found ? found
            : Others.Find(sequence);

        public Late Add(ulong sequence, Outcome<TResult>.Applied told) =>
            sequence > InOrder.Last
                ? this with { InOrder = InOrder.Add(sequence, told) }
                : this with { Others = Others.Add(sequence, told) };

        /// <summary>None left is none at all.</summary>
        public Late? Forget(ulong below)
        {
            var kept = Others;
            while (!kept.IsEmpty && kept.Keys.Head() is var lowest && lowest < below) kept = kept.Remove(lowest);
            var inOrder = InOrder.Forget(below);
            return kept.IsEmpty && inOrder.Last == 0 ? null : new(inOrder, kept);
        }
    }
}
