namespace RxRaft.Testing.Checking;

/// <summary>What of a message counts: all of it.</summary>
internal static class LetterPrint
{
    public static Print Of(this Print print, Letter letter)
    {
        print.Node(letter.From).Node(letter.To).Word(letter.Message.Term.Value);
        return letter.Message switch
        {
            Message.PreVote m => print.Word(1UL).Word(m.Round.Value).Place(m.LastLog),
            Message.PreVoteReply m => print.Word(2UL).Word(m.Round.Value).Word(m.VoteGranted),
            Message.RequestVote m => print.Word(3UL).Place(m.LastLog)
                .Word(m.Transfer.Match(round => round.Value + 1, () => 0UL)),
            Message.RequestVoteReply m => print.Word(4UL).Word(m.VoteGranted),
            Message.AppendEntries m => print.Word(5UL).Word(m.Round.Value).Place(m.PrevLog)
                .Word(m.LeaderCommit.Value).All(m.Entries, static (to, entry) => to.Of(entry)),
            Message.AppendEntriesReply m => print.Word(6UL).Word(m.Round.Value).Of(m.Result),
            Message.InstallSnapshot m => print.Word(7UL).Word(m.Round.Value).Of(m.Snapshot)
                .Word(m.Offset).Bytes(m.Data),
            Message.InstallSnapshotReply m => print.Word(8UL).Word(m.Round.Value).Place(m.Last)
                .Word(m.Received).Word(m.Installed),
            Message.TimeoutNow m => print.Word(9UL).Word(m.Round.Value),
            Message.ReadIndex m => print.Word(10UL).Word(m.Round.Value),
            Message.ReadIndexReply m => print.Word(11UL).Word(m.Round.Value)
                .Word(m.Index.Match(index => index.Value + 1, () => 0UL)),
            Message.Forward m => print.Word(12UL)
                .All(m.Proposals, static (to, proposal) => to.Request(proposal.Request)),
            Message.ForwardReply m => print.Word(13UL).Request(m.Request).Word((ulong)m.Outcome.GetType().Name[0]),
            _ => throw Unreachable.Case(letter.Message),
        };
    }

    private static Print Of(this Print print, AppendResult result) => result switch
    {
        AppendResult.Success success => print.Word(1UL).Word(success.MatchIndex.Value),
        AppendResult.Full full => print.Word(2UL).Word(full.MatchIndex.Value),
        AppendResult.Conflict conflict => print.Word(3UL).Place(conflict.Hint),
        AppendResult.Blank => print.Word(4UL),
        AppendResult.StaleTerm => print.Word(5UL),
        _ => throw Unreachable.Case(result),
    };
}
