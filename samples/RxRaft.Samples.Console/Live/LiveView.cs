using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>A cluster to watch and to disturb, until the user has seen enough.</summary>
internal static class LiveView
{
    /// <summary>Slow enough for eyes: elections after 1.5-3 s.</summary>
    public const double SlowMotion = 0.1;

    /// <summary>Whether there is somebody to watch, and a terminal that can move its cursor.</summary>
    public static bool IsPossible =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <param name="speed">Of the cluster's time against ours.</param>
    public static int Run(double speed)
    {
        Console.OutputEncoding = Encoding.UTF8;
        using var loop = new EventLoopScheduler();

        var controls = Keyboard.Keys()
            .Scan(Controls.Untouched, (last, key) => last.After(key))
            .StartWith(Controls.Untouched).Replay(1);
        var orders = controls.SelectMany(control => control.Order.ToSeq());
        var enough = controls.Where(control => control.Quit).Select(_ => Unit.Default)
            .Merge(Keyboard.Signals().Select(_ => Unit.Default));

        var views = Cluster.Watch(speed, orders, loop)
            .CombineLatest(controls, (picture, control) => new View(picture, control.Selected, speed))
            .TakeUntil(enough)
            .Replay(1);

        using var reading = controls.Connect();
        using var watching = views.Connect();
        Show(views.Select(view => (Func<int, int, IRenderable>)view.Draw));
        if (views.LastOrDefaultAsync().Wait() is { } last) Goodbye(last.Picture);
        return 0;
    }

    /// <summary>Draws the latest view, again and again, until there are no more.</summary>
    /// <param name="views">Drawn by width and height. Whoever comes late gets the latest.</param>
    public static void Show(IObservable<Func<int, int, IRenderable>> views) =>
        AnsiConsole.Console.AlternateScreen(() => Show(views, AnsiConsole.Console));

    /// <summary>Everything anew when the window changes its size.</summary>
    private static void Show(IObservable<Func<int, int, IRenderable>> views, IAnsiConsole console)
    {
        for (var over = views.LastOrDefaultAsync().ToTask(); !over.IsCompleted;)
        {
            var (width, height) = (console.Profile.Width, console.Profile.Height);
            var fitting = views.TakeWhile(_ => console.Profile.Width == width && console.Profile.Height == height);

            console.Clear();
            console.Live(new Text("")).Start(live =>
            {
                foreach (var draw in fitting.Latest()) live.UpdateTarget(draw(width, height));
            });
        }
    }

    private static void Goodbye(Picture last) => Console.WriteLine(Invariant(
        $"{last.At.TotalSeconds:0.0} s of the cluster's time, {last.Counts.Messages} messages; {Verdict(last)}."));

    private static string Verdict(Picture last) => last.Violation.IfNone("every property of Raft held");
}
