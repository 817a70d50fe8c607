using RxRaft.Protocol;

namespace RxRaft.Tests;

/// <summary>Figure 3.2 as far as one node sees it: each rule, broken by hand, halts the node and is named.</summary>
public class InvariantsTests
{
    private static readonly Input Something = new Input.Persisted(T(4), None, LogPosition.Zero);

    public static TheoryData<string, NodeState, NodeState> Broken()
    {
        var follower = Given.Follower(term: 4, log: Logs.Of(1, 2));
        var candidate = Given.Candidate(term: 4, log: Logs.Of(1, 2));
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2));
        var committed = follower with { CommitIndex = Place(2) };

        return new()
        {
            { "terms do not go back (§3.3)", follower, follower with { CurrentTerm = T(3) } },
            { "one vote a term (§3.4)", follower with { VotedFor = S2 }, follower with { VotedFor = S3 } },
            { "one vote a term (§3.4)", follower with { VotedFor = S2 }, follower with { VotedFor = None } },
            {
                "Election Safety: at most one leader in a term",
                follower with { Role = new Role.Follower(S2) }, follower with { Role = new Role.Follower(S3) }
            },
            { "no entry is of a term to come", follower, follower with { Log = Logs.Of(1, 2, 5) } },
            {
                "who stands for election has voted for itself (§3.4)",
                follower, follower with { Role = candidate.Role }
            },
            {
                "who stands for election has voted for itself (§3.4)",
                follower, candidate with { CurrentTerm = T(5), VotedFor = S2 }
            },
            {
                "who stands for election is, or was, a voter",
                candidate, candidate with
                {
                    Log = candidate.Log.Append(Seq(
                        new Entry(At(4, 3), Without(S1)), new Entry(At(4, 4), Without(S1)))),
                }
            },
            {
                "who leads has been a candidate (Figure 3.3)",
                follower with { VotedFor = S1 }, follower with { VotedFor = S1, Role = leader.Role }
            },
            { "a leader leads only the term it was elected in", leader, leader with { CurrentTerm = T(5) } },
            { "no committed entry is deleted", committed, committed with { Log = Logs.Of(1) } },
            { "no committed entry is deleted", committed, committed with { Log = Logs.Of(1, 3) } },
            {
                "Leader Append-Only: a leader never overwrites or deletes entries in its log",
                leader, leader with { Log = leader.Log.KeepThrough(Place(1)) }
            },
            {
                "Leader Append-Only: a leader never overwrites or deletes entries in its log",
                leader, leader with { Log = leader.Log.KeepThrough(Place(1)), Role = new Role.Follower(None) }
            },
            { "the commit index does not go back", committed, committed with { CommitIndex = Place(1) } },
            { "only what is in the log is committed", committed, committed with { CommitIndex = Place(3) } },
        };
    }

    [Theory, MemberData(nameof(Broken))]
    public void A_broken_rule_halts_the_node_and_is_named(string rule, NodeState before, NodeState after)
    {
        Invariants.Hold(before, Something, before);         // before it was broken it held

        var broken = Assert.Throws<InvariantViolationException>(() => Invariants.Hold(before, Something, after));

        Assert.Equal(rule, broken.Rule);
    }

    [Fact]
    public void A_tick_that_would_leave_a_deadline_in_the_past_halts_the_node_or_it_would_tick_for_ever()
    {
        var follower = Given.Follower();
        var late = follower with { Now = follower.ElectionDeadline };

        var broken = Assert.Throws<InvariantViolationException>(() =>
            Invariants.Hold(follower, new Input.Tick(), late));

        Assert.Equal("a tick leaves no deadline in the past", broken.Rule);
    }

    [Fact]
    public void A_state_machine_that_is_ahead_of_what_is_committed_halts_the_node()
    {
        var follower = Given.FollowerOf(S2, log: Logs.Of(1, 1));
        var ahead = new Snapshot(At(1, 1), ClusterOf(3), Size: 9);

        Assert.Equal("only what is committed is applied",
            Assert.Throws<InvariantViolationException>(() => follower.Applied(1)).Rule);
        Assert.Equal("only what is committed is in a snapshot",
            Assert.Throws<InvariantViolationException>(() => follower.Snapshotted(ahead)).Rule);
    }

    /// <summary>What a conversation rests on is checked where it begins, in production too.</summary>
    [Fact]
    public void A_conversation_that_is_begun_where_it_does_not_belong_halts_the_node()
    {
        var follower = Given.Follower(term: 3);
        var begun = new Func<Transition>[]
        {
            () => Election.OnRequestVote(follower, S2, Speak.AskVote(4)),
            () => Following.OnAppendEntries(follower, S2, Speak.Heartbeat(4)),
            () => Installation.OnInstallSnapshot(
                follower, S2, (Message.InstallSnapshot)Samples.Message(nameof(Message.InstallSnapshot), term: 4)),
            () => Terms.Adopt(follower, S2, T(3)),
            () => Terms.OnStale(follower, S2, Speak.Heartbeat(3)),
            () => PreVoting.Campaign(Given.Leader()),
            () => Election.StandFor(Given.Follower(cluster: S1Learns), S2, R(1)),
        };

        Assert.All(begun, begin => Assert.Throws<InvariantViolationException>(() => begin()));
    }

    [Fact]
    public void A_leader_that_is_deposed_may_have_entries_deleted_in_the_same_step()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2));

        var after = leader.Receive(S2, Speak.Append(5, At(1, 1), [5])).State;

        Assert.Equal([1, 5], after.Log.Terms());
    }

    [Fact]
    public void A_node_that_halts_says_who_it_was_what_it_was_and_on_which_input()
    {
        var follower = Given.FollowerOf(S2, term: 4);
        var input = new Input.Receive(S3, Speak.Heartbeat(4)) { At = follower.Now };

        var broken = Assert.Throws<InvariantViolationException>(() => Raft.Step(follower, input));

        Assert.Same(input, broken.Input);
        Assert.Same(follower, broken.State);
        Assert.Equal("Election Safety: at most one leader in a term", broken.Rule);
        Assert.StartsWith($"Broken invariant: {broken.Rule}, at S1 (follower in T4) on Receive", broken.Message);
    }

    private static Payload.Configure Without(NodeId node) =>
        new(new Configuration.Simple(ClusterOf(3).Members.Remove(node), Set<NodeId>()));
}
