using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.4: what makes a server wait longer for a leader, and that nothing else does.</summary>
public class ElectionTimerTests
{
    [Fact]
    public void Of_all_messages_only_a_vote_granted_and_the_words_of_the_terms_leader_reset_the_election_timer()
    {
        var (reset, kept) = (0, 0);
        NodeState[] waiting = [Given.Follower(), Given.FollowerOf(S2).TickAfter(150).State, Given.PreCandidate(), Given.Candidate()];

        foreach (var before in waiting)
            foreach (var away in new[] { -1, 0, 1 })
                foreach (var message in Samples.Messages(before.CurrentTerm.Value + (ulong)away))
                {
                    var after = before.Receive(S2, message).State;
                    if (after.Role is Role.Leader or Role.Candidate && before.Role != after.Role) continue;

                    var granted = after.VotedFor == Some(S2) && before.VotedFor != Some(S2);
                    var leads = message is AppendEntries or InstallSnapshot && message.Term >= before.CurrentTerm;
                    Assert.Equal(granted || leads, before.ElectionDeadline != after.ElectionDeadline);
                    if (granted || leads) reset++; else kept++;
                }

        Assert.True(reset > 20 && kept > 100, $"{reset} {kept}");
    }

    [Fact]
    public void A_part_of_a_snapshot_is_as_good_as_a_heartbeat()
    {
        var part = new InstallSnapshot(T(3), R(1), new Snapshot(At(2, 9), ClusterOf(3), Size: 4), Offset: 0, new byte[2]);

        var after = Given.Follower(term: 3).Receive(S2, part).State;

        Assert.Equal((after.Now, Some(S2)), (after.LeaderContact, after.LeaderId));
        Assert.False(after.Receive(S3, Speak.AskPreVote(3, At(9, 9))).Reply<PreVoteReply>().VoteGranted);
    }

    [Fact]
    public void Nothing_that_clients_disks_and_state_machines_do_resets_it() =>
        Assert.All(new[] { Given.Follower(), Given.FollowerOf(S2), Given.PreCandidate() }, before =>
            Assert.All(Samples.Inputs(before).Where(input => input is not Input.Tick), input =>
                Assert.Equal(before.ElectionDeadline, Raft.Step(before, input).State.ElectionDeadline)));
}
