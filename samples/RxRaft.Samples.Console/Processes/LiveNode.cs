using System.IO;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Spectre.Console.Rendering;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>A real node to watch, with the processes that it has started, until the user has seen enough.</summary>
internal static class LiveNode
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public static int Run(Crew crew, TextWriter errors)
    {
        Console.OutputEncoding = Encoding.UTF8;
        using var loop = new EventLoopScheduler();
        var member = crew.Member;

        var controls = Keyboard.Keys()
            .Scan(MemberControls.Of(member.Self), (last, key) => last.After(key, member.Look().Nodes))
            .StartWith(MemberControls.Of(member.Self)).Replay(1);
        var enough = controls.Where(control => control.Quit).Select(_ => Unit.Default)
            .Merge(Keyboard.Signals().Select(_ => Unit.Default))
            .Merge(member.Completion.ToObservable());
        var views = Views(crew, controls, loop).TakeUntil(enough).Replay(1);

        using var obeying = controls.SelectMany(control => control.Order.ToSeq()).ObserveOn(loop)
            .Subscribe(order => order(crew));
        using var reading = controls.Connect();
        using var watching = views.Connect();
        LiveView.Show(views.Select(view => (Func<int, int, IRenderable>)view.Draw).Catch(Nothing));

        var last = member.Look();
        var code = Ending.Of(
            crew, handOver: crew.Processes.IsNone, member.Completion.Exception?.InnerException, errors);
        Console.WriteLine(Invariant(
            $"{last.At.TotalSeconds:0.0} s, {last.Wire.FramesSent} messages sent, counted to {last.Count}; ")
            + $"data in {member.Options.Data}.");
        return code;
    }

    private static readonly IObservable<Func<int, int, IRenderable>> Nothing =
        Observable.Empty<Func<int, int, IRenderable>>();

    private static IObservable<MemberView> Views(Crew crew, IObservable<MemberControls> controls, IScheduler loop)
    {
        var member    = crew.Member;
        var headlines = member.News.Where(told => told.Topic != MemberNews.LeadsTopic)
            .Scan(Seq<Headline>(), Diary.Told).StartWith(Seq<Headline>());
        var sights    = Observable.Interval(Frame, loop).Select(_ => member.Look())
            .Scan(Seq<Sight>(), (past, now) => past.Filter(then => then.At > now.At - Moment).Add(now).Strict());

        return sights.CombineLatest(controls, (past, control) => (past, control))
            .WithLatestFrom(headlines, (seen, told) => new MemberView(
                member.Options, seen.past.Last, Rate(seen.past), told, seen.control.Selected, crew.Processes));
    }

    private static double Rate(Seq<Sight> past) => past.Count < 2
        ? 0
        : (past.Last.Wire.FramesSent - past.Head.Wire.FramesSent) / (past.Last.At - past.Head.At).TotalSeconds;
}
