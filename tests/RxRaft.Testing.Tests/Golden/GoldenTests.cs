using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>
/// The scenarios that a reader of the dissertation looks for, as conversations to read. When one changes on purpose,
/// RXRAFT_ACCEPT=1 dotnet test writes it anew, and the difference is for the reviewer to read.
/// </summary>
public sealed class GoldenTests
{
    private static readonly Dictionary<string, Func<NodeState, Input, Transition>> Broken = new()
    {
        ["first-election.txt"] = BrokenReducers.VotesAreNotCounted,
        ["split-vote.txt"] = BrokenReducers.TimeoutsAreNotRandom,
        ["leader-cut-off-and-back.txt"] = BrokenReducers.LeadersNeverGiveUp,
        ["figure-7-followers.txt"] = Defects.AppendWithoutConsistencyCheck,
        ["figure-8-commitment.txt"] = Defects.EntriesOfAnyTermAreCounted,
        ["snapshot-to-a-newcomer.txt"] = BrokenReducers.NoSnapshots,
        ["joint-consensus.txt"] = BrokenReducers.OldVotersDoNotVote,
        ["leadership-transfer.txt"] = BrokenReducers.TransfersAreHeldBack,
        ["read-index.txt"] = BrokenReducers.NobodyIsAskedBeforeReads,
    };

    public static TheoryData<string> Files => [.. Broken.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_conversation_goes_as_it_is_written(string file)
    {
        var written = Read(file);
        var played  = Read(file).Played(Raft.Step);
        if (TestData.IsAccepted) File.WriteAllText(PathOf(file), played.Text);
        else foreach (var (expected, actual) in written.Blocks.Zip(played.Blocks)) Same(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_conversation_goes_otherwise_if_the_rule_it_is_about_is_missing(string file)
    {
        var played = Read(file).Text;
        var broken = Record.Exception(() => played = Read(file).Played(Broken[file]).Text);

        Assert.True(broken is GoldenException || played != Read(file).Text, $"{broken}");
    }

    [Fact]
    public void Every_file_of_conversations_is_played() =>
        Assert.Equal(
            Broken.Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(TestData.Folder("Golden"), "*.txt").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("cluster\nrum 5ms\n----\n", "f.txt:2: unknown command 'rum'")]
    [InlineData("run 5ms\n----\n", "f.txt:1: no cluster yet: the first command makes one")]
    [InlineData("\n# prose\ncluster node=3\n----\n", "f.txt:3: cluster does not take 'node='")]
    [InlineData("cluster nodes=three\n----\n", "f.txt:1: 'three' is no whole number")]
    [InlineData("cluster seed=1 seed=2\n----\n", "f.txt:1: seed= is given twice")]
    [InlineData("cluster election=150\n----\n", "f.txt:1: '150' is no range of milliseconds, as 150-300 is")]
    [InlineData("cluster\nstart S1 now\n----\n", "f.txt:2: 'now' is no node, as S1 is")]
    [InlineData("cluster\nheal S1\n----\n", "f.txt:2: heal does not take 'S1'")]
    [InlineData("cluster\nput S1 key\n----\n", "f.txt:2: put needs a value")]
    [InlineData("cluster\nput S1 k v\n----\n", "f.txt:2: S1 does not run")]
    [InlineData("cluster\nrun 5\n----\n", "f.txt:2: '5' is no span of time, as 300ms and 2s are")]
    [InlineData("cluster\nrun until S1 dances\n----\n", "f.txt:2: 'run until S1 dances' waits for what nobody understands")]
    [InlineData("cluster\nrun until S1 leads\n----\n", "f.txt:2: 'run until S1 leads' waits in vain for 10 s")]
    [InlineData("cluster\nshow Votes\n----\n", "f.txt:2: nothing is called 'Votes'; there are AppendConflicted, ")]
    [InlineData("cluster\ndisk S1 term=1 log=1,2\n----\n", "f.txt:2: the log has term 2, and term= is 1")]
    [InlineData("cluster\n", "f.txt:1: ---- is missing after 'cluster'")]
    [InlineData("cluster\n\n----\n", "f.txt:2: ---- is missing after 'cluster'")]
    [InlineData("----\n", "f.txt:1: no command before ----")]
    [InlineData("seed=1 cluster\n----\n", "f.txt:1: a command begins with its name, not with 'seed=1'")]
    public void What_is_wrong_in_a_file_is_named_with_its_line(string text, string problem) =>
        Assert.StartsWith(
            problem,
            Assert.Throws<GoldenException>(() => GoldenFile.Parse("f.txt", text).Played(Raft.Step)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_accepted_keeps_its_prose_and_its_commands()
    {
        const string Text = "# One.\n\ncluster nodes=1\nstart\n----\nsomething else\n\n# Two.\nroles\n----\n\n# The end.\n";

        var played = GoldenFile.Parse("f.txt", Text).Played(Raft.Step).Text;

        Assert.Equal(
            "# One.\n\ncluster nodes=1\nstart\n----\n\n# Two.\nroles\n----\n"
            + "S1  follower in T0, voters S1, committed through #0\n\n# The end.\n",
            played);
    }

    private static void Same(GoldenBlock expected, GoldenBlock actual) =>
        Assert.Equal(Told(expected), Told(actual));

    private static string Told(GoldenBlock block) => $"{block.Where}\n{string.Join('\n', block.Expected)}";

    private static GoldenFile Read(string file) => GoldenFile.Parse(file, File.ReadAllText(PathOf(file)));

    private static string PathOf(string file) => Path.Combine(TestData.Folder("Golden"), file);
}
