using System.Globalization;
using System.IO;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Runtime.InteropServices;

namespace RxRaft.Samples;

/// <summary>A node in lines: one for each thing that happens, and one for each order on standard input.</summary>
internal static class PlainNode
{
    public static int Run(Member member, TextWriter output, TextWriter errors) =>
        Run(new Crew(member, port: None), output, errors);

    public static int Run(Crew crew, TextWriter output, TextWriter errors)
    {
        using var printer = new EventLoopScheduler();       // who reads slowly must not hold up the node
        var member  = crew.Member;
        var printed = WorthALine(member.News).ObserveOn(printer)
            .Do(headline => output.WriteLine(Line(member, headline))).LastOrDefaultAsync().ToTask();

        var lines = Keyboard.Lines().Publish();
        var end   = lines.Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => Obey(member, line))
            .Where(quit => quit).Select(_ => HandOver.Yes)
            .Merge(member.Options.WithParent
                ? lines.IgnoreElements().Select(_ => HandOver.No).Concat(Observable.Return(HandOver.No))
                : Observable.Empty<HandOver>())
            .Merge(Signals(member.Options.WithParent).Select(_ => HandOver.Yes))
            .Merge(member.Completion.ToObservable().Select(_ => HandOver.No))
            .FirstAsync().Materialize().FirstAsync().ToTask();
        using var reading = lines.Connect();

        var ending = end.GetAwaiter().GetResult();
        var leaves = ending is { HasValue: true, Value: HandOver.Yes };
        var code   = Ending.Of(crew, handOver: leaves, ending.Exception, errors);
        printed.GetAwaiter().GetResult();
        return code;
    }

    private enum HandOver { No, Yes }

    /// <summary>12:34:56.789  S1   what happened.</summary>
    private static string Line(Member member, Headline headline) => string.Create(
        CultureInfo.InvariantCulture, $"{member.Began + headline.At:HH:mm:ss.fff}  {headline.Who,-3} {headline.Text}");

    /// <summary>
    /// Under load the progress of the log would be thousands of lines a second, and without a quorum campaigns would be
    /// several: what goes on as before is told once, until somebody leads.
    /// </summary>
    private static IObservable<Headline> WorthALine(IObservable<Headline> news) => news
        .Where(headline => headline.Tone != Tone.Routine && headline.Topic != nameof(Reason.CommitAdvanced))
        .Scan((Told: Map<string, string>(), News: Option<Headline>.None), (past, headline) =>
            headline.Tone == Tone.Good ? (Map<string, string>(), headline)
            : headline is not { Tone: Tone.Busy, Topic.Case: string topic } ? (past.Told, headline)
            : past.Told.Find(topic) == headline.Text ? (past.Told, None)
            : (past.Told.AddOrUpdate(topic, headline.Text), headline))
        .SelectMany(told => told.News.ToSeq());

    /// <returns>Whether that was enough.</returns>
    private static bool Obey(Member member, string line) => NodeOrder.Parse(line).Match(
        Left: problem =>
        {
            member.Tell($"=> {problem}", Tone.Plain);
            return false;
        },
        Right: order =>
        {
            _ = member.Obey(order);
            return order is NodeOrder.Quit;
        });

    /// <summary>Ctrl-C goes to the parent too, which sees to its children.</summary>
    private static IObservable<PosixSignal> Signals(bool withParent) =>
        Keyboard.Signals().Where(signal => !withParent || signal == PosixSignal.SIGTERM);
}
