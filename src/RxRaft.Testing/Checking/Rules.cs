namespace RxRaft.Testing.Checking;

/// <summary>What can happen in a state of the cluster: which node can be brought to do what.</summary>
/// <remarks>
/// What changes nothing is left out, and so is what a message that never comes makes of no account: a message that is
/// lost is one that stays on its way, a node that is down is one to which nothing happens, and a crash in the middle of
/// a step that has neither said nor written anything is a crash before it. One for each thread.
/// </remarks>
internal sealed class Rules(Stage stage, CheckOptions options, Layout at)
{
    private readonly Bounds bounds = options.Bounds;
    private readonly Outcomes outcomes = new(stage, options, at);
    private readonly NodePart[] nodes = new NodePart[at.Nodes];

    /// <summary>The first state of all, with its hash.</summary>
    public (int[] Row, ulong Print, Finding? Wrong) Begin() => outcomes.Begin();

    /// <summary>Tells all that can follow, always in the same order.</summary>
    public void Expand(ReadOnlySpan<int> row, ISink sink)
    {
        for (var i = 0; i < nodes.Length; i++) nodes[i] = stage.Node(row[i]);
        outcomes.From(row, nodes, sink);

        var (spent, asked) = ((uint)row[at.Spent], (uint)row[at.Asked]);
        var again = spent >> 24 < bounds.Duplicates;
        for (var i = 0; i < row[at.Count]; i++)
            if (i == 0 || row[at.Letters + i] != row[at.Letters + i - 1]) Arrive(row[at.Letters + i], again);

        for (var i = 0; i < nodes.Length; i++)
        {
            Wake(i, spent);
            if (!options.PreVotes && (spent & 0xFF) < bounds.Timeouts && !nodes[i].Leads) Refused(i);
            Ask(i, asked);
            if ((spent >> 16 & 0xFF) < bounds.Crashes) outcomes.Try(new Deed(i, Kind.Crash, 0, false, -1), -1);
        }
    }

    private void Arrive(int number, bool again)
    {
        var letter = stage.Letter(number);
        var node = nodes[letter.To];
        Arrive(letter, Kind.InTime, again);
        if (letter.TestsPatience && !node.Leads) Arrive(letter, Kind.Impatient, again);
        if (letter.IsOfLeader && node.GivesUp) Arrive(letter, Kind.GivenUp, again);
    }

    private void Arrive(LetterPart letter, Kind kind, bool again)
    {
        outcomes.Try(new Deed(letter.To, kind, letter.Id, Again: false, -1), letter.Id);
        if (again) outcomes.Try(new Deed(letter.To, kind, letter.Id, Again: true, -1), -1);
    }

    private void Wake(int node, uint spent)
    {
        foreach (var alarm in nodes[node].Alarms)
        {
            var allowed = alarm switch
            {
                Alarm.Election => (spent & 0xFF) < bounds.Timeouts && nodes[node].Term < bounds.Terms,
                Alarm.Heartbeat or Alarm.LateHeartbeat => (spent >> 8 & 0xFF) < bounds.Heartbeats,
                Alarm.Retry => spent >> 24 < bounds.Duplicates,
                Alarm.Quorum => (spent & 0xFF) < bounds.Timeouts,
                _ => throw Unreachable.Case(alarm),
            };
            if (allowed) outcomes.Try(new Deed(node, Kind.Wake, (int)alarm, false, -1), -1);
        }
    }

    /// <summary>Somebody in a newer term refuses it a pre-vote.</summary>
    private void Refused(int node)
    {
        for (var other = 0; other < nodes.Length; other++)
            if (nodes[other].Term > nodes[node].Term)
                outcomes.Try(new Deed(node, Kind.Refused, other | nodes[other].Term << 4, false, -1), -1);
    }

    private void Ask(int node, uint asked)
    {
        var (proposals, reads) = ((int)(asked & 0xFF), (int)(asked >> 8 & 0xFF));
        var (changes, transfers) = ((int)(asked >> 16 & 0xFF), asked >> 24);
        if (reads < bounds.Reads && nodes[node].TakesReads) Ask(node, Kind.Read, reads);
        if (!nodes[node].Leads) return;

        if (proposals < bounds.Proposals) Ask(node, Kind.Propose, proposals);
        if (changes < bounds.Changes) Ask(node, Kind.Change, changes);
        for (var target = 0; target < nodes.Length && transfers < bounds.Transfers; target++)
            if (target != node) Ask(node, Kind.Transfer, target);
    }

    private void Ask(int node, Kind kind, int argument) => outcomes.Try(new Deed(node, kind, argument, false, -1), -1);
}
