using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>Writes that queue up behind a running one become one write (§10.2.1): all of them, or nothing.</summary>
public sealed class GroupCommitTests
{
    private static readonly PersistentState Founded =
        PersistentState.Fresh with { Log = Log.Over(Snapshot.Beginning(Configuration.Of(1, 2, 3))) };

    /// <summary>By how much the term rises, how many entries go from the end of the log, how many come, and what is in them.</summary>
    private static readonly Gen<(int Terms, int Cut, int Added, ulong Salt)[]> Histories =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 4], Gen.ULong).Array[1, 8];

    [Fact]
    public void Writes_as_one_leave_on_disk_what_they_leave_one_after_the_other() => Histories.Sample(history =>
    {
        var before = Founded.After(Write(Founded, (1, 0, 5, 0)));
        var all    = Write(before, history[0]);
        var after  = before.After(all);
        foreach (var step in history.Skip(1))
        {
            var next = Write(after, step);
            (after, all) = (after.After(next), all.Then(next));
        }

        var together = before.After(all);
        Assert.Equal((after.CurrentTerm, after.VotedFor), (together.CurrentTerm, together.VotedFor));
        Assert.Equal(after.Log.After(LogIndex.Zero), together.Log.After(LogIndex.Zero));
        Assert.Equal(after.Log.Last, all.LastLog);
    });

    [Fact]
    public void A_write_that_names_a_snapshot_takes_others_along_and_is_part_of_none()
    {
        var named = Write(Founded, (1, 0, 2, 0)) with { Snapshot = Samples.Snapshot };
        var plain = Write(Founded.After(named with { Snapshot = None }), (1, 0, 1, 0));

        Assert.Equal(Samples.Snapshot, named.Then(plain).Snapshot);
        Assert.Equal(named.Base, named.Then(plain).Base);
        Assert.False(named.CanFollow);
        Assert.Throws<InvariantViolationException>(() => plain.Then(named));
    }

    /// <summary>As the reducer derives one: the term may rise, the tail may go, entries may come.</summary>
    private static Effect.Persist Write(PersistentState on, (int Terms, int Cut, int Added, ulong Salt) step)
    {
        var term = new Term(on.CurrentTerm.Value + (ulong)step.Terms);
        var kept = new LogIndex(on.Log.LastIndex.Value - Math.Min((ulong)step.Cut, on.Log.LastIndex.Value));
        var come = toSeq(Enumerable.Range(1, step.Added).Select(n =>
            new Entry(new LogPosition(term, kept + n), new Payload.Command(default, FirstUnanswered: step.Salt, default)))
            .ToArray());
        var last = come.IsEmpty ? on.Log.PositionAt(kept) : come[^1].Position;
        return new(term, new NodeId(term.Value % 3 + 1), None, on.Log.Base, kept, come, last);
    }
}
