using RxRaft.Fuzz;

namespace RxRaft.Tests.Disk;

/// <summary>The log's reader takes any bytes. tests/RxRaft.Fuzz does the same for as long as one likes.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Reading_what_is_no_log_ends_with_the_place_where_it_is_none()
    {
        var (read, refused) = DiskFuzz.Run(seed: 1, cases: 20_000);

        Assert.True(read > 1000 && refused > 1000, $"{read} read, {refused} refused");
    }
}
