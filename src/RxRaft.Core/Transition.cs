namespace RxRaft;

/// <summary>One step of one node: what it became, what it asks for, and why.</summary>
/// <param name="State">The node after the step.</param>
/// <param name="Effects">What the shell has to do, in this order.</param>
/// <param name="Reasons">
/// What happened and why, as data. Says nothing new to the algorithm, and everything to a reader.
/// </param>
public readonly record struct Transition(NodeState State, Seq<Effect> Effects, Seq<Reason> Reasons)
{
    /// <summary>Goes on from where this transition ended.</summary>
    internal Transition Then(Func<NodeState, Transition> next) => FollowedBy(next(State));

    /// <summary>The same, for a rule that wants to know more, without a closure for each step.</summary>
    internal Transition Then<A>(Func<NodeState, A, Transition> next, A a) => FollowedBy(next(State, a));

    internal Transition Then<A, B>(Func<NodeState, A, B, Transition> next, A a, B b) => FollowedBy(next(State, a, b));

    internal Transition Then<A, B, C>(Func<NodeState, A, B, C, Transition> next, A a, B b, C c) =>
        FollowedBy(next(State, a, b, c));

    internal Transition Because(Reason reason) => this with { Reasons = Reasons.With(reason) };

    internal Transition Send(NodeId to, Message message) =>
        this with { Effects = Effects.With(new Effect.Send(to, message)) };

    internal Transition Answer(RequestId request, Outcome outcome) =>
        this with { Effects = Effects.With(new Effect.Answer(request, outcome)) };

    /// <summary>
    /// Adds what no rule asks for, and puts everything in its order: what may leave before it is durable (§10.2.1);
    /// then, where term, vote or log changed, one Persist (§3.8); then what depends on it; then what was committed in
    /// this step is applied, and then read.
    /// </summary>
    internal Transition InOrder(NodeState since)
    {
        var persist   = Persist(since);
        var committed = Committed(since);
        var applied   = Applied(since, committed);
        if (persist.IsNone && applied.IsEmpty) return this;

        var relayed = Protocol.Clients.Applied(State.Relayed, committed);
        return new(
            ReferenceEquals(relayed, State.Relayed) ? State : State with { Relayed = relayed },
            Sorted(Effects, persist, applied),
            Reasons);
    }

    /// <summary>By <see cref="Stage"/>; those of one stage stay in the order in which they were asked for.</summary>
    private static Seq<Effect> Sorted(Seq<Effect> asked, Option<Effect> persist, Seq<Effect> applied)
    {
        var sorted = Of(Stage.BeforeDurable, asked);
        if (persist.Case is Effect write) sorted = sorted.With(write);
        return sorted.And(Of(Stage.OnceDurable, asked)).And(applied).And(Of(Stage.OnceApplied, asked));
    }

    private static Seq<Effect> Of(Stage stage, Seq<Effect> asked)
    {
        var of = 0;
        for (var i = 0; i < asked.Count; i++)
            if (StageOf(asked[i]) == stage) of++;
        return of == asked.Count ? asked
             : of == 0 ? []
             : asked.Filter(effect => StageOf(effect) == stage).Strict();
    }

    private Option<Effect> Persist(NodeState since)
    {
        var sameLog = ReferenceEquals(State.Log, since.Log);
        if (sameLog && State.CurrentTerm == since.CurrentTerm && State.VotedFor.Same(since.VotedFor)) return None;

        var kept = sameLog
            ? State.Log.LastIndex
            : LogIndex.Max(State.Log.AgreesThrough(since.Log), State.Log.Base.Index);
        var snapshot = ReferenceEquals(State.Snapshot, since.Snapshot) ? Option<Snapshot>.None : State.Snapshot;
        return new Effect.Persist(
            State.CurrentTerm, State.VotedFor, snapshot, State.Log.Base, kept, State.Log.After(kept), State.LastLog);
    }

    /// <summary>The state machine gets what was committed in this step, in place of what only a snapshot has.</summary>
    private Seq<Effect> Applied(NodeState since, Seq<Entry> committed)
    {
        var restore = State.Snapshot.Last.Index > since.CommitIndex
            ? Seq1<Effect>(new Effect.RestoreSnapshot(State.Snapshot))
            : Seq<Effect>();
        return committed.IsEmpty ? restore : restore.With(new Effect.Apply(committed));
    }

    private Seq<Entry> Committed(NodeState since) => State.Log.Between(
        LogIndex.Max(since.CommitIndex, State.Snapshot.Last.Index), State.CommitIndex);

    private enum Stage { BeforeDurable, OnceDurable, OnceApplied }

    private static Stage StageOf(Effect effect) =>
        effect.IsAtOnce || effect is Effect.StoreChunk ? Stage.BeforeDurable    // the bytes, then what names them
        : effect is Effect.Read or Effect.TakeSnapshot ? Stage.OnceApplied
        : Stage.OnceDurable;

    private Transition FollowedBy(Transition after) =>
        new(after.State, Effects.And(after.Effects), Reasons.And(after.Reasons));
}

/// <summary>How a conversation begins its answer.</summary>
internal static class TransitionExtensions
{
    /// <summary>This state, which may have changed, and nothing to do or to say.</summary>
    public static Transition Stay(this NodeState state) => new(state, [], []);

    /// <summary>This state, and a reason.</summary>
    public static Transition Because(this NodeState state, Reason reason) => new(state, [], Seq1(reason));

    /// <summary>This state, and one message.</summary>
    public static Transition Send(this NodeState state, NodeId to, Message message) =>
        new(state, Seq1<Effect>(new Effect.Send(to, message)), []);

    /// <summary>This state, and a word to a client.</summary>
    public static Transition Answer(this NodeState state, RequestId request, Outcome outcome) =>
        new(state, Seq1<Effect>(new Effect.Answer(request, outcome)), []);

    /// <summary>This state, and the same word to several clients.</summary>
    public static Transition Answer(this NodeState state, Seq<RequestId> requests, Outcome outcome) =>
        new(state, requests.Map(Effect (request) => new Effect.Answer(request, outcome)).Strict(), []);
}
