using System.Linq;

namespace RxRaft.Tests;

/// <summary>What a step asks for, and why.</summary>
internal static class Then
{
    public static Effect.Send[] Sends(this Transition step) => [.. step.Effects.OfType<Effect.Send>()];

    /// <summary>Who is asked this kind of question, in the order of asking.</summary>
    public static NodeId[] Asked<M>(this Transition step) where M : Message =>
        [.. step.Sends().Where(send => send.Message is M).Select(send => send.To)];

    /// <summary>Names the state in which a step ends, in the middle of a sentence.</summary>
    public static Transition Into(this Transition step, out NodeState state)
    {
        state = step.State;
        return step;
    }

    /// <summary>The appends to a follower, in this order.</summary>
    public static Message.AppendEntries[] Appends(this Transition step, NodeId to) =>
        [.. step.Sends().Where(send => send.To == to).Select(send => send.Message).OfType<Message.AppendEntries>()];

    /// <summary>A follower as its leader sees it.</summary>
    public static Progress Sees(this NodeState leader, NodeId follower) => ((Role.Leader)leader.Role).Followers[follower];

    /// <summary>The one message sent.</summary>
    public static Message Reply(this Transition step) => Assert.Single(step.Sends()).Message;

    /// <summary>The one message sent, which is of this kind.</summary>
    public static M Reply<M>(this Transition step) where M : Message => Assert.IsType<M>(step.Reply());

    /// <summary>The one reason of this kind.</summary>
    public static R Why<R>(this Transition step) where R : Reason => Assert.Single(step.Reasons.OfType<R>());

    /// <summary>The one write asked for, if there is one.</summary>
    public static Effect.Persist? Persist(this Transition step) =>
        step.Effects.OfType<Effect.Persist>().SingleOrDefault();

    /// <summary>The step changes nothing but the clock, and asks for nothing.</summary>
    public static void ChangesNothing(this Transition step, NodeState before)
    {
        Assert.Equal(before with { Now = step.State.Now }, step.State);
        Assert.Empty(step.Effects);
    }

    /// <summary>The message was heard, and ignored for this cause.</summary>
    public static void IsIgnored(this Transition step, NodeState before, IgnoreCause cause)
    {
        step.ChangesNothing(before);
        Assert.Equal(cause, step.Why<Reason.Ignored>().Cause);
    }
}
