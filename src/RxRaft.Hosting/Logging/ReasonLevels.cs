using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>How loudly each kind of reason is said.</summary>
internal static class ReasonLevels
{
    /// <summary>
    /// Who leads, who is a member, and where the node stands: information. What an operator has to look at: a warning.
    /// Single votes, refusals and snapshots: debug. What happens with each command: trace.
    /// </summary>
    public static LogLevel Of(Reason reason) => reason switch
    {
        Reason.Ignored or Reason.EntriesAppended or Reason.FollowerMatched or Reason.CommitAdvanced => LogLevel.Trace,

        Reason.Warned or Reason.FollowerRefused or Reason.TransferGivenUp => LogLevel.Warning,

        Reason.Started or Reason.LeaderSilent or Reason.ElectionStarted or Reason.ElectionWon or Reason.LeaseGained
            or Reason.SteppedDown or Reason.LeaderRecognised or Reason.ChangeBegun or Reason.ChangeEnded
            or Reason.Reconfigured or Reason.TransferBegun or Reason.TransferTold or Reason.TransferAccepted
            or Reason.SnapshotInstalled or Reason.SnapshotNeeded => LogLevel.Information,

        // A node that is cut off comes here several times a second.
        Reason.PreElectionStarted or Reason.CampaignUndecided or Reason.AskedAgain or Reason.PreVoteCounted
            or Reason.VoteCounted or Reason.VoteGranted or Reason.VoteRefused or Reason.PreVoteGranted
            or Reason.PreVoteRefused or Reason.TermAdopted or Reason.StaleRequestRefused or Reason.AppendConflicted
            or Reason.EntriesDeleted or Reason.BackedUp or Reason.AppendDeclined or Reason.SnapshotBegun
            or Reason.LogCompacted or Reason.SnapshotIgnored or Reason.ProposalsRefused => LogLevel.Debug,

        _ => throw Unreachable.Case(reason),
    };

    /// <summary>How loudly each kind of event of the wire is said.</summary>
    public static LogLevel Of(WireEvent happened) => happened switch
    {
        WireEvent.Connected or WireEvent.Lost or WireEvent.Unsaid => LogLevel.Information,
        WireEvent.Refused or WireEvent.Unreachable or WireEvent.Dropped or WireEvent.Skipped => LogLevel.Warning,
        WireEvent.Failed => LogLevel.Error,
        _ => throw Unreachable.Case(happened),
    };
}
