using System.Linq;

namespace RxRaft.Samples;

/// <summary>The lab's table, ours and the published, and a verdict that can be counted on.</summary>
public sealed class LabReportTests
{
    [Fact]
    public void The_lab_passes_and_says_so_last()
    {
        var played = Played.With("lab");

        Assert.Equal((0, ""), (played.ExitCode, played.Errors));
        Assert.Equal("3 passed, 0 failed", played.Lines.Last);
    }

    [Fact]
    public void The_same_lab_prints_the_same_but_for_the_time_it_took() =>
        Assert.Equal(Untimed(Played.With("lab", "--seed", "5")), Untimed(Played.With("lab", "--seed", "5")));

    [Fact]
    public void The_published_rows_stand_below_ours()
    {
        var lines = Played.With("lab").Lines;

        foreach (var row in Published.Run)
        {
            var ours = lines.Single(line => line.StartsWith($"| {row.Test} ", StringComparison.Ordinal));
            var theirs = lines[lines.ToList().IndexOf(ours) + 1];
            string[] expected = ["- published", $"{row.Peers}", $"{row.Rpcs}", $"{row.Bytes}", $"{row.Commits}"];
            Assert.Empty(expected.Except(theirs.Split('|', StringSplitOptions.TrimEntries)));
        }
    }

    [Fact]
    public void Another_number_of_rounds_is_compared_by_the_second()
    {
        var played = Played.With("lab", "--rounds", "20");

        Assert.Contains("- ours / published, per second", played.Output, StringComparison.Ordinal);
        Assert.Contains("20 rounds here, 10 published", played.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_that_fails_is_told_with_its_seed()
    {
        var failed = new LabResult("initial election", 3, TimeSpan.Zero, default, 0, "no leader, seed 9");

        var played = Played.Run((output, _) => LabReport.Verdict(Seq1(failed), output));

        Assert.Equal(1, played.ExitCode);
        Assert.Equal(Seq("Failed: initial election: no leader, seed 9", "0 passed, 1 failed"), played.Lines);
    }

    private static Seq<string> Untimed(Played played) =>
        played.Lines.Filter(line => !line.Contains("of CPU", StringComparison.Ordinal)).Strict();
}
