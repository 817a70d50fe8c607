using static RxRaft.Message;

namespace RxRaft.Protocol;

/// <summary>What a leader knows of a follower's log, and learns from its replies: nextIndex and matchIndex.</summary>
/// <remarks>
/// §3.5: "the leader must find the latest log entry where the two logs agree". It looks for that entry by whole
/// terms, and never goes back behind what the follower is known to have.
/// </remarks>
internal static class Tracking
{
    /// <summary>
    /// The first thing that a leader assumes of a follower: that it has all that came before its term.
    /// </summary>
    public static Progress Assume(NodeState state, LogIndex nextIndex) =>
        new Progress.Probe(state.Round, LogIndex.Zero, nextIndex, Since: state.Round);

    /// <summary>The follower agrees through a place: from here on, entries flow.</summary>
    public static Progress From(NodeState state, Progress follower, LogIndex match) =>
        match < state.Log.Base.Index
            ? Installation.Begin(state, follower)
            : new Progress.Replicate(follower.Answered, match, match.Next);

    /// <summary>What a reply says of the follower's log.</summary>
    public static Progress Learn(NodeState state, Progress follower, AppendEntriesReply reply)
    {
        var heard = follower with { Answered = reply.Round };
        return reply.Result switch
        {
            AppendResult.Success(var match) => Agreed(state, heard, match),
            // No room: it is asked at what it has, without entries, until it says that it has room.
            AppendResult.Full(var match) when heard is Progress.Replicate or Progress.Probe =>
                ProbeAfter(state, heard with { MatchIndex = LogIndex.Max(match, heard.MatchIndex) }, LogIndex.Zero),
            AppendResult.Full => heard,
            AppendResult.Conflict(var hint) => Differs(state, heard, reply.Round, hint),
            AppendResult.Blank when heard is Progress.Install => heard,
            AppendResult.Blank => From(state, heard, LogIndex.Zero),
            AppendResult.StaleTerm => heard,       // answers an append of an earlier term: says nothing
            _ => throw Unreachable.Case(reply.Result),
        };
    }

    private static Progress Agreed(NodeState state, Progress follower, LogIndex match)
    {
        Require(match <= state.Log.LastIndex, "a follower matches only what its leader has sent");

        return follower switch
        {
            Progress.Probe probe => From(state, probe, LogIndex.Max(match, probe.MatchIndex)),
            Progress.Replicate flowing when match <= flowing.MatchIndex => flowing,
            Progress.Replicate flowing => flowing with
            {
                MatchIndex = match,
                NextIndex = LogIndex.Max(flowing.NextIndex, match.Next),
                InFlight = Outstanding(flowing.InFlight, match),
            },
            Progress.Install or Progress.Refused => follower,
            _ => throw Unreachable.Case(follower),
        };
    }

    private static Seq<Sent> Outstanding(Seq<Sent> inFlight, LogIndex match)
    {
        var arrived = 0;
        while (arrived < inFlight.Count && inFlight[arrived].Last <= match) arrived++;
        return inFlight.LastOf(inFlight.Count - arrived);
    }

    /// <summary>
    /// Back up, but never behind what is known to match: a refusal there means that the follower has lost what it had.
    /// </summary>
    private static Progress Differs(NodeState state, Progress follower, Round answered, LogPosition hint)
    {
        if (follower is Progress.Install or Progress.Refused) return follower;
        if (follower is Progress.Probe asking && answered < asking.Since) return follower;

        var known = follower.MatchIndex;
        var asked = NextIndex(follower);
        if (follower is Progress.Probe && known > LogIndex.Zero && asked == known.Next)
            return new Progress.Refused(follower.Answered);

        return ProbeAfter(state, follower, LogIndex.Min(state.Log.LatestWithin(hint).Index, asked.Previous));
    }

    private static Progress ProbeAfter(NodeState state, Progress follower, LogIndex place)
    {
        var last = LogIndex.Max(place, follower.MatchIndex);
        return last < state.Log.Base.Index
            ? Installation.Begin(state, follower)
            : new Progress.Probe(follower.Answered, follower.MatchIndex, last.Next, Since: state.Round.Next);
    }

    /// <summary>What the follower will be sent next.</summary>
    public static LogIndex NextIndex(Progress follower) => follower switch
    {
        Progress.Probe probe => probe.NextIndex,
        Progress.Replicate replicate => replicate.NextIndex,
        Progress.Install or Progress.Refused => follower.MatchIndex.Next,
        _ => throw Unreachable.Case(follower),
    };
}
