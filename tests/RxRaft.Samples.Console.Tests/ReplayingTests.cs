using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Reactive.Testing;

namespace RxRaft.Samples;

/// <summary>A journal is told step by step, up to where one wants, with states and their differences.</summary>
public sealed class ReplayingTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("replaying-").FullName;

    /// <summary>S3 is elected after 165 ms, and counts to three.</summary>
    public ReplayingTests()
    {
        using var journal = Journal.Open(Path.Combine(root, "3"));
        using var world = new World(
            WorldOptions.Of(3, seed: 1).Counting() with { Journal = node => node.Value == 3 ? journal : null },
            new TestScheduler());
        world.Start();
        world.RunFor(TimeSpan.FromMilliseconds(200));
        _ = world.Counter(new NodeId(3)).ProposeAsync(3);
        world.RunFor(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Each_step_is_told_with_its_number_and_time()
    {
        var played = Played.With("replay", Path.Combine(root, "3"));

        Assert.Equal((0, ""), (played.ExitCode, played.Errors));
        Assert.StartsWith(
            "       0      0.000 ms  S3  S3 started in T0, voted for nobody, last log entry T0#0, by RxRaft ",
            played.Lines[0], StringComparison.Ordinal);
        Assert.Contains("S3  Election won by S3 in T1: votes S3 S1", played.Output, StringComparison.Ordinal);
        Assert.Contains("S3 -> S1  AppendEntries T1 R2, after T0#0, 1 entry, commit #0", played.Output, StringComparison.Ordinal);
        Assert.Contains("S1 -> S3  RequestVote reply T1, yes", played.Output, StringComparison.Ordinal);
        Assert.EndsWith("S3  stopped, in the state that was recorded", played.Lines.Last, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_told_as_its_directory_is() =>
        Assert.Equal(
            Played.With("replay", Path.Combine(root, "3")), Played.With("replay", Path.Combine(root, "3", "journal-0000000000000001")));

    [Fact]
    public void It_ends_with_a_step_or_a_time()
    {
        var steps = Played.With("replay", Path.Combine(root, "3"), "--until", "2");
        var time  = Played.With("replay", Path.Combine(root, "3"), "--until", "0.17s");

        Assert.Equal((0, 0), (steps.ExitCode, time.ExitCode));
        Assert.StartsWith("       2", steps.Lines.Last, StringComparison.Ordinal);
        Assert.DoesNotContain("Committed", time.Output, StringComparison.Ordinal);
        Assert.Contains("Election started by S3 for T1", time.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_stops_at_the_first_step_with_a_reason_and_shows_the_state()
    {
        var played = Played.With("replay", Path.Combine(root, "3"), "--break-on", "electionwon");
        var never  = Played.With("replay", Path.Combine(root, "3"), "--break-on", "SteppedDown");

        Assert.Equal(0, played.ExitCode);
        Assert.Contains("Role: Leader", played.Lines);
        Assert.Contains("CurrentTerm: T1", played.Lines);
        Assert.Contains("Settings.HeartbeatInterval: 50.0 ms", played.Lines);
        Assert.Equal(1, never.ExitCode);
        Assert.Equal("No step has the reason SteppedDown.", never.Lines.Last);
    }

    [Fact]
    public void Two_states_are_compared()
    {
        var asks   = Played.With("replay", Path.Combine(root, "3")).Lines.Find(line => line.Contains("Pre-election started"));
        var number = int.Parse(asks.IfNone("").AsSpan(0, 8), CultureInfo.InvariantCulture);
        var played = Played.With("replay", Path.Combine(root, "3"), "--diff", $"{number - 1}", $"{number}");

        Assert.Equal((0, ""), (played.ExitCode, played.Errors));
        Assert.Contains("Role: Follower -> PreCandidate", played.Lines);
        Assert.Contains("Round: R0 -> R1", played.Lines);
        Assert.DoesNotContain(played.Lines, line => line.StartsWith("CommitIndex", StringComparison.Ordinal));
    }

    [Fact]
    public void A_journal_that_is_damaged_is_named_with_its_place()
    {
        var file  = Path.Combine(root, "3", "journal-0000000000000001");
        var bytes = File.ReadAllBytes(file);
        bytes[^30] ^= 1;
        File.WriteAllBytes(file, bytes);

        var played = Played.With("replay", file);

        Assert.Equal(1, played.ExitCode);
        Assert.StartsWith($"{file} is damaged at byte ", played.Errors, StringComparison.Ordinal);
        Assert.Contains("Election won", played.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay", "replay needs a journal")]
    [InlineData("replay --until 3", "replay needs a journal")]
    [InlineData("replay nowhere", "There is no file or directory 'nowhere'")]
    [InlineData("replay J --until soon", "--until must", "'soon'")]
    [InlineData("replay J --until -1", "--until must", "'-1'")]
    [InlineData("replay J --break-on Luck", "--break-on must be one of Started, ", "'Luck'")]
    [InlineData("replay J --diff 1", "--diff must be the numbers of two steps", "'1'")]
    [InlineData("replay J --diff 1 x", "--diff must be the numbers of two steps", "'1 x'")]
    [InlineData("replay J --diff 1 99999", "--diff: the journal has no state after step 99999; it has those after 0 to ")]
    [InlineData("replay J --diff 1 2 --break-on ElectionWon", "--break-on and --diff exclude each other")]
    [InlineData("replay J K", "unknown argument 'K'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --data d --journal", "--journal needs a value")]
    [InlineData("cluster --data d --journal", "--journal needs a value")]
    public void What_is_wrong_is_named_in_one_line_on_standard_error(string args, params string[] names)
    {
        var played = Played.With(args.Split(' ').Select(arg => arg == "J" ? Path.Combine(root, "3") : arg).ToArray());

        Assert.Equal(2, played.ExitCode);
        Assert.Equal(1, played.Errors.AsSpan().Count('\n'));
        foreach (var name in names) Assert.Contains(name, played.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_without_a_journal_is_no_journal() =>
        Assert.Equal(
            (2, $"There is no journal in '{root}': no file is called journal-0000000000000001, or so{Environment.NewLine}"),
            (Played.With("replay", root).ExitCode, Played.With("replay", root).Errors));

    [Fact]
    public void Nodes_and_clusters_may_be_recorded_and_a_child_is_told()
    {
        var node    = Parsed<Command.Node>("node --id 1 --cluster 1=127.0.0.1:1 --data d --journal j").Options;
        var cluster = Parsed<Command.Cluster>("cluster --data d --journal j").Options;

        Assert.Equal((Some("j"), Some("j")), (node.Journal, cluster.Journal));
        Assert.Contains("--journal j", string.Join(' ', node.AsChild()), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static T Parsed<T>(string args) where T : Command =>
        (T)CommandLine.Parse(toSeq(args.Split(' '))).IfLeft(problem => throw new ArgumentException(problem));
}
