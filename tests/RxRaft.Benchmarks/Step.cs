namespace RxRaft.Benchmarks;

/// <summary>
/// Single steps of the core, in a cluster of five. A step is pure, so the same one can be taken again and again.
/// </summary>
[MemoryDiagnoser]
public class Step
{
    private static readonly NodeId S1 = new(1), S2 = new(2), S3 = new(3);

    private readonly NodeState leader, asking, follower, voter;
    private readonly Input timeForARound, heartbeat, answer, request, early;

    public Step()
    {
        var cluster = new Cluster(size: 5);
        var candidacy = new Message.RequestVote(new Term(1), LogPosition.Zero);
        voter = cluster[S2];
        cluster.Elect();
        (leader, follower) = (cluster[S1], cluster[S2]);

        timeForARound = new Input.Tick { At = leader.NextDeadline };
        var round = Raft.Step(leader, timeForARound);
        heartbeat = Received(S1, round.Effects, leader.NextDeadline);
        var reply = Raft.Step(follower, heartbeat).Effects;

        asking  = Raft.Step(round.State, Received(S2, reply, leader.NextDeadline)).State;
        answer  = Received(S3, reply, leader.NextDeadline);
        request = new Input.Receive(S1, candidacy) { At = voter.NextDeadline };
        early   = new Input.Tick { At = follower.Now };
    }

    [Benchmark]
    public Transition HeartbeatReceived() => Raft.Step(follower, heartbeat);

    [Benchmark]
    public Transition HeartbeatRound() => Raft.Step(leader, timeForARound);

    /// <summary>The answer that makes a quorum, so that the lease is longer.</summary>
    [Benchmark]
    public Transition HeartbeatAcknowledged() => Raft.Step(asking, answer);

    [Benchmark]
    public Transition VoteGranted() => Raft.Step(voter, request);

    [Benchmark]
    public Transition EarlyTick() => Raft.Step(follower, early);

    private static Input.Receive Received(NodeId from, Seq<Effect> sent, Instant at) =>
        new(from, ((Effect.Send)sent[0]).Message) { At = at };
}
