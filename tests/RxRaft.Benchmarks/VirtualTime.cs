using System.Reactive.Concurrency;

namespace RxRaft.Benchmarks;

/// <summary>
/// A round of the lab's third test: seven whole nodes, 560 ms of virtual time, every step and message checked.
/// </summary>
[MemoryDiagnoser]
public class VirtualTime
{
    private const int Rounds = 10;
    private ulong worlds;

    [Benchmark(OperationsPerInvoke = Rounds)]
    public LabResult Round() =>
        Lab.MultipleElections(Rounds, seed: ++worlds, WireFaults.None, new HistoricalScheduler());
}
