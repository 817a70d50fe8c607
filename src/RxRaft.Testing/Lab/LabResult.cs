namespace RxRaft.Testing;

/// <summary>What came of one test of the lab: a row of its table.</summary>
/// <param name="Test">Its name.</param>
/// <param name="Peers">How many nodes.</param>
/// <param name="Span">Virtual time.</param>
/// <param name="Counts">What the wire carried.</param>
/// <param name="Commits">The highest commit index of any node.</param>
/// <param name="Failure">What went wrong, if the test did not pass.</param>
public sealed record LabResult(
    string Test, int Peers, TimeSpan Span, WireCounts Counts, ulong Commits, Option<string> Failure)
{
    /// <summary>Whether the test passed.</summary>
    public bool Passed => Failure.IsNone;
}
