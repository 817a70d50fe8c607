using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Heartbeats and log replication: the conversation of AppendEntries and its reply.</summary>
/// <remarks>
/// §3.5. A heartbeat is an append that happens to carry no entries; nothing here asks whether it is one.
/// </remarks>
internal static class Replication
{
    /// <summary>Time for a round: to every follower, what it lacks as far as we know.</summary>
    public static Transition Heartbeat(NodeState state, Leader leader)
    {
        var due = leader with { HeartbeatDeadline = state.Now + state.Settings.HeartbeatInterval };
        return Ask(state, due, leader.Followers.Fold(Seq<NodeId>(), (all, follower, _) => all.Add(follower)));
    }

    /// <summary>A leader speaks: follow it, and append its entries if our log contains the one before them.</summary>
    /// <param name="state">A node already in the request's term.</param>
    /// <returns>Exactly one reply.</returns>
    public static Transition OnAppendEntries(NodeState state, NodeId leader, AppendEntries request)
    {
        Require(request.Term == state.CurrentTerm);
        Require(state.LeaderId.ForAll(known => known == leader), "Election Safety: at most one leader in a term");

        var follower = Follow(state, leader);
        return state.Log.Contains(request.PrevLog)
            ? follower.Then(now => Accept(now, leader, request))
            : follower.Then(now => Refuse(now, leader, request));
    }

    /// <summary>A follower answered: learn from it where its log stands, and that it follows.</summary>
    /// <param name="state">A node in the reply's term.</param>
    /// <remarks>
    /// A refusal for its term answers an append from before this term, perhaps from before a restart that began to
    /// count rounds anew: its round is none of ours, and must not count as contact, or the lease would rest on a
    /// follower that never heard of us.
    /// </remarks>
    public static Transition OnAppendEntriesReply(NodeState state, NodeId from, AppendEntriesReply reply)
    {
        if (state.Role is not Leader leader) return Ignore(IgnoreCause.NotAsking);
        if (leader.Followers.Find(from).Case is not Progress follower) return Ignore(IgnoreCause.NotAMember);
        if (reply.Result is AppendResult.StaleTerm) return Ignore(IgnoreCause.EarlierTerm);
        if (reply.Round <= follower.Answered) return Ignore(IgnoreCause.EarlierRound);

        var learned  = Learn(state.Log, follower with { Answered = reply.Round }, reply.Result);
        var informed = leader with { Followers = leader.Followers.SetItem(from, learned) };

        return Leadership.Confirm(state, informed)
            .Then(now => GoOn(now, from, before: follower, after: learned));

        Transition Ignore(IgnoreCause cause) => state.Because(new Reason.Ignored(from, reply, cause));
    }

    private static Transition Follow(NodeState state, NodeId leader)
    {
        var follower = state.ResetElectionDeadline() with { LeaderContact = state.Now };
        return state.Role is Follower { LeaderId.IsSome: true }
            ? follower.Stay()
            : (follower with { Role = new Follower(leader) })
                .Because(new Reason.LeaderRecognised(leader, state.CurrentTerm));
    }

    private static Transition Refuse(NodeState state, NodeId leader, AppendEntries request)
    {
        var hint = state.Log.LatestWithin(request.PrevLog);
        return state
            .Send(leader, new AppendEntriesReply(state.CurrentTerm, request.Round, new AppendResult.Conflict(hint)))
            .Because(new Reason.AppendConflicted(leader, request.PrevLog, hint));
    }

    private static Transition Accept(NodeState state, NodeId leader, AppendEntries request)
    {
        var success = new AppendResult.Success(request.LastIndex);
        return Append(state, leader, request.Entries)
            .Then(now => Commit(now, LogIndex.Min(request.LeaderCommit, request.LastIndex)))
            .Then(now => now.Send(leader, new AppendEntriesReply(now.CurrentTerm, request.Round, success)));
    }

    /// <summary>
    /// Appends what is new. What the log contains already stays, with all that follows it: appends may be duplicated
    /// and overtaken.
    /// </summary>
    private static Transition Append(NodeState state, NodeId leader, Seq<Entry> entries)
    {
        var known = 0;
        while (known < entries.Count && state.Log.Contains(entries[known].Position)) known++;
        if (known == entries.Count) return state.Stay();

        var fresh = toSeq(entries.Skip(known).ToArray());
        var keep  = fresh[0].Index.Previous;                            // what is behind it conflicts, if anything is
        var log   = state.Log.KeepThrough(keep).Append(fresh);
        var gone  = state.Log.LastIndex.Value - keep.Value;

        var appended = new Reason.EntriesAppended(leader, log.LastIndex, (ulong)fresh.Count);
        var kept = gone == 0 ? state.Stay() : state.Because(new Reason.EntriesDeleted(keep, gone));
        return kept.Because(appended) with { State = state with { Log = log } };
    }

    private static Transition Commit(NodeState state, LogIndex committed) =>
        committed > state.CommitIndex
            ? (state with { CommitIndex = committed }).Because(new Reason.CommitAdvanced(committed))
            : state.Stay();

    private static Progress Learn(Log log, Progress follower, AppendResult result) => result switch
    {
        AppendResult.Success(var match) => Matched(log, follower, match),
        AppendResult.Conflict(var hint) => new Progress.Probe(
            follower.Answered, LogIndex.Min(log.LatestWithin(hint).Index.Next, NextIndex(follower))),
        AppendResult.StaleTerm => follower,       // answers an append of an earlier term: says nothing
        _ => throw Unreachable.Case(result),
    };

    private static Progress.Replicate Matched(Log log, Progress follower, LogIndex match)
    {
        Require(match <= log.LastIndex, "a follower matches only what its leader has sent");

        return follower is Progress.Replicate known
            ? known with { MatchIndex = LogIndex.Max(match, known.MatchIndex) }
            : new Progress.Replicate(follower.Answered, match, match.Next);
    }

    /// <summary>Asks at once, rather than with the next heartbeat, where the answer leaves something to say.</summary>
    private static Transition GoOn(NodeState state, NodeId follower, Progress before, Progress after) => after switch
    {
        Progress.Probe probe when probe.NextIndex < NextIndex(before) => state
            .Because(new Reason.BackedUp(follower, NextIndex(before), probe.NextIndex))
            .Then(now => Ask(now, (Leader)now.Role, Seq1(follower))),

        Progress.Probe => state.Stay(),

        Progress.Replicate match when before is Progress.Probe => state
            .Because(new Reason.FollowerMatched(follower, match.MatchIndex))
            .Then(now => SendRest(now, follower, match)),

        Progress.Replicate match => SendRest(state, follower, match),

        _ => throw Unreachable.Case(after),
    };

    private static Transition SendRest(NodeState state, NodeId follower, Progress.Replicate match) =>
        match.NextIndex <= state.Log.LastIndex
            ? Ask(state, (Leader)state.Role, Seq1(follower))
            : state.Stay();

    /// <summary>Begins a round with some followers.</summary>
    private static Transition Ask(NodeState state, Leader leader, Seq<NodeId> followers)
    {
        var round   = state.Round.Next;
        var appends = followers.Fold(Seq<Effect>(), (sends, follower) =>
            sends.Add(new Effect.Send(follower, AppendFor(state, round, leader.Followers[follower]))));
        var asking  = leader with
        {
            Followers = followers.Fold(leader.Followers, (all, follower) => Sent(all, follower, state.Log)),
            Rounds    = leader.Rounds.Add((round, state.Now)),
        };

        return new Transition(state with { Round = round }, appends, [])
            .Then(now => Leadership.Confirm(now, asking));                  // in a cluster of one, the round is over
    }

    /// <summary>
    /// prevLogIndex and prevLogTerm from nextIndex; the entries from there on, once the logs are known to agree.
    /// </summary>
    private static AppendEntries AppendFor(NodeState state, Round round, Progress follower)
    {
        var prev    = NextIndex(follower).Previous;
        var prevLog = state.Log.PositionAt(prev);
        var entries = follower is Progress.Replicate ? state.Log.After(prev) : [];

        return new(state.CurrentTerm, round, prevLog, entries, state.CommitIndex);
    }

    private static Map<NodeId, Progress> Sent(Map<NodeId, Progress> followers, NodeId follower, Log log) =>
        followers[follower] is Progress.Replicate flowing && flowing.NextIndex <= log.LastIndex
            ? followers.SetItem(follower, flowing with { NextIndex = log.LastIndex.Next })
            : followers;

    private static LogIndex NextIndex(Progress follower) => follower switch
    {
        Progress.Probe probe => probe.NextIndex,
        Progress.Replicate replicate => replicate.NextIndex,
        _ => throw Unreachable.Case(follower),
    };
}
