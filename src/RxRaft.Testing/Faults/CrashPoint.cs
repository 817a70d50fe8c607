namespace RxRaft.Testing;

/// <summary>A moment in the middle of what a node has to do, for it to crash at.</summary>
/// <param name="Effect">
/// Counts all effects that nodes have begun, from 1: it is the node that crashes which is about to begin this one.
/// </param>
/// <param name="Moment">Where in it.</param>
/// <remarks>
/// The world is the same up to there, so points can be counted in one run and gone to in others. See
/// <see cref="World.Effects"/>.
/// </remarks>
public readonly record struct CrashPoint(long Effect, CrashMoment Moment)
{
    /// <summary>before effect 17.</summary>
    public override string ToString() => Moment switch
    {
        CrashMoment.Before => Say.Invariant($"before effect {Effect}"),
        CrashMoment.WriteLost => Say.Invariant($"in effect {Effect}, a write that is lost"),
        CrashMoment.WriteMade => Say.Invariant($"in effect {Effect}, a write that is made and not heard of"),
        _ => throw Unreachable.Case(Moment),
    };
}

/// <summary>Where in an effect a node crashes.</summary>
/// <remarks>
/// A write is all or nothing (<see cref="IDisk.Write"/>): what a real disk has of a torn one is cut off when it is
/// opened, and so lost.
/// </remarks>
public enum CrashMoment
{
    /// <summary>When everything in front of it was begun, and it was not.</summary>
    Before,

    /// <summary>At the end of a write, none of which is durable; before any other effect.</summary>
    WriteLost,

    /// <summary>At the end of a write, durable though its node never heard; before any other effect.</summary>
    WriteMade,
}
