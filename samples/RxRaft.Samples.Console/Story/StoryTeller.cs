using System.IO;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>Plays a story on whatever time there is: the one that passes by itself, or a virtual one.</summary>
internal static class StoryTeller
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(13);       // with the whole story
    private static readonly TimeSpan Standstill = TimeSpan.FromMilliseconds(75);    // half of the shortest timeout
    private const int Attempts = 3;

    /// <summary>In real time: nodes, timers and wires share the one thread of an event loop.</summary>
    /// <param name="speed">Of the cluster's time against ours.</param>
    public static int InRealTime(double speed, TextWriter output, TextWriter errors)
    {
        output.WriteLine(Invariant($"Five nodes in one process, real time x {speed}, elections after 150-300 ms."));
        return Undisturbed(() => InRealTime(speed, output), output, errors);
    }

    /// <summary>
    /// A story that goes wrong while the machine stands still says nothing of Raft: it is played again.
    /// </summary>
    /// <param name="play">Tells how it failed, if it did, and for how long at most nothing moved.</param>
    internal static int Undisturbed(
        Func<(Exception? Failure, TimeSpan Stood)> play, TextWriter output, TextWriter errors)
    {
        for (var left = Attempts - 1; ; left--)
        {
            var (failure, stood) = play();
            if (failure is not StoryFailedException || stood < Standstill || left == 0)
                return ExitCode(failure, errors);

            output.WriteLine();
            output.WriteLine(Invariant($"The machine stood still for {stood.TotalMilliseconds:0} ms."));
            output.WriteLine("To nodes that is a leader that is silent. From the beginning:");
        }
    }

    private static (Exception? Failure, TimeSpan Stood) InRealTime(double speed, TextWriter output)
    {
        using var loop = new EventLoopScheduler();
        var time  = new DriftingScheduler(loop, speed);
        var seed  = unchecked((ulong)Random.Shared.NextInt64());
        var stood = TimeSpan.Zero;
        using var glances = Observable.Interval(Glance, time).TimeInterval(time)
            .Subscribe(glance => stood = glance.Interval > stood ? glance.Interval : stood);

        var ending = Play(Story.Chapters, seed, time, output).SubscribeOn(loop).Materialize().Wait();
        return (ending.Exception, stood);
    }

    /// <summary>In virtual time, which jumps from event to event; all chance comes from the seed.</summary>
    public static int InVirtualTime(ulong seed, TextWriter output, TextWriter errors) =>
        InVirtualTime(Story.Chapters, seed, output, errors);

    internal static int InVirtualTime(Seq<Chapter> chapters, ulong seed, TextWriter output, TextWriter errors)
    {
        var time = new HistoricalScheduler();
        Exception? failure = null;

        output.WriteLine($"Five nodes in one process, virtual time, seed {seed}, elections after 150-300 ms.");
        using var playing = Play(chapters, seed, time, output).Subscribe(_ => { }, error => failure = error);
        time.Start();
        return ExitCode(failure, errors);
    }

    /// <summary>All chapters, one after the other, and in between whatever happens.</summary>
    /// <returns>Fails at the first hope that does not come true in time, and when a property is violated.</returns>
    private static IObservable<Unit> Play(Seq<Chapter> chapters, ulong seed, IScheduler time, TextWriter output) =>
        Observable.Using(() => new World(new WorldOptions { Seed = seed }, time), world =>
            Observable.Using(() => Headlines(world).Subscribe(output.WriteLine), _ =>
            {
                var stage = new Stage(world);
                return Observable.Concat(chapters.Map((i, chapter) => Play(chapter, i + 1, stage, time, output)));
            }));

    private static IObservable<Headline> Headlines(World world) =>
        world.Events.SelectMany(happened => Headline.Of(happened));

    private static IObservable<Unit> Play(
        Chapter chapter, int number, Stage stage, IScheduler time, TextWriter output) =>
        Observable.Defer(() =>
        {
            output.WriteLine($"{Environment.NewLine}{number}. {chapter.Opening(stage)}");
            chapter.Act(stage);
            var hope = chapter.Hope(stage);
            var failure = new StoryFailedException($"in chapter {number} it was hoped in vain that {hope}");

            return Observable.Interval(Glance, time)
                .Select(_ => Look(chapter, stage))
                .Scan(TimeSpan.Zero, (lasted, fulfilled) => fulfilled ? lasted + Glance : TimeSpan.Zero)
                .FirstAsync(lasted => lasted >= chapter.Lasting)
                .Timeout(Patience - stage.World.Now, Observable.Throw<TimeSpan>(failure), time)
                .Do(_ => output.WriteLine(Invariant($"{stage.World.Now.TotalSeconds,8:0.000} s  =>  So {hope}.")))
                .Select(_ => Unit.Default);
        });

    private static bool Look(Chapter chapter, Stage stage)
    {
        stage.World.Violation.IfSome(violation => throw violation);
        return chapter.Fulfilled(stage);
    }

    private static int ExitCode(Exception? failure, TextWriter errors)
    {
        if (failure is null) return 0;

        errors.WriteLine($"The story went wrong: {failure.Message}");
        return 1;
    }
}

/// <summary>A chapter's hope did not come true in time.</summary>
internal sealed class StoryFailedException(string message) : Exception(message);
