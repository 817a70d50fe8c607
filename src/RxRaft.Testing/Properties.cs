using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>
/// What must hold over the whole cluster, checked on every step of every node and every message that leaves one.
/// </summary>
/// <remarks>Figure 3.2, and what elections and leases rest on. The names are the paper's.</remarks>
internal sealed class Properties(IWitnessed world)
{
    private Map<Term, NodeId> leaders = [];
    private Map<(NodeId, Term), NodeId> votes = [];
    private readonly Dictionary<LogPosition, (LogPosition Before, Payload Payload)> entries = [];   // they are many
    private readonly Dictionary<LogIndex, LogPosition> committed = [];
    private readonly Dictionary<Term, LogPosition> lastCommitted = [];                          // by nodes of a term

    /// <summary>The first violation, after which nothing is checked any more.</summary>
    public Option<PropertyViolationException> Violation { get; private set; }

    public void Check(WorldEvent happened)
    {
        if (Violation.IsSome) return;

        switch (happened)
        {
            case WorldEvent.Started(_, var node, var step):
                step.State.VotedFor.IfSome(candidate => OneVoteATerm(node, step.State.CurrentTerm, candidate));
                LogMatching(step.State, after: LogIndex.Zero);
                StateMachineSafety(LogIndex.Zero, step.State);
                break;

            case WorldEvent.Stepped(_, _, var before, var step):
                TermsGoForward(before, step.State);
                VoteStays(before, step.State);
                if (!ReferenceEquals(before.Log, step.State.Log)) LogsChanged(before, step.State);
                if (step.State.CommitIndex > before.CommitIndex) StateMachineSafety(before.CommitIndex, step.State);
                if (step.State.Role is Role.Leader && before.Role is not Role.Leader) Elected(step.State);
                if (!step.State.LeaseEnd.Equals(before.LeaseEnd)) LeaseMoved(step.State);
                break;

            case WorldEvent.Sent(_, var from, var to, var message):
                if (message is Message.RequestVote) OneVoteATerm(from, message.Term, candidate: from);
                if (message is Message.RequestVoteReply { VoteGranted: true })
                    OneVoteATerm(from, message.Term, candidate: to);
                DurableBeforeSaid(world.StateOf(from), to, message, world.Durable(from));
                break;

            case WorldEvent.Halted(var at, var node, var reason):
                Violation = new PropertyViolationException(
                    $"Node {node}'s own invariant", reason.Message, at, world.Seed, reason);
                break;
        }
    }

    private void Elected(NodeState leader)
    {
        ElectionSafety(leader);
        LeaderCompleteness(leader);
        LeaseSafety(leader);
    }

    /// <summary>Election Safety: at most one leader can be elected in a given term (§3.4).</summary>
    private void ElectionSafety(NodeState leader)
    {
        var term = leader.CurrentTerm;
        Require("Election Safety", leaders.Find(term).ForAll(other => other == leader.Self),
            () => $"{leaders[term]} and {leader.Self} were both elected in {term}");
        leaders = leaders.AddOrUpdate(term, leader.Self);
    }

    /// <summary>
    /// Current terms increase over time (§3.3). A crash may undo what was not durable, and so not said.
    /// </summary>
    private void TermsGoForward(NodeState before, NodeState after) =>
        Require("Terms go forward", after.CurrentTerm >= before.CurrentTerm,
            () => $"{after.Self} went from {before.CurrentTerm} back to {after.CurrentTerm}");

    /// <summary>
    /// A vote stays for its term, and is not left over from another: it is for somebody who stands (§3.3, §3.4).
    /// </summary>
    private void VoteStays(NodeState before, NodeState voter)
    {
        var sameTerm = voter.CurrentTerm == before.CurrentTerm;
        if (sameTerm && voter.VotedFor.Equals(before.VotedFor)) return;

        Require("One vote a term", !sameTerm || before.VotedFor.IsNone,
            () => $"{voter.Self} changed its vote in {voter.CurrentTerm} from {before.VotedFor} to {voter.VotedFor}");
        if (voter.VotedFor.Case is not NodeId candidate) return;

        Require("Votes are of their term",
            candidate == voter.Self
                ? voter.Role is Role.Candidate or Role.Leader
                : votes.Find((candidate, voter.CurrentTerm)).Exists(vote => vote == candidate),
            () => $"{voter.Self} has a vote for {candidate} in {voter.CurrentTerm}, where {candidate} does not stand");
    }

    /// <summary>
    /// A node says in a given term of one candidate at most that it has its vote, also across its crashes (§3.4,
    /// §3.8).
    /// </summary>
    private void OneVoteATerm(NodeId node, Term term, NodeId candidate)
    {
        Require("One vote a term", votes.Find((node, term)).ForAll(other => other == candidate),
            () => $"{node} voted for {votes[(node, term)]} and for {candidate} in {term}");
        votes = votes.AddOrUpdate((node, term), candidate);
    }

    private void LogsChanged(NodeState before, NodeState after)
    {
        var kept = after.Log.AgreesThrough(before.Log);
        var led  = before.Role is Role.Leader && after.CurrentTerm == before.CurrentTerm;       // else deposed just now
        Require("Leader Append-Only", !led || kept == before.Log.LastIndex,
            () => $"{after.Self} deleted entries after {kept} while it led {before.CurrentTerm}");
        LogMatching(after, kept);
    }

    /// <summary>
    /// Log Matching: if two logs contain an entry with the same index and term, they are identical up to there
    /// (§3.5).
    /// </summary>
    /// <remarks>Entry by entry: what the entry carries, and which entry comes before it.</remarks>
    private void LogMatching(NodeState state, LogIndex after)
    {
        var known  = LogIndex.Max(after, state.Log.Base.Index);
        var before = state.Log.PositionAt(known);
        foreach (var entry in state.Log.After(known))
        {
            var content = (before, entry.Payload);
            var same = entries.TryAdd(entry.Position, content) || entries[entry.Position].Equals(content);
            Require("Log Matching", same,
                () => $"{state.Self}'s entry {entry.Position} is not the one that others have");
            before = entry.Position;
        }
    }

    /// <summary>
    /// Leader Completeness: a committed entry is in the logs of the leaders of all higher terms (§3.6.3).
    /// </summary>
    /// <remarks>
    /// The furthest of the terms before will do: by Log Matching those before it are there too. It need not be the last
    /// term's, whose nodes may have learned of little. Who was held up may learn of its election when a later term has
    /// committed already.
    /// </remarks>
    private void LeaderCompleteness(NodeState leader)
    {
        var last = lastCommitted.Where(each => each.Key < leader.CurrentTerm).Select(each => each.Value)
            .DefaultIfEmpty(LogPosition.Zero).MaxBy(each => each.Index);
        Require("Leader Completeness", leader.Log.Contains(last),
            () => $"{leader.Self} was elected in {leader.CurrentTerm} without {last}");
    }

    /// <summary>State Machine Safety: no two nodes have different entries committed at an index (§3.6.3).</summary>
    /// <remarks>A snapshot stands for the entries through its last one.</remarks>
    private void StateMachineSafety(LogIndex known, NodeState state)
    {
        var snapshot = state.Snapshot.Last;
        if (snapshot.Index > known) Committed(state, snapshot);
        foreach (var entry in state.Log.Between(LogIndex.Max(known, state.Log.Base.Index), state.CommitIndex))
            Committed(state, entry.Position);
    }

    private void Committed(NodeState node, LogPosition entry)
    {
        var same = committed.TryAdd(entry.Index, entry) || committed[entry.Index] == entry;
        Require("State Machine Safety", same,
            () => $"{node.Self} has {entry} committed where another has {committed[entry.Index]}");
        if (!lastCommitted.TryGetValue(node.CurrentTerm, out var last) || entry.Index > last.Index)
            lastCommitted[node.CurrentTerm] = entry;
    }

    /// <summary>Nobody gains or prolongs a lease once another has been elected in a newer term (§6.4.1).</summary>
    private void LeaseMoved(NodeState holder)
    {
        if (!holder.LeaseEnd.Exists(end => world.TimeLeft(holder.Self, end) > TimeSpan.Zero)) return;

        Require("Lease Safety", leaders.Keys.ForAll(term => term <= holder.CurrentTerm),
            () => $"{holder.Self} counts on a lease in {holder.CurrentTerm}, though a newer term has a leader");
    }

    /// <summary>While a leader counts on its lease, nobody else is elected in a newer term (§6.4.1).</summary>
    /// <remarks>Who was held up may learn late that it won an older one.</remarks>
    private void LeaseSafety(NodeState elected)
    {
        var holder = world.LeaseHolders.Filter(other => other != elected.Self);
        Require("Lease Safety", holder.IsEmpty || leaders.Keys.Exists(term => term > elected.CurrentTerm),
            () => $"{elected.Self} was elected in {elected.CurrentTerm} while {holder[0]} held its lease");
    }

    private void DurableBeforeSaid(NodeState from, NodeId to, Message message, PersistentState durable) =>
        Require("Durable before said", Durability.IsSaidAfter(from, to, message, durable),
            () => $"{from.Self} sent {to} a {Transcript.Of(message)} that a crash would undo");

    private void Require(string property, bool holds, Func<string> detail)
    {
        if (!holds && Violation.IsNone)
            Violation = new PropertyViolationException(property, detail(), world.Now, world.Seed);
    }
}

/// <summary>What the properties look at besides what happens.</summary>
internal interface IWitnessed
{
    /// <summary>Gives this run again.</summary>
    ulong Seed { get; }

    /// <summary>World time.</summary>
    TimeSpan Now { get; }

    /// <summary>Running nodes that count on a lease at the moment.</summary>
    Seq<NodeId> LeaseHolders { get; }

    /// <summary>Of a node that runs, after its last step.</summary>
    NodeState StateOf(NodeId node);

    /// <summary>What a crash at this moment is sure to leave of a node.</summary>
    PersistentState Durable(NodeId node);

    /// <summary>On a node's own clock.</summary>
    TimeSpan TimeLeft(NodeId node, Instant until);
}
