using System.Linq;
using static RxRaft.Reason;

namespace RxRaft.Tests;

/// <summary>Every reason is a sentence, and always the same one.</summary>
public class NarrationTests
{
    private static readonly Message Ballot = Speak.Vote(3);

    public static TheoryData<object, string> Sentences => new()
    {
        { new Started(S1, T(4), Some(S2), At(3, 7)), "S1 started in T4, voted for S2, last log entry T3#7" },
        { new Started(S1, T(0), None, LogPosition.Zero), "S1 started in T0, voted for nobody, last log entry T0#0" },
        { new Warned("careful"), "Warning: careful" },
        { new LeaderSilent(S2, Ms(212.34)), "Leader S2 silent for 212.34 ms" },
        { new LeaderSilent(None, Ms(1_000)), "No leader heard for 1000.0 ms" },
        {
            new CampaignUndecided(T(4), Nodes(S1), Nodes()),
            "Campaign for T4 undecided: granted by S1, refused by nobody"
        },
        { new PreElectionStarted(S3, T(4)), "Pre-election started by S3: could it win T4?" },
        { new ElectionStarted(S3, T(4), Nodes(S3, S1)), "Election started by S3 for T4: pre-votes S3 S1" },
        { new AskedAgain(Nodes(S1, S5)), "Asked again: S1 S5" },
        { new PreVoteCounted(S5, Granted: true), "Pre-vote of S5: yes" },
        { new PreVoteCounted(S5, Granted: false), "Pre-vote of S5: no" },
        { new VoteCounted(S5, Granted: true), "Vote of S5: yes" },
        { new VoteCounted(S5, Granted: false), "Vote of S5: no" },
        { new ElectionWon(S3, T(4), Nodes(S3, S1, S5), Ms(12)), "Election won by S3 in T4: votes S3 S1 S5, 12.0 ms" },
        { new LeaseGained(S3, T(4)), "Lease gained by S3 in T4: a quorum follows" },
        {
            new SteppedDown(S3, T(4), new StepDownCause.NewerTerm(T(6), S1)),
            "S3 stepped down as leader of T4: S1 is in T6"
        },
        { new TermAdopted(T(4), T(6), S1), "T6 adopted from S1, was in T4" },
        { new LeaderRecognised(S3, T(4)), "S3 recognised as leader of T4" },
        { new VoteGranted(S3, T(4)), "Vote for S3 in T4 granted" },
        { new VoteRefused(S3, T(4), new VoteRefusal.StaleTerm(T(5))), "Vote for S3 in T4 refused: already in T5" },
        { new PreVoteGranted(S3, T(4)), "Pre-vote for S3 for T4 granted" },
        { new PreVoteRefused(S3, T(4), new VoteRefusal.StaleTerm(T(5))), "Pre-vote for S3 for T4 refused: already in T5" },
        {
            new Ignored(S2, Ballot, IgnoreCause.EarlierTerm),
            "RequestVote reply of T3 from S2 ignored: answers an earlier term"
        },
        {
            new StaleRequestRefused(S2, Speak.Heartbeat(3), T(4)),
            "AppendEntries of T3 from S2 refused: already in T4"
        },
        {
            new AppendConflicted(S2, At(3, 7), At(2, 5)),
            "Append from S2 refused: no entry T3#7 here, the logs may agree at T2#5"
        },
        { new EntriesDeleted(Place(5), 1), "1 entry after #5 deleted: they conflict with the leader's" },
        { new EntriesAppended(S2, Place(8), 3), "3 entries from S2 appended, through #8" },
        { new FollowerMatched(S2, Place(8)), "S2's log agrees through #8" },
        { new BackedUp(S2, Place(8), Place(3)), "S2's log differs: next index back from #8 to #3" },
        { new CommitAdvanced(Place(8)), "Committed through #8" },
        {
            new AppendDeclined(S2, Backlog: 1_500),
            "Append from S2 declined: 1500 bytes of entries wait for the state machine"
        },
        { new FollowerRefused(S2, Place(8)), "S2 refused: it has lost entries that it had acknowledged, through #8" },
        { new FollowerRefused(S2, LogIndex.Zero), "S2 refused: a voter, and its disk knows of no cluster" },
        { new SnapshotNeeded(S2, At(3, 7)), "S2 gets the snapshot through T3#7" },
        { new SnapshotBegun(At(3, 7)), "Snapshot through T3#7 begun" },
        { new LogCompacted(At(3, 7), 1_500, 6), "Snapshot through T3#7 taken, 1500 bytes; 6 entries dropped from the log" },
        { new SnapshotInstalled(S2, At(3, 7), 1_500), "Snapshot of S2 through T3#7 installed, 1500 bytes" },
        { new SnapshotIgnored(S2, At(3, 7), Place(9)), "Snapshot of S2 through T3#7 ignored: #9 is past it" },
        { new ProposalsRefused(1_500), "Proposals refused: 1500" },
        { new ChangeBegun(ClusterOf(2)), "Change of members begun: to voters S1 S2" },
        { new ChangeEnded(ClusterOf(2), Reached: true), "Members changed: voters S1 S2" },
        { new ChangeEnded(ClusterOf(2), Reached: false), "Change of members given up: voters S1 S2" },
        { new Reconfigured(WithLearners(2, S3), Place(8)), "Configuration at #8: voters S1 S2, learners S3" },
        { new TransferBegun(S1, S2), "S1 hands leadership over to S2" },
        { new TransferTold(S1, S2), "S1 told S2 to stand for election" },
        { new TransferGivenUp(S1, S2), "S2 has not taken over from S1, which leads on" },
        { new TransferAccepted(S1, T(5)), "Election started for T5: S1 hands over" },
        { new VoteRefusal.StaleTerm(T(5)), "already in T5" },
        { new VoteRefusal.AlreadyVoted(S2), "already voted for S2" },
        { new VoteRefusal.LogBehind(At(1, 7), At(2, 2)), "its log ends with T1#7, ours with T2#2" },
        { new VoteRefusal.LeaderAlive(S2, Ms(31.5)), "leader S2 heard 31.5 ms ago" },
        { new VoteRefusal.JustStarted(Ms(31.5)), "started only 31.5 ms ago" },
        { new VoteRefusal.Blank(), "its disk knows of no cluster" },
        { new StepDownCause.NewerTerm(T(6), S1), "S1 is in T6" },
        { new StepDownCause.QuorumSilent(Ms(300)), "no quorum answered for 300.0 ms" },
        { new StepDownCause.Removed(), "it is no voter any more" },
    };

    [Theory, MemberData(nameof(Sentences))]
    public void Each_is_this_sentence(object reason, string sentence) => Assert.Equal(sentence, reason.ToString());

    [Fact]
    public void There_is_a_sentence_for_every_case()
    {
        var told = Sentences.Select(row => row[0].GetType()).ToArray();

        Assert.Empty(Samples.CasesOf<Reason>().Except(told));
        Assert.Empty(Samples.CasesOf<VoteRefusal>().Except(told));
        Assert.Empty(Samples.CasesOf<StepDownCause>().Except(told));
        Assert.True(told.Distinct().Count() > 30, "the cases are found");
    }

    [Fact]
    public void There_is_a_clause_of_its_own_for_every_cause_to_ignore_a_message()
    {
        var causes = Enum.GetValues<IgnoreCause>();

        var clauses = causes.Select(cause => new Ignored(S2, Ballot, cause).ToString()).ToArray();

        Assert.Equal(clauses.Length, clauses.Distinct().Count());
        Assert.All(clauses, clause => Assert.StartsWith("RequestVote reply of T3 from S2 ignored: ", clause));
    }

    [Fact]
    public void There_is_a_name_for_every_message_and_for_every_role()
    {
        var kinds = Samples.Messages(term: 1).Select(message => message.GetType()).Distinct().ToArray();
        var names = Samples.Messages(term: 1).Select(Say.Name).Distinct().ToArray();

        Assert.All(names, Assert.NotEmpty);
        Assert.Equal(kinds.Length, names.Length);
        Assert.Equal(["follower", "pre-candidate", "candidate", "leader"],
            new[] { Given.Follower(), Given.PreCandidate(), Given.Candidate(), Given.Leader() }
                .Select(node => Say.Name(node.Role)));
    }

    private static Seq<NodeId> Nodes(params NodeId[] nodes) => toSeq(nodes);
}
