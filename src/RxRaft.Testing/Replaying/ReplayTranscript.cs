using System.Globalization;

namespace RxRaft.Testing;

/// <summary>A replay in lines, in the form of <see cref="Transcript"/>, each step with its number.</summary>
/// <remarks>Times are of the node's own clock, since it started.</remarks>
public static class ReplayTranscript
{
    /// <summary>The lines of what a journal tells: a step's input, its reasons, and the messages that leave.</summary>
    public static Seq<string> LinesOf(Replayed told) => told switch
    {
        Replayed.Began e => Seq1(Line(e, e.State.Now, Words(e))),
        Replayed.Stepped e => Of(e).Map(words => Line(e, e.Input.At, words)).Strict(),
        Replayed.Halted e => Seq(
            Line(e, e.Input.At, Of(e.Before.Self, e.Input)),
            Line(e, e.Input.At, $"{e.Before.Self}  halted: {e.Reason.Message}")),
        Replayed.Differed e => Seq1($"{e.Number,8}  DIFFERS, byte {e.Offset} of {e.File}: {e.Words}"),
        Replayed.Ended e => Seq1(Line(e, e.State.Now, $"{e.State.Self}  stopped, in the state that was recorded")),
        Replayed.Torn e => Seq1(
            Say.Invariant($"{e.Number,8}  torn: the last {e.Bytes} bytes of {e.File} do not count")),
        _ => throw Unreachable.Case(told),
    };

    /// <summary>An input in words: S2 -> S1  PreVote T0 R1, last log entry T0#0.</summary>
    public static string Of(NodeId self, Input input) => input switch
    {
        Input.Tick => $"{self}  tick",
        Input.Receive(var from, var message) => $"{from} -> {self}  {Transcript.Of(message)}",
        Input.Persisted p => $"{self}  on disk: {p.CurrentTerm}, vote {Say.Node(p.VotedFor)}, log through {p.LastLog}",
        Input.Propose(var proposals) =>
            $"{self}  clients propose {string.Join(' ', proposals.Map(proposal => proposal.Request))}",
        Input.Read(var requests) => $"{self}  clients read {string.Join(' ', requests)}",
        Input.Reconfigure(var request, var change) => $"{self}  {request} wants other members: {Of(change)}",
        Input.TransferTo(var request, var target) => $"{self}  {request} wants {target} to lead",
        Input.Applied(var index) => $"{self}  applied through {index}",
        Input.Snapshotted(var snapshot) =>
            Say.Invariant($"{self}  snapshot through {snapshot.Last} on disk, {snapshot.Size} bytes"),
        _ => throw Unreachable.Case(input),
    };

    private static string Of(MembershipChange change) => change switch
    {
        MembershipChange.Add add => $"{add.Node} more",
        MembershipChange.AddLearner add => $"{add.Node} as a learner",
        MembershipChange.Remove remove => $"without {remove.Node}",
        MembershipChange.To to => $"voters {Say.Nodes(to.Voters)}, learners {Say.Nodes(to.Learners)}",
        _ => throw Unreachable.Case(change),
    };

    private static Seq<string> Of(Replayed.Stepped step)
    {
        var self = step.Before.Self;
        var sent = step.Step.Effects.Choose(effect => effect is Effect.Send(var to, var message)
            ? Some($"{self} -> {to}  {Transcript.Of(message)}")
            : None);
        return (Of(self, step.Input).Cons(step.Step.Reasons.Map(reason => $"{self}  {reason}")) + sent).Strict();
    }

    private static string Words(Replayed.Began began)
    {
        var state = began.State;
        var start = new Reason.Started(state.Self, state.CurrentTerm, state.VotedFor, state.LastLog);
        var what  = began.IsStart ? $"{start}"
            : began.Missing > 0
                ? Say.Invariant($"{began.Missing} steps are in a file that is not there; on with {Of(state)}")
            : began.Lost > 0 ? Say.Invariant($"{began.Lost} steps are not recorded; on with {Of(state)}")
            : $"the journal begins with {Of(state)}";
        return $"{state.Self}  {what}, by RxRaft {began.Library} on "
            + began.WrittenAt.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static string Of(NodeState state) =>
        $"a {Say.Name(state.Role)} in {state.CurrentTerm}, last log entry {state.LastLog}";

    private static string Line(Replayed told, Instant at, string words) =>
        Say.Invariant($"{told.Number,8}{Transcript.Time(at.SinceStart),14}  {words}");
}
