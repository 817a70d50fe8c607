using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using RxRaft.Swarm;

namespace RxRaft.Tests;

/// <summary>Runs by the thousand: what they find they tell, and it can be had again.</summary>
public sealed class SwarmTests
{
    /// <summary>
    /// One leader takes a command, and who leads next refuses to be asked for it again: what is rejected then may have
    /// happened. In these a client that says it has not is not linearizable.
    /// </summary>
    [Theory]
    [InlineData(241)]
    [InlineData(417)]
    [InlineData(947)]
    public void A_command_that_a_later_leader_would_not_take_is_not_rejected(ulong seed)
    {
        Assert.EndsWith(", limits that differ", SwarmPlan.Of(seed).ToString(), StringComparison.Ordinal);
        Assert.Equal(Option<SwarmFailure>.None, Swarms.KeyValue.Run(seed).Failure);
    }

    [Fact]
    public void In_a_short_swarm_everything_holds_and_most_branches_are_taken()
    {
        var (code, told) = Run(new Order { Seeds = new(1, 20), Workers = 2 });

        Assert.True(code == 0, told);
        Assert.Contains("20 of 20 seeds in ", told, StringComparison.Ordinal);
        Assert.True(Number(told, @"Branches taken: (\d+)") > 35, told);
        Assert.Matches(@"\d Reason\.ElectionWon\n", told);
        Assert.Matches(@"Never taken: .*\w+\.\w+", told);
    }

    [Fact]
    public void A_planted_defect_is_found_and_told_with_the_seed_that_finds_it_again()
    {
        var (code, told) = Run(new Order { Seeds = new(1, 6), Workers = 2 }, () => Defects.NothingIsPersistedBeforeTheReply);
        var found = Regex.Match(told, @"FAILED seed (\d+), (Durable before said: .*)\n.*\n.*-- --seed (\d+) --transcript\n");

        Assert.Equal(1, code);
        Assert.True(found.Success, told);
        Assert.Equal(found.Groups[1].Value, found.Groups[3].Value);

        var seed = ulong.Parse(found.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var (again, alone) = Run(
            new Order { Seed = seed, Transcript = true }, () => Defects.NothingIsPersistedBeforeTheReply);
        Assert.Equal(1, again);
        Assert.Contains($"FAILED, {found.Groups[2].Value}\n", alone, StringComparison.Ordinal);
        Assert.Contains(" ms  S1 -> ", alone, StringComparison.Ordinal);
        Assert.Equal(0, Run(new Order { Seed = seed }).Code);
    }

    [Fact]
    public void A_client_that_is_thrown_what_none_should_expect_is_a_failure()
    {
        var thrown = 0;
        var trial  = Trials.KeyValue with
        {
            Reading = command => command is KeyValueCommand.Get && thrown++ == 0
                ? throw new InvalidOperationException("a client has died")
                : Trials.KeyValue.Reading(command),
        };
        var failure = new Swarm<Map<string, string>, KeyValueCommand, Option<string>>(trial).Run(1).Failure.Single();

        Assert.Contains("a client has died", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_is_one_run_to_the_byte()
    {
        var order = new Order { Seed = 4, Transcript = true };

        Assert.Equal(Run(order).Told, Run(order).Told);
        Assert.NotEqual(Run(order).Told, Run(order with { Seed = 5 }).Told);
    }

    [Fact]
    public void Every_kind_of_trouble_and_of_cluster_is_drawn_sooner_or_later()
    {
        var plans = Enumerable.Range(1, 200).Select(seed => SwarmPlan.Of((ulong)seed)).ToList();

        foreach (var kind in typeof(WeatherMix).GetProperties().Where(property => property.PropertyType == typeof(bool)))
            Assert.Equal(2, plans.Select(plan => kind.GetValue(plan.Mix)).Distinct().Count());
        Assert.Equal(7, plans.Select(plan => plan.Options.Configuration.Members.Count).Distinct().Count());
        Assert.All(plans, plan => Assert.Empty(plan.Options.Settings.Problems()));
        Assert.All(plans, plan => Assert.True(plan.Options.ClockDrift <= plan.Options.Settings.ClockDriftBound));
        Assert.Contains(plans, plan => !plan.Options.Newcomers.IsEmpty);
        Assert.Contains(plans, plan => plan.Options.Settings.Limits.MaxSessions > plan.Options.Configuration.Members.Count + plan.Clients);
        Assert.Contains(plans, plan => plan.Options.Settings.Limits.MaxSessions < plan.Options.Configuration.Members.Count);
    }

    [Fact]
    public void Parts_of_a_range_have_every_seed_once_and_are_as_large_as_each_other()
    {
        foreach (var (count, parts) in new[] { (10, 3), (3, 10), (16, 4), (1, 1) })
        {
            var all = Enumerable.Range(0, parts).Select(part => new SeedRange(5, 4 + (ulong)count).Part(part, parts)).ToList();

            Assert.Equal(Enumerable.Range(5, count).Select(seed => (ulong)seed), all.SelectMany(part => part.Seeds));
            Assert.True(all.Max(part => part.Count) - all.Min(part => part.Count) <= 1);
        }

        Assert.Equal(ulong.MaxValue / 2, new SeedRange(1, ulong.MaxValue - 1).Part(0, 2).Last);
    }

    [Fact]
    public void Every_seed_runs_once_whatever_the_number_of_workers()
    {
        var begun = new List<ulong>();
        var tally = new SwarmRunner { Workers = 4 }.Run(Runs(seed =>
        {
            lock (begun) begun.Add(seed);
        }), (_, _) => { });

        Assert.Equal(Enumerable.Range(1, 100).Select(seed => (ulong)seed), begun.Order());
        Assert.Equal((100UL, 10), (tally.Done, tally.Failures.Count));
        Assert.Equal(TimeSpan.FromSeconds(200), tally.Passed);
    }

    [Fact]
    public void It_stops_where_it_is_told_to_and_says_how_far_it_came()
    {
        using var stop = new CancellationTokenSource();
        var tally = new SwarmRunner { Workers = 1 }.Run(Runs(seed =>
        {
            if (seed == 7) stop.Cancel();
        }), (_, _) => { }, stop.Token);

        Assert.Equal(7UL, tally.Done);
        using var told = new StringWriter { NewLine = "\n" };
        Report.Summary(told, tally, all: 100, "seeds", stopped: true);
        Assert.StartsWith("7 of 100 seeds in 0.", told.ToString(), StringComparison.Ordinal);
        Assert.Contains(", then stopped: ", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_run_begins_after_the_time_that_was_set()
    {
        var clock = new Hand();
        var runner = new SwarmRunner { Workers = 1, Limit = TimeSpan.FromMinutes(1), Clock = clock };

        Assert.Equal(3UL, runner.Run(Runs(_ => clock.Now += TimeSpan.FromSeconds(20)), (_, _) => { }).Done);
    }

    [Fact]
    public void On_a_terminal_progress_is_one_line_that_changes_and_elsewhere_a_line_now_and_then()
    {
        var tally = SwarmTally.Nothing.With(Result(1, fails: true)) with { Done = 25, Elapsed = TimeSpan.FromSeconds(10) };

        Assert.StartsWith(
            "\r[######..................] 25 of 100 seeds, 2.5 a second, 0 s of virtual time a second, 1 failed, 00:00:30 to go",
            Shown(isTerminal: true, tally), StringComparison.Ordinal);
        Assert.Equal(
            "25 of 100 seeds, 2.5 a second, 0 s of virtual time a second, 1 failed, 00:00:30 to go\n", Shown(isTerminal: false, tally));
        Assert.EndsWith(
            ", 30:00:00 to go\n", Shown(isTerminal: false, tally with { Elapsed = TimeSpan.FromHours(10) }), StringComparison.Ordinal);
        Assert.Equal("", Shown(isTerminal: false, tally with { Elapsed = TimeSpan.FromSeconds(9) }));
    }

    [Theory]
    [InlineData("--seeds 5..1", "--seeds 5..1: two seeds are expected, as 1..10000, the second not below the first")]
    [InlineData("--seeds", "--seeds needs a value")]
    [InlineData("--minutes -1", "--minutes -1: a number above 0 is expected")]
    [InlineData("--part 4/4", "--part 4/4: a part is expected, as 0/4, its number from 0 and below the number of parts")]
    [InlineData("--workers 0", "--workers 0: a whole number from 1 to 1024 is expected")]
    [InlineData("--seed x", "--seed x: a whole number of at least 0 is expected")]
    [InlineData("--transcript", "--transcript is of one seed: it needs --seed")]
    [InlineData("--shrink", "--shrink is of one seed: it needs --seed")]
    [InlineData("--point 17", "--point is of one run: it needs --crash-points and --seed")]
    [InlineData("--point 17:torn", "--point 17:torn: a point is expected, as 17, 17:lost or 17:made, counted from 1")]
    [InlineData("--seed 3 --seeds 1..4", "--seed is one alone: --seeds and --part do not go with it")]
    [InlineData("--crash-points --part 0/2 --seed 3", "--seed is one alone: --seeds and --part do not go with it")]
    [InlineData("--sedes 1", "'--sedes' is no option: --help lists them")]
    public void What_is_wrong_on_the_command_line_is_told_in_one_line(string words, string told) =>
        Assert.Equal(told, CommandLine.Read(words.Split(' ')).Match(_ => "", wrong => wrong));

    [Fact]
    public void What_is_right_is_read()
    {
        var read = CommandLine.Read("--seeds", "1..10000", "--minutes", "1.5", "--part", "2/4", "--workers", "3");

        Assert.Equal(
            new Order { Seeds = new(1, 10_000), Limit = TimeSpan.FromSeconds(90), Part = (2, 4), Workers = 3 },
            read.IfLeft(new Order()));
        Assert.Equal(CommandLine.HelpText + "\n", Run(new Order { Help = true }).Told);
    }

    [Fact]
    public void The_first_failure_ends_it_if_that_is_enough()
    {
        var order = new Order { Seeds = new(1, 50), Workers = 1, First = true };
        var (code, told) = Run(order, () => Defects.NothingIsPersistedBeforeTheReply);

        Assert.Equal(1, code);
        Assert.Single(Regex.Matches(told, "^FAILED", RegexOptions.Multiline));
        Assert.Matches(@"\d of 50 seeds in .*, then stopped", told);
    }

    private static (int Code, string Told) Run(Order order, Func<Func<NodeState, Input, Transition>>? algorithm = null)
    {
        using var told = new StringWriter { NewLine = "\n" };
        var commands = new Commands(told, isTerminal: false, CancellationToken.None) { Algorithm = algorithm ?? (() => Raft.Step) };
        return (commands.Run(order), told.ToString());
    }

    private static string Shown(bool isTerminal, SwarmTally tally)
    {
        using var told = new StringWriter { NewLine = "\n" };
        new ProgressLine(told, isTerminal, all: 100, "seeds", TimeSpan.MaxValue).Tell(tally);
        return told.ToString();
    }

    /// <summary>A hundred, of which every tenth fails.</summary>
    private static IEnumerable<Func<SwarmResult>> Runs(Action<ulong> run) =>
        new SeedRange(1, 100).Seeds.Select(Func<SwarmResult> (seed) => () =>
        {
            run(seed);
            return Result(seed, fails: seed % 10 == 0);
        });

    private static SwarmResult Result(ulong seed, bool fails) => new(
        seed, "", TimeSpan.FromSeconds(2), ReasonCounts.None, fails ? new SwarmFailure("Liveness", "none") : Option<SwarmFailure>.None);

    private static int Number(string text, string pattern) =>
        int.Parse(Regex.Match(text, pattern).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Hand : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
