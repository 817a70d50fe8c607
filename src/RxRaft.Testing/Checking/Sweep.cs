using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Testing.Checking;

/// <summary>Breadth first, level by level: the first thing found wrong is as few steps away as can be.</summary>
internal sealed class Sweep
{
    private const int Chunk = 256;
    private readonly CheckOptions options;
    private readonly Stage stage;
    private readonly Layout at;
    private readonly PrintSet seen = new();
    private readonly List<Levels> levels = [];
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Searcher[] searchers;
    private TimeSpan reported;
    private int taken;
    private volatile bool found;

    public Sweep(CheckOptions options)
    {
        this.options = options;
        stage = new Stage(options);
        at = new Layout(stage.Names.Nodes.Length, options.Bounds.InFlight);
        searchers = new Searcher[options.Workers];
        for (var i = 0; i < searchers.Length; i++) searchers[i] = new Searcher(stage, options, at, seen);
    }

    /// <summary>Until there is nothing left, something is wrong, or a bound on the search itself is reached.</summary>
    public CheckResult Run(CancellationToken cancel)
    {
        var (row, print, wrong) = new Rules(stage, options, at).Begin();
        if (wrong is not null) return Result(exhausted: false, new Violation(wrong.Property, wrong.Detail, Trace([])));

        var first = new Level(at.Width);
        first.Add(row, 0, 0);
        seen.Add(print);
        levels.Add(new Levels([first]));
        while (levels[^1].Count > 0 && !cancel.IsCancellationRequested)
        {
            if (levels.Count > options.Bounds.Depth || States > options.Bounds.States) return Result(false, None);

            Expand(levels[^1], cancel);
            if (found) return Result(exhausted: false, Violation());
        }

        Report(left: 0);
        return Result(exhausted: !cancel.IsCancellationRequested, None);
    }

    private long States => 1 + Sum(searcher => searcher.States);

    private void Expand(Levels level, CancellationToken cancel)
    {
        taken = 0;
        foreach (var searcher in searchers) searcher.Begin();
        var work = System.Array.ConvertAll(searchers, searcher => Task.Factory.StartNew(
            () => Search(searcher, level, cancel), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        while (!Task.WaitAll(work, Wait())) Report(Math.Max(0, level.Count - Volatile.Read(ref taken)));
        level.Forget();
        levels.Add(new Levels(System.Array.ConvertAll(searchers, searcher => searcher.Found)));
    }

    private TimeSpan Wait() => reported + options.ProgressEvery is var due && due > watch.Elapsed
        ? due - watch.Elapsed
        : TimeSpan.Zero;

    private void Search(Searcher searcher, Levels level, CancellationToken cancel)
    {
        while (!found && !cancel.IsCancellationRequested)
        {
            var begin = Interlocked.Add(ref taken, Chunk) - Chunk;
            if (begin >= level.Count) return;
            for (var index = begin; index < Math.Min(level.Count, begin + Chunk) && !found; index++)
                if (searcher.Expand(level[index], index)) found = true;
        }
    }

    private Violation Violation()
    {
        foreach (var searcher in searchers)
            if (searcher.Wrong is var (parent, ordinal, wrong))
                return new Violation(wrong.Property, wrong.Detail, Trace(Path(parent, ordinal)));
        throw new InvalidOperationException("nothing is wrong");
    }

    /// <summary>Which of its followers was gone to, state by state, from the first one on.</summary>
    private int[] Path(int parent, int ordinal)
    {
        var ordinals = new Stack<int>([ordinal]);
        for (var level = levels.Count - 2; level > 0; level--)
        {
            (parent, ordinal) = levels[level].Origin(parent);
            ordinals.Push(ordinal);
        }

        return [.. ordinals];
    }

    private Trace Trace(int[] path) => new(options, Retracing.Moves(stage, options, at, path));

    private CheckResult Result(bool exhausted, Option<Violation> violation) => new(
        States, Sum(searcher => searcher.Transitions), Math.Max(0, levels.Count - (exhausted ? 2 : 1)), exhausted,
        violation, watch.Elapsed)
    {
        Parts = stage.Counts,
        Healed = Sum(searcher => searcher.Healed),
        Symmetries = stage.Names.Count,
    };

    private void Report(int left)
    {
        reported = watch.Elapsed;
        options.Progress?.Invoke(new CheckProgress(
            States, Sum(searcher => searcher.Transitions), levels.Count - 1, levels[^1].Count, left, watch.Elapsed));
    }

    private long Sum(Func<Searcher, long> of)
    {
        var sum = 0L;
        foreach (var searcher in searchers) sum += of(searcher);
        return sum;
    }
}
