using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>One node of a cluster of processes: itself, its wire and its disk, and what happens to it.</summary>
internal sealed class Member : IAsyncDisposable
{
    private const int Remembered = 100;         // headlines, for who comes late

    private readonly FileDisk disk;
    private readonly TcpWire wire;
    private readonly Journal? journal;
    private readonly RaftNode<long, long, long> node;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly ISubject<Headline> news = Subject.Synchronize(new ReplaySubject<Headline>(Remembered));
    private readonly CompositeDisposable watching = [];
    private readonly CancellationTokenSource leaving = new();
    private readonly Seq<Headline> opening;
    private Seen? seen;
    private Map<NodeId, Link> links = Map<NodeId, Link>();
    private long count;

    private sealed record Seen(NodeState State, TimeSpan At);

    private Member(NodeOptions options, FileDisk disk, TcpWire wire, Journal? journal)
    {
        (Options, this.disk, this.wire, this.journal) = (options, disk, wire, journal);
        watching.Add(wire.Events.Subscribe(Observe));
        if (journal is not null) watching.Add(journal.Problems.Subscribe(words => Tell($"journal: {words}", Tone.Bad)));
        node = options.Join
            ? RaftNode.Join(options.Self, wire, disk, new Counter(), options.Settings, journal: journal)
            : RaftNode.Start(
                options.Self, Configuration.OfNodes(toSeq(options.Cluster.Keys)), wire, disk, new Counter(),
                options.Settings, journal: journal);
        watching.Add(node.Transitions.Subscribe(Observe, _ => { }));     // at once: it runs, and remembers one step
        seen ??= new(node.State, watch.Elapsed);
        opening = MemberNews.Started(
            TimeSpan.Zero, Self, wire.LocalEndPoint, options.Data, disk.Recovery, seen.State);

        watching.Add(node.States.Subscribe(now => Volatile.Write(ref count, now.State), _ => { }));
        watching.Add(node.Leadership.SkipWhile(now => now.Leader.IsNone)
            .Subscribe(now => news.OnNext(MemberNews.Leads(watch.Elapsed, Self, now))));
    }

    /// <summary>Opens the disk, the wire, and starts the node.</summary>
    /// <exception cref="Exception">One of them fails; <see cref="OpeningFailure"/> says it in a line.</exception>
    public static Member Open(NodeOptions options)
    {
        var tls  = options.Tls.Map(OpeningFailure.Load).IfNoneUnsafe((TlsOptions?)null);
        var disk = FileDisk.Open(options.Data, options.Name, options.Self);
        var (wire, journal) = (default(TcpWire), default(Journal));
        try
        {
            journal = options.Journal.Map(directory => Journal.Open(directory)).IfNoneUnsafe((Journal?)null);
            wire = TcpWire.Start(new TcpWireOptions(options.Name, options.Self, options.Listen)
            {
                Peers          = options.Cluster.Remove(options.Self),
                Tls            = tls,
                AllowPlaintext = options.AllowPlaintext,
            });
            return new Member(options, disk, wire, journal);
        }
        catch (Exception)
        {
            if (wire is not null) Task.Run(async () => await wire.DisposeAsync()).GetAwaiter().GetResult();
            disk.Dispose();
            journal?.Dispose();
            throw;
        }
    }

    public NodeOptions Options { get; }

    public NodeId Self => Options.Self;

    /// <summary>When, by the clock on the wall, headlines count from.</summary>
    public DateTime Began { get; } = DateTime.Now;

    /// <summary>What was worth a line, and what is. Completes when the node has left.</summary>
    public IObservable<Headline> News => opening.ToObservable().Concat(news);

    /// <summary>Ends when the node halts or has left; fails with the reason when it halts.</summary>
    public Task Completion => node.Completion;

    /// <summary>What it knows at the moment. From any thread.</summary>
    public Sight Look()
    {
        var (last, now) = (Volatile.Read(ref seen)!, watch.Elapsed);
        return new(
            now, last.State, now - last.At, Volatile.Read(ref count), links, toSeq(Options.Cluster.Keys),
            wire.Counters);
    }

    /// <summary>Tells something as news of this node's.</summary>
    public void Tell(string text, Tone tone, string? topic = null) =>
        news.OnNext(new(watch.Elapsed, Self, MemberNews.OneLine(text), tone, Optional(topic)));

    /// <summary>Does what it is asked, however long it takes, and tells what came of it.</summary>
    public async Task Obey(NodeOrder order)
    {
        var answer = await Answer(order).ConfigureAwait(false);
        news.OnNext(MemberNews.Answer(watch.Elapsed, Self, order, answer));
    }

    /// <summary>Hands leadership over, if it leads and somebody is there; it waits for two elections at most.</summary>
    public async Task HandOver()
    {
        if (node.State is not { Role: Role.Leader leader } state) return;

        var heirs = leader.Followers.AsEnumerable()
            .Where(other => state.Configuration.IsVoter(other.Key) && Link.Of(links, other.Key).Out)
            .OrderByDescending(other => other.Value.MatchIndex.Value).Select(other => other.Key).ToList();
        if (heirs.Count == 0) return;

        using var patience = new CancellationTokenSource(2 * state.Settings.ElectionTimeoutMax);
        try
        {
            await node.TransferLeadershipAsync(heirs[0], patience.Token).ConfigureAwait(false);
        }
        catch (Exception late) when (late is OperationCanceledException or ObjectDisposedException)
        {
            Tell($"leaves without having handed over to {heirs[0]}", Tone.Busy);
        }
    }

    /// <summary>Ends the node, then its wire, its disk and its journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync().ConfigureAwait(false);
        await node.DisposeAsync().ConfigureAwait(false);
        watching.Dispose();
        await wire.DisposeAsync().ConfigureAwait(false);
        disk.Dispose();
        journal?.Dispose();
        news.OnCompleted();
    }

    private void Observe(Transition step)
    {
        Volatile.Write(ref seen, new(step.State, watch.Elapsed));
        if (step.Reasons.IsEmpty) return;
        foreach (var headline in Headline.Of(watch.Elapsed, Self, step)) news.OnNext(headline);
    }

    private void Observe(WireEvent happened)
    {
        links = Link.After(links, happened);            // events come one at a time
        if (happened is WireEvent.Dropped dropped && !Link.Of(links, dropped.Peer).Out) return;     // of course
        news.OnNext(MemberNews.Of(watch.Elapsed, Self, happened));
    }

    private async Task<string> Answer(NodeOrder order)
    {
        try
        {
            return await Carry(order).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return "nobody knows whether it will be done: the node leaves";
        }
        catch (Exception failure)
            when (failure is ObjectDisposedException or RequestFailedException or ArgumentException)
        {
            return failure.Message;
        }
    }

    private async Task<string> Carry(NodeOrder order) => order switch
    {
        NodeOrder.Propose(var times) => Invariant($"the count is {await Propose(times).ConfigureAwait(false)}"),
        NodeOrder.Count =>
            Invariant($"{await node.ReadAsync(now => now, leaving.Token).ConfigureAwait(false)}"),
        NodeOrder.State => $"{Look()}",
        NodeOrder.Transfer(var to) => MemberNews.Of(
            await node.TransferLeadershipAsync(to, leaving.Token).ConfigureAwait(false)),
        NodeOrder.Add(var other) => MemberNews.Of(await node.AddAsync(other, leaving.Token).ConfigureAwait(false)),
        NodeOrder.Remove(var other) => MemberNews.Of(
            await node.RemoveAsync(other, leaving.Token).ConfigureAwait(false)),
        NodeOrder.Peer(var other, var at) => Know(other, at),
        NodeOrder.Quit => "the node leaves",
        _ => throw new InvalidOperationException($"{order} is not carried out"),
    };

    private async Task<long> Propose(int times) =>
        (await Task.WhenAll(Enumerable.Range(0, times).Select(_ => node.ProposeAsync(1, leaving.Token)))
            .ConfigureAwait(false)).Max();

    private string Know(NodeId other, EndPoint at)
    {
        wire.AddPeer(other, at);
        return "known";
    }
}
