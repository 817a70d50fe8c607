using RxRaft.Fuzz;

namespace RxRaft.Tests;

/// <summary>A short run of what <c>tests/RxRaft.Fuzz</c> does for hours.</summary>
public sealed class WireFuzzTests
{
    [Fact]
    public void Any_bytes_are_messages_or_refused_and_nothing_else_happens()
    {
        var (read, skipped, refused) = WireFuzz.Run(cases: 20_000, seed: 7);

        Assert.True(read > 1_000 && skipped > 100 && refused > 1_000, $"{read} read, {skipped} skipped, {refused} refused");
    }
}
