using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing.Checking;

/// <summary>The nodes, and what they do when something happens to them: each such thing is tried once.</summary>
internal sealed class Stage
{
    private const ulong FirstRequest = 1000;
    private readonly CheckOptions options;
    private readonly Clocks clocks;
    private readonly Catalogue<NodePart> nodes = new();
    private readonly Catalogue<LetterPart> letters = new();
    private readonly ConcurrentDictionary<UInt128, int> logs = new();
    private readonly ConcurrentDictionary<ulong, Stride> strides = new();

    public Stage(CheckOptions options)
    {
        this.options = options;
        clocks = new Clocks(options.Settings, options.Bounds.Transfers > 0);
        Names = new Names(options.Nodes, options.Symmetry);
        Names.Keep(Whole);
        Chronicle = new Chronicle(Names, options.Disks.Values.Fold(LogPosition.Zero, (latest, disk) =>
            disk.Log.Snapshot.Last.Index > latest.Index ? disk.Log.Snapshot.Last : latest));
    }

    public Names Names { get; }

    public Chronicle Chronicle { get; }

    /// <summary>How many different states of a node, messages, and steps there were.</summary>
    public (int Nodes, int Letters, int Strides) Counts => (nodes.Count, letters.Count, strides.Count);

    public NodePart Node(int id) => nodes[id];

    public LetterPart Letter(int id) => letters[id];

    /// <summary>A node that starts for the first time.</summary>
    public Errand First(NodeId node) => Boot(node, options.Disks.Find(node).IfNone(PersistentState.Fresh));

    /// <summary>The node in the cluster that it is now.</summary>
    public NodePart Part(NodeState state, PersistentState disk)
    {
        var noon = clocks.AtNoon(state);
        var (own, prints) = Names.Of(print => print.Of(noon, disk));
        return nodes.Find(own, id => new NodePart(id, prints, noon, disk, LogOf(noon.Log)));
    }

    /// <summary>What comes of it.</summary>
    public Stride Do(NodePart node, Kind kind, int argument)
    {
        var key = ((ulong)node.Id << 36) | ((ulong)kind << 32) | (uint)argument;
        return strides.TryGetValue(key, out var known) ? known : strides.GetOrAdd(key, Try(node, kind, argument));
    }

    /// <summary>The same, with everything that is told on the way.</summary>
    public Errand Play(NodePart node, Kind kind, int argument) =>
        kind == Kind.Crash
            ? Boot(node.State.Self, node.Disk)
            : Won(new Errand(Ready(node.State, kind, argument), node.Disk, options.Step).Do(Input(kind, argument)));

    /// <summary>Where there are no pre-votes, everybody says yes at once.</summary>
    private Errand Won(Errand errand)
    {
        foreach (var voter in options.PreVotes ? [] : Names.Nodes)
            if (errand.State.Role is Role.PreCandidate asking && voter != errand.State.Self && errand.Wrong.IsNone)
                errand.Do(Heard(voter, Yes(errand.State.CurrentTerm, asking.Round), errand.State.Now));
        return errand;
    }

    /// <summary>What it is refused a pre-vote with.</summary>
    public Letter Refusal(int argument, NodeId to = default) => new(Names.Nodes[argument & 0xF], to,
        new Message.PreVoteReply(new Term((ulong)(argument >> 4)), Round.Zero, VoteGranted: false));

    /// <summary>A node that comes back with a disk.</summary>
    public Errand Boot(NodeId node, PersistentState disk)
    {
        var founders = options.Configuration.Members.Contains(node) ? options.Configuration : Configuration.Nobody;
        var settings = options.Settings with { Seed = 0 };
        return Errand.Boot(node, founders, settings, disk, options.Step);
    }

    /// <summary>What a client asks for, or the clock says.</summary>
    public Input Input(Kind kind, int argument) => kind switch
    {
        Kind.InTime or Kind.Impatient or Kind.GivenUp => Heard(
            letters[argument].Letter.From, letters[argument].Letter.Message, clocks.At((Lateness)kind)),
        Kind.Refused => Heard(Refusal(argument).From, Refusal(argument).Message, Clocks.Noon),
        Kind.Wake => new Input.Tick { At = clocks.At((Alarm)argument) },
        Kind.Propose => new Input.Propose(Seq1(ProposalOf(argument))) { At = Clocks.Noon },
        Kind.Read => new Input.Read(Seq1(Request(argument))) { At = Clocks.Noon },
        Kind.Change => new Input.Reconfigure(Request(argument), options.Changes[argument]) { At = Clocks.Noon },
        Kind.Transfer => new Input.TransferTo(Request(argument), Names.Nodes[argument]) { At = Clocks.Noon },
        _ => throw Unreachable.Case(kind),
    };

    private static Input.Receive Heard(NodeId from, Message message, Instant at) => new(from, message) { At = at };

    private static Message.PreVoteReply Yes(Term term, Round round) => new(term, round, VoteGranted: true);

    private Proposal ProposalOf(int number) => new(new Payload.Command(Request(number), 0, CommandOf(number)));

    private static RequestId Request(int number) => new(SessionId.None, FirstRequest + (ulong)number);

    // What a follower draws for its question must be new each time, as it would be: the question is that of the read
    // that has waited longest, which is in no other.
    private static NodeState Ready(NodeState state, Kind kind, int argument) =>
        state.Relayed.NextReads.HeadOrNone().Case is RequestId waits ? DrawsFor(state, waits.Sequence)
        : kind == Kind.Read ? DrawsFor(state, Request(argument).Sequence)
        : state;

    private static NodeState DrawsFor(NodeState state, ulong number) =>
        state with { Randomness = new Randomness(Print.Mix(number + 1)) };

    private ReadOnlyMemory<byte> CommandOf(int number) =>
        options.Commands.IsEmpty
            ? new byte[] { (byte)number }
            : options.Commands[number % options.Commands.Count];

    private Stride Try(NodePart node, Kind kind, int argument)
    {
        var errand = Play(node, kind, argument);
        if (errand.Wrong.Case is Finding wrong) return new Stride([], wrong);

        var whole = LegOf(node, errand, -1, errand.State, errand.Disk, errand.Sent.Count, errand.Reads.Count);
        if (kind == Kind.Crash) return new Stride([whole], null);

        var legs = new List<Leg> { whole };
        for (var cut = 0; cut < errand.Stops.Count; cut++)
        {
            var stop = errand.Stops[cut];
            if (stop.Sent == 0 && stop.Reads == 0 && ReferenceEquals(stop.Disk, node.Disk))
                continue;                                                       // as a crash before it

            var back = Boot(node.State.Self, stop.Disk);
            if (back.Wrong.Case is Finding broken) return new Stride([], broken);
            legs.Add(LegOf(node, errand, cut, back.State, back.Disk, stop.Sent, stop.Reads) with
            {
                Reached = stop.State,
                Commits = stop.State.CommitIndex > node.State.CommitIndex,
                Dropped = Dropped(errand, stop.Committed, stop.State),
                Elected = ElectedIn(node.State, stop.State),
            });
        }

        return new Stride([.. legs], null);
    }

    private Leg LegOf(
        NodePart before, Errand errand, int cut, NodeState state, PersistentState disk, int sent, int reads) => new(
        cut, Part(state, disk), state, [.. errand.Sent.Take(sent).Where(Leaves).Select(Part)],
        [.. errand.Reads.Take(reads).Select(read => ((int)(read.Request.Sequence - FirstRequest), read.Seen))],
        state.CommitIndex > before.State.CommitIndex, cut < 0 ? Dropped(errand, int.MaxValue, state) : [],
        ElectedIn(before.State, state));

    private static Entry[] Dropped(Errand errand, int committed, NodeState state) =>
        [.. errand.Committed.Take(committed).Where(entry => entry.Index <= state.Log.Base.Index)];

    private bool Leaves(Letter letter) =>
        Names.Knows(letter.To) && (options.PreVotes || letter.Message is not Message.PreVote);

    private static int ElectedIn(NodeState before, NodeState after) =>
        after.Role is Role.Leader && (before.Role is not Role.Leader || before.CurrentTerm != after.CurrentTerm)
            ? (int)after.CurrentTerm.Value
            : 0;

    private LetterPart Part(Letter letter)
    {
        var (own, prints) = Names.Of(print => print.Of(letter));
        return letters.Find(own, id =>
            new LetterPart(id, prints, letter, Names.IndexOf(letter.From), Names.IndexOf(letter.To)));
    }

    private int LogOf(Log log)
    {
        var print = new Print(node => node).Of(log).Value;
        lock (logs) return logs.GetOrAdd(print, logs.Count);
    }

    /// <summary>The cluster as it begins, and what is asked of it by name.</summary>
    private UInt128 Whole(Print print) => print
        .Of(options.Configuration).Of(options.Newcomers)
        .Any(options.Disks.AsEnumerable(), static (to, each) =>
            to.Node(each.Key).Word(each.Value.CurrentTerm.Value).Node(each.Value.VotedFor).Of(each.Value.Log))
        .All(options.Changes.Map(change => change.After(Nobody)), static (to, goal) => to.Of(goal))
        .All(options.Changes, static (to, change) =>
            to.Word((ulong)change.GetType().Name[^1]).Any(change.Newcomers, static (on, node) => on.Node(node))
            .Any(Removed(change), static (on, node) => on.Node(node)))
        .Value;

    private static readonly Configuration.Simple Nobody = new(Set<NodeId>(), Set<NodeId>());

    private static Seq<NodeId> Removed(MembershipChange change) =>
        change is MembershipChange.Remove remove ? Seq1(remove.Node) : [];
}
