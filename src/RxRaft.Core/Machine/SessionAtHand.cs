using System.Collections.Generic;

namespace RxRaft;

/// <summary>The session of the last command that was applied, while its next ones are.</summary>
/// <remarks>
/// What its client is told stands behind what it was told before only now and then, all of it at once: by then most of
/// it may be forgotten.
/// </remarks>
internal sealed class SessionAtHand<TResult>
{
    private const int Most = 512;

    private readonly List<(ulong Sequence, Outcome<TResult>.Applied Told)> since = [];      // rising, above all before
    private SessionResults<TResult> before;
    private LogIndex lastUsed;

    /// <summary>Whose; none when none is at hand.</summary>
    public SessionId Id { get; private set; }

    /// <summary>Below this sequence number the client has all its answers.</summary>
    public ulong FirstUnanswered { get; private set; }

    /// <summary>The session as it is now.</summary>
    public Session<TResult> Session => new(lastUsed, Settled());

    public void Take(SessionId id, Session<TResult> session)
    {
        (Id, lastUsed, before, FirstUnanswered) =
            (id, session.LastUsed, session.Results, session.Results.FirstUnanswered);
        since.Clear();
    }

    /// <summary>None is at hand.</summary>
    public void PutAway() => Take(SessionId.None, default);

    /// <inheritdoc cref="SessionResults{TResult}.Find"/>
    public Option<Outcome<TResult>.Applied> Find(ulong sequence) => sequence > Last ? None : Settled().Find(sequence);

    /// <summary>A command has been applied.</summary>
    /// <param name="at">Its place.</param>
    /// <param name="command">Its number is not there yet.</param>
    /// <param name="told">Its result. Not kept under a number below <see cref="FirstUnanswered"/>.</param>
    public void Add(LogIndex at, Payload.Command command, Outcome<TResult>.Applied told)
    {
        var sequence = command.Request.Sequence;
        lastUsed = at;
        if (command.FirstUnanswered > FirstUnanswered) FirstUnanswered = command.FirstUnanswered;

        if (sequence < FirstUnanswered) return;
        if (sequence < Last) before = Settled().Add(sequence, told);
        else since.Add((sequence, told));
        if (since.Count >= Most) Settled();
    }

    private ulong Last => since.Count > 0 ? since[^1].Sequence : before.Last;

    private SessionResults<TResult> Settled()
    {
        before = before.Forget(FirstUnanswered);
        if (since.Count == 0) return before;

        before = before.Add(toSeq(since.FindAll(one => one.Sequence >= FirstUnanswered).ToArray()));
        since.Clear();
        return before;
    }
}
