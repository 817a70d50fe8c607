using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>What must hold of every step of every node, whatever happened before.</summary>
internal static class Properties
{
    public static void HoldOfOneStep(NodeState before, Input input, Transition step)
    {
        var after = step.State;
        var ordered = step.Effects.Filter(effect => effect is not Effect.StoreChunk);

        if (after.Role is Role.Candidate or Role.Leader) Assert.Equal(Some(after.Self), after.VotedFor);
        if (input is Input.Receive { Message: PreVote }) Assert.Equal(before with { Now = after.Now }, after);
        if (after.CurrentTerm > before.CurrentTerm) Assert.True(ordered[0] is Effect.Persist);
        Assert.True(step.Effects.OfType<Effect.Persist>().Count() <= 1);
        Assert.All(step.Effects.OfType<Effect.Send>(), send => Assert.NotEqual(after.Self, send.To));
    }

    /// <summary>§3.8: when a message leaves, the term it speaks of is on disk, and so are the vote and the entries.</summary>
    public static void DurableBeforeSaid(PersistentState disk, NodeId self, Effect.Send send)
    {
        var term = send.Message.Term;

        if (send.Message is not PreVoteReply && disk.CurrentTerm < term) Assert.Fail($"{send} before {disk}");
        if (disk.CurrentTerm > term) return;

        if (send.Message is RequestVoteReply { VoteGranted: true }) Assert.Equal(Some(send.To), disk.VotedFor);
        if (send.Message is RequestVote or AppendEntries) Assert.Equal(Some(self), disk.VotedFor);
        if (send.Message is AppendEntriesReply { Result: AppendResult.Success(var match) } && disk.Log.LastIndex < match)
            Assert.Fail($"{send} before {disk}");
        if (send.Message is InstallSnapshotReply { Installed: true } installed && !disk.Log.Contains(installed.Last))
            Assert.Fail($"{send} before {disk}");
    }
}
