using System.Collections.Generic;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>One node in the virtual time of the real TestScheduler; the test is its world.</summary>
internal sealed class Harness : TestDisk, IWire
{
    public static readonly NodeId Self = new(1);

    private readonly Subject<Input.Receive> inbox = new();

    private readonly Configuration configuration;

    private readonly TimeSpan starting;

    /// <summary>A node that runs from now on, or that took so long to start.</summary>
    public Harness(Configuration configuration, Settings? settings = null, TimeSpan starting = default)
    {
        (this.configuration, this.starting) = (configuration, starting);
        Node = RaftNode.Start(Self, configuration, this, this, settings ?? Seeded, Time);
    }

    /// <summary>The same timeouts in every run.</summary>
    public static readonly Settings Seeded = Settings.Default with { Seed = 7 };

    public TestScheduler Time { get; } = new();

    public RaftNode Node { get; }

    /// <summary>What the node did to its ports, in order.</summary>
    public List<string> Done { get; } = [];

    /// <summary>How long a write takes.</summary>
    public TimeSpan DiskLatency { get; set; } = TimeSpan.FromMilliseconds(1);

    NodeId IWire.Self => Self;

    public IObservable<Seq<Input.Receive>> Received
    {
        get
        {
            Time.Sleep(starting.Ticks);                                             // time passes; nothing happens in it
            return inbox.Select(Seq1);
        }
    }

    public bool Knows(NodeId node) => node.Value <= 8;

    public void Send(NodeId to, Message message) => Done.Add($"{message.GetType().Name} to {to}");

    /// <summary>A disk that knows the members already, so that nothing is written before something happens.</summary>
    public override PersistentState Recover() =>
        PersistentState.Fresh with { Log = Log.Over(Snapshot.Beginning(configuration)) };

    public override IObservable<Unit> Write(Effect.Persist change) => Observable.Defer(() =>
    {
        Done.Add("write");
        return Observable.Timer(DiskLatency, Time).Do(_ => Done.Add("durable")).Select(_ => Unit.Default);
    });

    public void Hear(ulong from, Message message) => inbox.OnNext(new Input.Receive(new NodeId(from), message));

    public void Pass(double milliseconds) => Time.AdvanceBy(TimeSpan.FromMilliseconds(milliseconds).Ticks);

    /// <summary>Another node leads the first term.</summary>
    public void HearLeader(ulong leader) => Hear(leader, Heartbeat(term: 1, round: 1));

    public static Message.AppendEntries Heartbeat(ulong term, ulong round) =>
        new(new Term(term), new Round(round), LogPosition.Zero, [], LogIndex.Zero);

    /// <summary>The node is elected, and a quorum answers it.</summary>
    public void Lead()
    {
        Elect();
        Answer();
        Pass(1);
    }

    /// <summary>S2 grants the pre-vote and the vote.</summary>
    public void Elect()
    {
        while (Node.State.Role is Role.Follower) Pass(1);
        Hear(2, new Message.PreVoteReply(Node.State.CurrentTerm, Node.State.Round, true));
        Pass(5);
        Hear(2, new Message.RequestVoteReply(Node.State.CurrentTerm, true));
        Pass(0.001);
        Assert.IsType<Role.Leader>(Node.State.Role);
    }

    /// <summary>S2 answers the leader's latest round, or another.</summary>
    public void Answer(ulong? round = null) => Hear(2, new Message.AppendEntriesReply(
        Node.State.CurrentTerm,
        round is { } other ? new Round(other) : Node.State.Round,
        new AppendResult.Success(LogIndex.Zero)));
}
