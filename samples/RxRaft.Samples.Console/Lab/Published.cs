namespace RxRaft.Samples;

/// <summary>A row of the table that the lab's published run printed.</summary>
/// <param name="Rounds">How many rounds the test had, where it has any.</param>
internal sealed record Published(
    string Test, double Seconds, int Peers, long Rpcs, long Bytes, int Commits, int? Rounds)
{
    /// <summary>The run of the document that RxRaft starts from: MIT 6.824, Raft part 2A, written in Go.</summary>
    public static readonly Seq<Published> Run = Seq(
        new Published("initial election", 3.1, 3, 60, 16_464, 0, Rounds: null),
        new Published("election after network failure", 4.6, 3, 132, 26_326, 0, Rounds: null),
        new Published("multiple elections", 5.6, 7, 504, 99_661, 0, Rounds: 10));
}
