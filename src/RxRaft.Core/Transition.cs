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
    internal Transition Then(Func<NodeState, Transition> next)
    {
        var after = next(State);
        return new(after.State, Join(Effects, after.Effects), Join(Reasons, after.Reasons));
    }

    internal Transition Because(Reason reason) => this with { Reasons = Reasons.Add(reason) };

    internal Transition Send(NodeId to, Message message) =>
        this with { Effects = Effects.Add(new Effect.Send(to, message)) };

    /// <summary>
    /// Puts one Persist in front of everything, where term, vote or log changed (§3.8): durable before said.
    /// </summary>
    internal Transition PersistFirst(NodeState since)
    {
        var sameLog = ReferenceEquals(State.Log, since.Log);
        if (sameLog && State.CurrentTerm == since.CurrentTerm && State.VotedFor.Equals(since.VotedFor)) return this;

        var kept = sameLog ? State.Log.LastIndex : State.Log.AgreesThrough(since.Log);
        var persist = new Effect.Persist(State.CurrentTerm, State.VotedFor, kept, State.Log.After(kept));
        return this with { Effects = persist.Cons(Effects).Strict() };
    }

    private static Seq<A> Join<A>(Seq<A> first, Seq<A> second) =>
        second.IsEmpty ? first : first.IsEmpty ? second : first.Concat(second).Strict();
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
}
