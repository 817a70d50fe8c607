namespace RxRaft.Testing;

/// <summary>Goes on after a schedule as if nothing ever went wrong again, and sees whether the cluster works.</summary>
/// <remarks>
/// What is not in a schedule does not happen, so that a part of one would nearly always stop all progress by itself. So
/// it is the trouble that is a schedule, and what is judged is what comes after: every node runs, a message takes a
/// millisecond, a write and the state machine no time, and a client asks each new leader for something more.
/// </remarks>
internal sealed class Recovery(TimeSpan limit) : RunJudge
{
    private const ulong Request = ulong.MaxValue;                       // no client of a run gets as far
    private const int SnapshotSize = 100;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    internal override Option<SwarmFailure> Of(Stage stage)
    {
        var (begun, asked) = (stage.Now, Option<LogPosition>.None);
        foreach (var node in stage.Nodes) stage.Happens(stage.StartOf(node));
        if (!stage.Nodes.ForAll(node => HasQuorum(stage, stage.Durable(node).Log.Configuration)
            && stage.StateOf(node).ForAll(state => HasQuorum(stage, state.Configuration)))) return None;

        while (stage.Now < begun + limit)
        {
            Pass(stage, stage.Now + Latency);
            if (stage.Failure.IsSome) return stage.Failure;
            if (asked.Case is LogPosition entry && IsEverywhere(stage, entry)) return None;

            asked = Ask(stage, asked) || asked;
        }

        var what = !stage.Nodes.Exists(node => Leads(stage.StateOf(node))) ? "leader"
            : asked.IsNone ? "leader that has committed an entry of its term"
            : "agreement on what that is asked";
        return new SwarmFailure(SwarmFailure.Liveness, Say.Invariant(
            $"no {what} within {limit.TotalSeconds} s after this, though nothing goes wrong any more"))
        {
            Kind = $"{SwarmFailure.Liveness}: no {what}",
        };
    }

    /// <summary>Who has lost its disk does not vote; more of them than a minority nobody promises to survive.</summary>
    private static bool HasQuorum(Stage stage, Configuration configuration) =>
        configuration.IsNobody || configuration.Count(toMap(
            stage.Nodes.Filter(node => !stage.HasLostDisk(node)).Map(node => (node, true)))) is Tally.Won;

    private static void Pass(Stage stage, TimeSpan at)
    {
        foreach (var (origin, from, to) in stage.TakeSent())
            stage.Happens(new Happening.Arrives(stage.NextNumber, at, to, from, origin));
        foreach (var node in stage.Nodes)
        {
            stage.Happens(new Happening.Ticks(stage.NextNumber, at, node));
            stage.Happens(new Happening.Writes(stage.NextNumber, at, node, Heard: true));
            while (stage.Happens(new Happening.Applies(stage.NextNumber, at, node))) { }
            while (stage.Happens(new Happening.Snapshots(stage.NextNumber, at, node, SnapshotSize))) { }
        }
    }

    /// <summary>Asks each leader of a later term than the one before; what was committed proves nothing.</summary>
    private static Option<LogPosition> Ask(Stage stage, Option<LogPosition> asked)
    {
        foreach (var node in stage.Nodes)
        {
            if (!stage.StateOf(node).Exists(state => TakesCommands(state, asked))) continue;

            var command = new Payload.Command(new RequestId(SessionId.None, Request), 0, new byte[1]);
            var propose = new Input.Propose(Seq1(new Proposal(command)));
            stage.Happens(new Happening.Asks(stage.NextNumber, stage.Now, node, propose));
            return stage.StateOf(node).Map(after => after.LastLog);
        }

        return None;
    }

    private static bool TakesCommands(NodeState state, Option<LogPosition> asked) =>
        state.Role is Role.Leader { Office.Transfer.IsNone: true } leader && state.CommitIndex >= leader.FirstIndex
        && asked.ForAll(entry => entry.Term < state.CurrentTerm);

    /// <summary>At every voter of the leader that was asked.</summary>
    private static bool IsEverywhere(Stage stage, LogPosition entry) => stage.Nodes
        .Bind(node => stage.StateOf(node).ToSeq())
        .Find(state => state.Role is Role.Leader && state.CurrentTerm == entry.Term)
        .Exists(leader => stage.Nodes.ForAll(node => !leader.Configuration.IsVoter(node) || stage.HasLostDisk(node)
            || stage.StateOf(node).Exists(state => state.LastApplied >= entry.Index && state.Log.Contains(entry))));

    private static bool Leads(Option<NodeState> state) => state.Exists(node => node.Role is Role.Leader);
}
