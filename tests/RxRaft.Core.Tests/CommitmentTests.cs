using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>§3.5, §3.6.2: when an entry is committed, and what follows from it.</summary>
public class CommitmentTests
{
    [Fact]
    public void An_entry_is_committed_once_the_leader_and_enough_followers_for_a_majority_have_it_on_disk()
    {
        var proposed = Given.InOffice(cluster: ClusterOf(5)).Propose(8, 8).State.Persisted().State;

        var two = proposed.Receive(S2, Speak.Matches(proposed, through: 3)).State;
        var three = two.Receive(S3, Speak.Matches(two, through: 2));

        Assert.Equal(Place(1), two.CommitIndex);
        Assert.Equal(Place(2), three.State.CommitIndex);
        Assert.Equal(new(Place(2)), three.Why<Reason.CommitAdvanced>());
    }

    [Fact]
    public void A_leader_counts_itself_only_on_its_own_Persisted()
    {
        var proposed = Given.InOffice().Propose(8).State;

        var answered = proposed.Follows(S2);
        var half = answered.Persisted(At(4, 1)).State;
        var durable = half.Persisted(At(4, 2)).State;

        Assert.Equal([Place(1), Place(1), Place(2)], new[] { answered, half, durable }.Select(state => state.CommitIndex));
    }

    [Fact]
    public void A_majority_of_followers_commits_before_the_leaders_own_disk_is_done()      // §10.2.1
    {
        var proposed = Given.InOffice().Propose(8).State;

        var answered = proposed.Follows(S2).Follows(S3);

        Assert.Equal((Place(1), Place(2)), (answered.Durable, answered.CommitIndex));
    }

    [Fact]
    public void What_its_disk_has_through_an_earlier_place_takes_nothing_back()
    {
        var leader = Given.InOffice().Propose(8).State.Persisted().State;

        var late = leader.Persisted(At(4, 1)).State;

        Assert.Equal(Place(2), late.Durable);
    }

    // It wrote T4#2 and T4#3, lost its office and these entries before its disk was done, and leads again.
    [Fact]
    public void News_of_its_disk_about_an_entry_that_was_overwritten_since_is_ignored()
    {
        var wrote = Given.InOffice(term: 4).Propose(8, 8).State;
        var overwritten = wrote.Receive(S2, Speak.Append(5, At(4, 1), [5, 5])).State;
        var again = Again(overwritten);
        var answered = again.Receive(S2, Speak.Matches(again)).State;

        var stale = answered.Persisted(At(4, 3)).State;
        var fresh = stale.Persisted(At(5, 3)).State.Persisted().State;

        Assert.Equal([4, 5, 5, 6], answered.Log.Terms());
        Assert.Equal((Place(1), Place(1)), (stale.Durable, stale.CommitIndex));
        Assert.Equal((Place(4), Place(4)), (fresh.Durable, fresh.CommitIndex));
    }

    [Fact]
    public void What_is_overwritten_is_no_longer_on_disk()
    {
        var follower = Given.Follower(term: 5, log: Logs.Of(1, 4, 4));

        var overwritten = follower.Receive(S2, Speak.Append(5, At(1, 1), [5, 5, 5])).State;
        var appended = follower.Receive(S2, Speak.Append(5, At(4, 3), [5])).State;

        Assert.Equal((Place(1), Place(3)), (overwritten.Durable, appended.Durable));
    }

    // Figure 8 of the paper, 3.7 of the dissertation: (c), where S1 replicates an entry of term 2 in term 4, and (e).
    [Fact]
    public void Entries_of_previous_terms_are_not_committed_by_counting_replicas()
    {
        var leader = Given.Leader(term: 4, ClusterOf(5), log: Logs.Of(1, 2)).Persisted().State;
        leader = leader.Receive(S2, Speak.Lacks(leader, At(1, 1))).State.Receive(S3, Speak.Lacks(leader, At(1, 1))).State;

        var counted = leader.Receive(S2, Speak.Matches(leader, through: 2)).State;
        counted = counted.Receive(S3, Speak.Matches(counted, through: 2)).State;
        var own = counted.Receive(S2, Speak.Matches(counted, through: 3)).State;
        own = own.Receive(S3, Speak.Matches(own, through: 3)).State;

        Assert.Equal(LogIndex.Zero, counted.CommitIndex);
        Assert.Equal(Place(3), own.CommitIndex);                    // and with it all before
    }

    [Fact]
    public void Learners_do_not_count()
    {
        var proposed = Given.InOffice(cluster: WithLearners(3, S4, S5)).Propose(8).State.Persisted().State;

        Assert.Equal(Place(1), proposed.Follows(S4).Follows(S5).CommitIndex);
        Assert.Equal(Place(2), proposed.Follows(S2).CommitIndex);
    }

    [Fact]
    public void A_leader_that_is_being_removed_leads_on_and_does_not_count_itself()        // §4.2.2
    {
        var leader = Given.InOffice(cluster: Joint(old: [S1, S2, S3], @new: [S2, S3]));

        var one = leader.Persisted().State.Follows(S2);
        var both = one.Follows(S3);

        Assert.Equal((Configuration.Of(2, 3), Place(2)), (leader.Configuration, leader.LastLog.Index));
        Assert.Equal((Place(1), true), (one.CommitIndex, one.Role is Role.Leader));
        Assert.Equal((Place(2), false), (both.CommitIndex, both.Role is Role.Leader));
    }

    [Fact]
    public void In_a_cluster_of_one_its_own_disk_is_all_it_takes()
    {
        var alone = Given.Leader(term: 4, ClusterOf(1));

        Assert.Equal(LogIndex.Zero, alone.CommitIndex);
        Assert.Equal(Place(1), alone.Persisted().State.CommitIndex);
    }

    // The first that it says of it: then it leaves a joint configuration in the same step, and counts anew.
    [Fact]
    public void The_leader_commits_what_a_naive_count_would_commit() =>
        Gen.Select(Gen.Int[0, Clusters.Length - 1], Gen.ULong[0, 6].Array[5], Gen.ULong[0, 6], Gen.Int[0, 3])
            .Sample((cluster, matches, durable, old) =>
            {
                var leader = Given.Leader(term: 4, Clusters[cluster], Logs.Of([.. Enumerable.Repeat(3ul, old)]));
                for (var i = old; i < 5; i++) leader = leader.Propose(8).State;      // six entries

                var followers = ((Role.Leader)leader.Role).Followers.Map((node, _) =>
                    (Progress)new Progress.Replicate(leader.Round, Place(matches[node.Value - 1]), Place(7)));
                var counting = leader with
                {
                    Durable = LogIndex.Zero,
                    Role = (Role.Leader)leader.Role with { Followers = followers },
                };

                var step = counting.Persisted(counting.Log.PositionAt(Place(durable)));
                var committed = step.Reasons.OfType<Reason.CommitAdvanced>().FirstOrDefault(new Reason.CommitAdvanced(default));

                ulong[] reached = [durable, .. matches[1..]];
                Assert.Equal(durable == 0 ? 0 : Naive(Clusters[cluster], reached, old), committed.CommitIndex.Value);
            }, iter: 1_000, print: draw => $"{Clusters[draw.Item1]}, match {string.Join(' ', draw.Item2)}, "
                + $"durable {draw.Item3}, {draw.Item4} entries of an earlier term");

    [Fact]
    public void What_is_committed_is_applied_once_in_order_and_after_the_write_of_the_same_step()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1));

        var first = follower.Receive(S2, Speak.Append(3, At(1, 2), [3, 3], commit: 3));
        var again = first.State.Receive(S2, Speak.Append(3, At(1, 2), [3, 3], commit: 3, round: 2));
        var rest = again.State.Receive(S2, Speak.Heartbeat(3, At(3, 4), commit: 4, round: 3));

        Assert.Equal(
            [typeof(Effect.Persist), typeof(Effect.Send), typeof(Effect.Apply)],
            first.Effects.ToArray().Select(effect => effect.GetType()));
        Assert.Equal([At(1, 1), At(1, 2), At(3, 3)], Applied(first));
        Assert.Empty(Applied(again));
        Assert.Equal([At(3, 4)], Applied(rest));
    }

    [Fact]
    public void A_newer_commit_index_goes_out_with_the_next_append_or_heartbeat()
    {
        var leader = Given.InOffice().Propose(8).State.Persisted().State;

        var committed = leader.Receive(S2, Speak.Matches(leader));

        Assert.Equal((Place(2), 0), (committed.State.CommitIndex, committed.Sends().Length));
        Assert.Equal(Place(2), Assert.Single(committed.State.Propose(8).Appends(S2)).LeaderCommit);
        Assert.Equal(Place(2), Assert.Single(committed.State.TickAtDeadline().Appends(S2)).LeaderCommit);
    }

    [Fact]
    public void A_newer_commit_index_goes_out_at_once_to_a_follower_whose_clients_wait_for_it_once_nothing_else_is_on_its_way()
    {
        var asked  = new Proposal(new Payload.Command(new RequestId(new SessionId(1), 1), 1, new byte[8]));
        var leader = Given.InOffice();
        leader = leader.Receive(S2, new Message.Forward(leader.CurrentTerm, Seq1(asked))).State.Persisted().State;

        var committed = leader.Receive(S3, Speak.Matches(leader));
        Assert.Equal((Place(2), 0), (committed.State.CommitIndex, committed.Sends().Length));
        var answered = committed.State.Receive(S2, Speak.Matches(committed.State));
        Assert.Equal(Place(2), Assert.Single(answered.Appends(S2)).LeaderCommit);
        Assert.Empty(answered.Appends(S3));                                         // nobody waits there
    }

    [Fact]
    public void A_follower_that_asks_what_is_committed_is_sent_that_commit_index_too()
    {
        var leader    = Given.InOffice(settings: Given.Settings with { LeaseReads = true }).Propose(8).State.Persisted().State;
        var committed = leader.Receive(S3, Speak.Matches(leader)).State.Follows(S2);

        var told = committed.Receive(S2, new Message.ReadIndex(committed.CurrentTerm, new Round(7)));

        Assert.Equal(Place(2), told.To<Message.ReadIndexReply>(S2).Index);
        Assert.Equal(Place(2), Assert.Single(told.Appends(S2)).LeaderCommit);
    }

    [Fact]
    public void A_follower_is_told_no_more_than_it_is_known_to_have_or_to_be_sent()
    {
        var leader = Given.InOffice(settings: Given.With(new() { MaxInflightAppends = 1 }));
        leader = leader.Propose(8).State.Propose(8, 8).State.Persisted().State.Follows(S2).Follows(S2);

        var beat = leader.TickAtDeadline();

        Assert.Equal(Place(4), leader.CommitIndex);
        Assert.Equal(Place(2), Assert.Single(beat.Appends(S3)).LeaderCommit);       // one entry was sent, and is lost
    }

    private static readonly Configuration[] Clusters =
    [
        ClusterOf(1), ClusterOf(2), ClusterOf(3), ClusterOf(4), ClusterOf(5), WithLearners(3, S4, S5),
        Joint(old: [S1, S2, S3], @new: [S1, S4, S5]), Joint(old: [S1, S2, S3, S4], @new: [S4, S5]),
        Joint(old: [S1], @new: [S2, S3, S5]), Joint(old: [S2, S3], @new: [S1, S4]),
    ];

    /// <summary>Figure 3.1: the largest N of the leader's term such that a majority of every set of voters has it.</summary>
    private static ulong Naive(Configuration cluster, ulong[] reached, int old)
    {
        var sets = cluster is Configuration.Joint joint
            ? new[] { joint.Old, joint.New }
            : [((Configuration.Simple)cluster).Voters];
        var replicated = Enumerable.Range(old + 1, 6 - old).Select(n => (ulong)n).Where(n =>
            sets.All(voters => 2 * voters.Count(voter => reached[voter.Value - 1] >= n) > voters.Count));
        return replicated.Append(0ul).Max();
    }

    /// <summary>Deposed in term 4, it is elected in term 6 and has heard of nothing that its disk has done since.</summary>
    private static NodeState Again(NodeState deposed)
    {
        var asking = deposed.TickAtDeadline().State;
        var standing = asking.Receive(S3, Speak.PreVoteYes(asking)).State;
        var voted = Raft.Step(standing, new Input.Persisted(T(6), S1, At(4, 1)) { At = standing.Now }).State;
        return voted.Receive(S3, Speak.Vote(6)).State;
    }

    private static LogPosition[] Applied(Transition step) =>
        [.. step.Effects.OfType<Effect.Apply>().SelectMany(apply => apply.Entries).Select(entry => entry.Position)];
}
