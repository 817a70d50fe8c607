using System.Collections.Generic;
using System.Linq;
using System.Reactive.Concurrency;

namespace RxRaft.Tests;

/// <summary>Recorded runs that are played again, as a whole or in part: what happens in them that is not usual.</summary>
public sealed class PlayedAgainTests
{
    private static readonly NodeId Second = new(2);

    /// <summary>Some crashes undo the first write, and some do not.</summary>
    [Fact]
    public void A_disk_that_was_lost_before_anything_was_on_it_is_lost_again()
    {
        for (var seed = 1UL; seed <= 10; seed++) IsLostAgain(seed);
    }

    private static void IsLostAgain(ulong seed)
    {
        var (run, seen) = Recorded(nodes: 3, seed, world =>
        {
            world.Start();
            LoseDisk(world);
            world.RunFor(TimeSpan.FromSeconds(2));
        });

        var played = Stage.Play(run, run.Happenings.AsEnumerable(), Raft.Step, _ => None, RunJudge.OfProperties);

        Assert.Equal(run.Happenings.Count, played.Applied.Length);
        Assert.Equal(seen, played.Events.OfType<WorldEvent.Stepped>().Select(Told)
            .Where(told => !told.EndsWith("[]", StringComparison.Ordinal)));
        Assert.Contains(seen, told => told.Contains("S2 [Pre-vote", StringComparison.Ordinal));
    }

    /// <summary>
    /// The start that is left is that of a newcomer: only the whole run tells that it was a voter, without whose vote there
    /// is no leader of two.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public void A_disk_is_lost_also_where_the_start_that_it_was_written_after_is_left_out(int milliseconds)
    {
        var (run, _) = Recorded(nodes: 2, seed: 7, world =>
        {
            world.Start();
            world.RunFor(TimeSpan.FromMilliseconds(milliseconds));
            LoseDisk(world);
        });
        var last = run.Happenings.Last(happening => happening.Node == Second);
        var part = run with { Happenings = run.Happenings.Filter(each => each.Node != Second || each == last).Strict() };

        Assert.IsType<Happening.Starts>(last);
        Assert.Equal(
            Option<string>.None, new Shrinker(() => Raft.Step) { Judge = RunJudge.OfLiveness(TimeSpan.FromSeconds(20)) }.Broken(part));
    }

    /// <summary>
    /// S1's write is there, but it hears of that only when it is its turn again; that comes with something that happens to
    /// S2.
    /// </summary>
    [Fact]
    public void What_comes_of_a_node_is_its_own_though_it_comes_when_something_happens_to_another()
    {
        var (first, at) = (new NodeId(1), TimeSpan.FromSeconds(1));
        var starts  = new Happening.Starts(0, TimeSpan.Zero, first, Configuration.Of(1), Settings.Default with { Seed = 1 }, None);
        var joins   = starts with { Number = 7, At = at, Node = Second, Founders = None };
        var command = new Payload.Command(
            new(SessionId.None, 1), 0, Draft.Of(KeyValueMachine.Instance.Commands, new KeyValueCommand.Put("a", "1")));
        var run = new RecordedRun(Seq(first, Second), Map((first, 1.0), (Second, 1.0)), 1, Seq<Happening>(
            starts,
            new Happening.Writes(1, TimeSpan.Zero, first, Heard: true),
            new Happening.Ticks(2, at, first),
            new Happening.Writes(3, at, first, Heard: true),                            // its vote
            new Happening.Writes(4, at, first, Heard: true),                            // what it begins its term with
            new Happening.Asks(5, at, first, new Input.Propose(Seq1(new Proposal(command)))),
            new Happening.Writes(6, at, first, Heard: false),
            joins,
            new Happening.Applies(8, at, first),
            new Happening.Applies(9, at, first)))
        {
            Starts = Map((first, starts), (Second, joins)),
        };

        Assert.Equal(Option<string>.None, Broken(Trials.KeyValue));
        Assert.Equal(SwarmFailure.Linearizability, Broken(Trials.KeyValue with { Model = new Contrary() }));    // it was answered

        Option<string> Broken(Trial<Map<string, string>, KeyValueCommand, Option<string>> trial) =>
            new Shrinker(() => Raft.Step) { Judge = RunJudge.OfLinearizability(trial) }.Broken(run);
    }

    /// <summary>Expects what no store answers.</summary>
    private sealed class Contrary : IModel<Map<string, string>, KeyValueCommand, Option<string>>
    {
        public Map<string, string> Initial => [];

        public (Map<string, string> State, Option<string> Result) Step(Map<string, string> state, KeyValueCommand command) =>
            (state, "something else");
    }

    private static void LoseDisk(World world)
    {
        world.Crash(Second);
        world.Wipe(Second);
        world.Restart(Second);
    }

    /// <summary>A run, with what was to be told of it.</summary>
    private static (RecordedRun Run, List<string> Seen) Recorded(int nodes, ulong seed, Action<World> script)
    {
        var (recorder, seen) = (new RunRecorder(), new List<string>());
        using var world = new World(WorldOptions.Of(nodes, seed) with { Step = recorder.Around(Raft.Step) }, new HistoricalScheduler());
        recorder.Watch(world);
        using var _ = world.Events.Subscribe(happened =>
        {
            if (happened is WorldEvent.Stepped { Step.Reasons.IsEmpty: false } stepped) seen.Add(Told(stepped));
        });
        script(world);
        return (recorder.Recorded, seen);
    }

    private static string Told(WorldEvent.Stepped stepped) => $"{stepped.At} {stepped.Node} {stepped.Step.Reasons}";
}
