using System.Reactive.Concurrency;

namespace RxRaft.Samples;

/// <summary>Somebody at the keys and before the view, in virtual time; the five nodes have a leader already.</summary>
internal sealed class Watcher : IDisposable
{
    private readonly IDisposable watching;
    private Controls controls = Controls.Untouched;
    private Diary diary = Diary.Empty;

    public Watcher()
    {
        World = new World(new WorldOptions().Counting(), new HistoricalScheduler());
        watching = World.Events.Subscribe(happened => diary = diary.After(happened));
        World.Start();
        Pass(seconds: 1);
    }

    public World World { get; }

    public NodeId Leader => World.Leader.IfNone(() => throw new InvalidOperationException("nobody leads"));

    /// <summary>One that does not lead.</summary>
    public NodeId Follower => World.Nodes.Filter(node => node != Leader).Head;

    public Seq<Headline> Headlines => diary.Headlines;

    /// <summary>What the nodes that run have counted.</summary>
    public Seq<long> Counts => World.Running.Map(node => World.Counter(node).Count()).Strict();

    public void Pass(double seconds) => World.RunFor(TimeSpan.FromSeconds(seconds));

    public void Press(params char[] keys)
    {
        foreach (var key in keys)
        {
            controls = controls.After(new ConsoleKeyInfo(key, ConsoleKey.None, false, false, false));
            controls.Order.Iter(order => order(World));
        }
    }

    /// <summary>Selects a node, and presses keys.</summary>
    public void PressAt(NodeId node, params char[] keys) => Press([(char)('0' + node.Value), .. keys]);

    /// <summary>The view, line by line.</summary>
    public string[] Lines(int width, int height) => PlainScreen.Lines(
        new View(Picture.Of(World, diary), controls.Selected, Speed: 0.1).Draw(width, height), width);

    /// <summary>A node's line, word by word.</summary>
    public string[] Row(NodeId node, int width = 76) =>
        Lines(width, 24)[1 + (int)node.Value].Trim('>', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        watching.Dispose();
        World.Dispose();
    }
}
