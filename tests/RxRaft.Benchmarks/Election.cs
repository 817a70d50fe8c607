namespace RxRaft.Benchmarks;

/// <summary>
/// A whole election by the core alone, from "nobody has a leader" to "everybody follows S1, which knows": PreVote,
/// RequestVote, the first round of heartbeats, the answers to all of them, and every disk saying that it has written.
/// </summary>
[MemoryDiagnoser]
public class Election
{
    private Cluster cluster = new(size: 1);

    [Params(3, 5, 7)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        cluster = new Cluster(Nodes);
        Elect();
        if (!cluster.IsLedBy(new NodeId(1))) throw new InvalidOperationException("S1 was not elected");
    }

    [Benchmark]
    public void Elect() => cluster.Elect();
}
