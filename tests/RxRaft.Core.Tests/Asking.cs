using System.Linq;

namespace RxRaft.Tests;

/// <summary>What clients, operators and the state machine want of a node, a millisecond after what happened before.</summary>
internal static class Asking
{
    public static readonly SessionId Session = new(1);

    public static Transition Happens(this NodeState state, Input input, double afterMs = 1) =>
        Raft.Step(state, input with { At = state.Now + Ms(afterMs) });

    public static Transition Propose(this NodeState state, params Proposal[] proposals) =>
        state.Happens(new Input.Propose(toSeq(proposals)));

    public static Transition Read(this NodeState state, params ulong[] requests) =>
        state.Happens(new Input.Read(toSeq(requests.Select(Samples.Request).ToArray())));

    public static Transition ReadAt(this NodeState state, Instant at, ulong request) =>
        Raft.Step(state, new Input.Read(Seq1(Samples.Request(request))) { At = at });

    public static Transition Reconfigure(this NodeState state, MembershipChange change, ulong request = 90) =>
        state.Happens(new Input.Reconfigure(Samples.Request(request), change));

    public static Transition TransferTo(this NodeState state, NodeId target, ulong request = 80) =>
        state.Happens(new Input.TransferTo(Samples.Request(request), target));

    public static Transition Applied(this NodeState state, ulong? index = null) =>
        state.Happens(new Input.Applied(index is { } some ? Place(some) : state.CommitIndex));

    public static Transition Snapshotted(this NodeState state, Snapshot snapshot) =>
        state.Happens(new Input.Snapshotted(snapshot));

    /// <summary>A command within a session: it may be forwarded, and retried.</summary>
    public static Proposal InSession(ulong sequence, int bytes = 1) =>
        new(new Payload.Command(new(Session, sequence), FirstUnanswered: 1, new byte[bytes]));

    /// <summary>What clients here are told, in that order.</summary>
    public static (RequestId Request, Outcome Outcome)[] Answers(this Transition step) =>
        [.. step.Effects.OfType<Effect.Answer>().Select(answer => (answer.Request, answer.Outcome))];

    /// <summary>The one thing that a client is told.</summary>
    public static O Answer<O>(this Transition step) where O : Outcome =>
        Assert.IsType<O>(Assert.Single(step.Answers()).Outcome);

    /// <summary>Requests that may read now, in the order of asking.</summary>
    public static ulong[] MayRead(this Transition step) =>
        [.. step.Effects.OfType<Effect.Read>().SelectMany(read => read.Requests).Select(request => request.Sequence)];

    /// <summary>The one message of this kind to this node.</summary>
    public static M To<M>(this Transition step, NodeId receiver) where M : Message =>
        Assert.IsType<M>(Assert.Single(step.Sends(), send => send.To == receiver && send.Message is M).Message);

    /// <summary>S1, elected, with everything on its disk and committed by the answer of S2, and applied.</summary>
    public static NodeState Settled(
        ulong term = 4, Configuration? cluster = null, Log? log = null, Settings? settings = null)
    {
        var leader = Given.Leader(term, cluster, log) with { Settings = settings ?? Given.Settings };
        leader = leader.Persisted().State;
        foreach (var voter in leader.Configuration.Members)
            if (leader.CommitIndex < leader.LastLog.Index && voter != S1) leader = leader.Follows(voter);

        leader = leader.Applied().State;
        return leader.CommitIndex == leader.LastLog.Index ? leader : throw new InvalidOperationException("nothing is committed");
    }

    /// <summary>What a follower has asked its leader, for its clients' reads.</summary>
    public static Round Question(this NodeState follower) => follower.Relayed.Asked.Map(asked => asked.Round).IfNone(Round.Zero);

    public static Role.Leader Office(this NodeState state) => Assert.IsType<Role.Leader>(state.Role);

    public static Progress Of(this NodeState leader, NodeId follower) => leader.Office().Followers[follower];
}
