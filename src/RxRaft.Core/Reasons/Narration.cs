namespace RxRaft;

/// <summary>The sentences of reasons.</summary>
internal static class Narration
{
    public static string Of(Reason reason) => reason switch
    {
        Reason.Started r =>
            $"{r.Self} started in {r.CurrentTerm}, voted for {Say.Node(r.VotedFor)}, last log entry {r.LastLog}",
        Reason.Warned r => $"Warning: {r.Warning}",
        Reason.LeaderSilent r => LeaderSilent(r),
        Reason.CampaignUndecided r =>
            $"Campaign for {r.Term} undecided: granted by {Say.Nodes(r.Granted)}, refused by {Say.Nodes(r.Refused)}",
        Reason.PreElectionStarted r => $"Pre-election started by {r.Candidate}: could it win {r.NextTerm}?",
        Reason.ElectionStarted r =>
            $"Election started by {r.Candidate} for {r.Term}: pre-votes {Say.Nodes(r.PreVotes)}",
        Reason.AskedAgain r => $"Asked again: {Say.Nodes(r.Unanswered)}",
        Reason.PreVoteCounted r => $"Pre-vote of {r.Voter}: {(r.Granted ? "yes" : "no")}",
        Reason.VoteCounted r => $"Vote of {r.Voter}: {(r.Granted ? "yes" : "no")}",
        Reason.ElectionWon r =>
            $"Election won by {r.Winner} in {r.Term}: votes {Say.Nodes(r.Votes)}, {Say.Milliseconds(r.Took)}",
        Reason.LeaseGained r => $"Lease gained by {r.Leader} in {r.Term}: a quorum follows",
        Reason.SteppedDown r => $"{r.Leader} stepped down as leader of {r.Term}: {r.Cause}",
        Reason.TermAdopted r => $"{r.New} adopted from {r.From}, was in {r.Old}",
        Reason.LeaderRecognised r => $"{r.Leader} recognised as leader of {r.Term}",
        Reason.VoteGranted r => $"Vote for {r.Candidate} in {r.Term} granted",
        Reason.VoteRefused r => $"Vote for {r.Candidate} in {r.Term} refused: {r.Cause}",
        Reason.PreVoteGranted r => $"Pre-vote for {r.Candidate} for {r.NextTerm} granted",
        Reason.PreVoteRefused r => $"Pre-vote for {r.Candidate} for {r.NextTerm} refused: {r.Cause}",
        Reason.Ignored r => $"{Say.Name(r.Message)} of {r.Message.Term} from {r.From} ignored: {Of(r.Cause)}",
        Reason.StaleRequestRefused r =>
            $"{Say.Name(r.Message)} of {r.Message.Term} from {r.From} refused: already in {r.CurrentTerm}",
        Reason.AppendConflicted r =>
            $"Append from {r.Leader} refused: no entry {r.PrevLog} here, the logs may agree at {r.Hint}",
        Reason.EntriesDeleted r => $"{Say.Entries(r.Count)} after {r.After} deleted: they conflict with the leader's",
        Reason.EntriesAppended r => $"{Say.Entries(r.Count)} from {r.Leader} appended, through {r.Last}",
        Reason.FollowerMatched r => $"{r.Follower}'s log agrees through {r.MatchIndex}",
        Reason.BackedUp r => $"{r.Follower}'s log differs: next index back from {r.From} to {r.To}",
        Reason.CommitAdvanced r => $"Committed through {r.CommitIndex}",
        Reason.AppendDeclined r => Say.Invariant(
            $"Append from {r.Leader} declined: {r.Backlog} bytes of entries wait for the state machine"),
        Reason.FollowerRefused r => r.Lost == LogIndex.Zero
            ? $"{r.Follower} refused: a voter, and its disk knows of no cluster"
            : $"{r.Follower} refused: it has lost entries that it had acknowledged, through {r.Lost}",
        Reason.SnapshotNeeded r => $"{r.Follower} gets the snapshot through {r.Last}",
        Reason.SnapshotBegun r => $"Snapshot through {r.Last} begun",
        Reason.LogCompacted r => Say.Invariant(
            $"Snapshot through {r.Last} taken, {r.Size} bytes; {Say.Entries(r.Dropped)} dropped from the log"),
        Reason.SnapshotInstalled r => Say.Invariant(
            $"Snapshot of {r.Leader} through {r.Last} installed, {r.Size} bytes"),
        Reason.SnapshotIgnored r => $"Snapshot of {r.From} through {r.Last} ignored: {r.Known} is past it",
        Reason.ProposalsRefused r => Say.Invariant($"Proposals refused: {r.Count}"),
        Reason.ChangeBegun r => $"Change of members begun: to {r.Goal}",
        Reason.ChangeEnded r => r.Reached ? $"Members changed: {r.Goal}" : $"Change of members given up: {r.Goal}",
        Reason.Reconfigured r => $"Configuration at {r.At}: {r.Configuration}",
        Reason.TransferBegun r => $"{r.Leader} hands leadership over to {r.Target}",
        Reason.TransferTold r => $"{r.Leader} told {r.Target} to stand for election",
        Reason.TransferGivenUp r => $"{r.Target} has not taken over from {r.Leader}, which leads on",
        Reason.TransferAccepted r => $"Election started for {r.Term}: {r.Leader} hands over",
        _ => throw Unreachable.Case(reason),
    };

    public static string Of(VoteRefusal refusal) => refusal switch
    {
        VoteRefusal.StaleTerm r => $"already in {r.CurrentTerm}",
        VoteRefusal.AlreadyVoted r => $"already voted for {r.For}",
        VoteRefusal.LogBehind r => $"its log ends with {r.Theirs}, ours with {r.Ours}",
        VoteRefusal.LeaderAlive r => $"leader {Say.Node(r.Leader)} heard {Say.Milliseconds(r.HeardAgo)} ago",
        VoteRefusal.JustStarted r => $"started only {Say.Milliseconds(r.Ago)} ago",
        VoteRefusal.Blank => "its disk knows of no cluster",
        _ => throw Unreachable.Case(refusal),
    };

    public static string Of(StepDownCause cause) => cause switch
    {
        StepDownCause.NewerTerm c => $"{c.From} is in {c.Term}",
        StepDownCause.QuorumSilent c => $"no quorum answered for {Say.Milliseconds(c.Silence)}",
        StepDownCause.Removed => "it is no voter any more",
        _ => throw Unreachable.Case(cause),
    };

    private static string Of(IgnoreCause cause) => cause switch
    {
        IgnoreCause.EarlierTerm => "answers an earlier term",
        IgnoreCause.EarlierRound => "answers an earlier round",
        IgnoreCause.NotAsking => "the question is settled",
        IgnoreCause.AlreadyCounted => "has been counted",
        IgnoreCause.NotAMember => "comes from outside the cluster",
        IgnoreCause.Refused => "the sender has lost what it had acknowledged",
        _ => throw Unreachable.Case(cause),
    };

    private static string LeaderSilent(Reason.LeaderSilent reason) => reason.Leader.Match(
        leader => $"Leader {leader} silent for {Say.Milliseconds(reason.Silence)}",
        () => $"No leader heard for {Say.Milliseconds(reason.Silence)}");
}
