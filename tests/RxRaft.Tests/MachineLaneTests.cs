using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>Entries that come together are applied together, and yet each is seen and told as if it came alone.</summary>
public sealed class MachineLaneTests
{
    private static readonly SessionId Session = new(1);

    private readonly Requests requests = new(who => who.Execute());
    private readonly Subject<MachineWork> work = new();
    private readonly List<string> happened = [];

    [Fact]
    public void Of_entries_that_come_together_each_state_is_seen_and_then_its_client_told_and_the_node_hears_of_the_last()
    {
        Run(Notes.Machine);
        Wait(1, 2, 3);

        work.OnNext(new MachineWork.Apply(toSeq(Opened.Append(Write(2, 1, "a")).Append(Write(3, 2, "b")).Append(Write(4, 1, "a")))));
        work.OnNext(new MachineWork.Apply(Seq1(Write(5, 3, "c"))));

        Assert.Equal(
            ["#1 ", "#2 a", "told 1: 1", "#3 a b", "told 2: 2", "#4 a b", "node: #4", "#5 a b c", "told 3: 3", "node: #5"],
            happened);
    }

    [Fact]
    public void What_comes_together_with_a_command_that_cannot_be_applied_but_before_it_is_seen_and_told()
    {
        Run(Notes.Machine);
        Wait(1, 2, 3);

        work.OnNext(new MachineWork.Apply(
            toSeq(Opened.Append(Write(2, 1, "a")).Append(Write(3, 2, Notes.Unapplicable)).Append(Write(4, 3, "c")))));

        var why = $"The state machine cannot apply the command at #3: {Notes.Unapplicable}";
        Assert.Equal(["#1 ", "#2 a", "told 1: 1", $"states: {why}", $"node: {why}"], happened);
    }

    [Fact]
    public void A_snapshot_under_way_is_left_at_once_by_a_node_that_stops_though_nothing_more_is_begun_in_the_background()
    {
        var background = new TestScheduler();
        var chores = new Chores(background);
        var disk = new EndlessDisk();
        var lane = new MachineLane<Arr<string>, string, int>(
            Notes.Machine, disk, requests, Observer.Create<(LogIndex, Arr<string>)>(_ => { }), ImmediateScheduler.Instance, chores);
        var node = lane.Run(work).Subscribe();
        work.OnNext(new MachineWork.TakeSnapshot(LogPosition.Zero, Configuration.Of(1)));
        background.AdvanceBy(1);
        Assert.Equal((true, false), (disk.IsBegun, disk.IsLeft));

        node.Dispose();
        _ = chores.Close();

        Assert.True(disk.IsLeft);
    }

    private static IEnumerable<Entry> Opened =>
        [new Entry(new(new Term(1), new LogIndex(1)), new Payload.Register(new(SessionId.None, 1), MaxSessions: 4))];

    private static Entry Write(ulong place, ulong sequence, string text) => new(
        new(new Term(1), new LogIndex(place)),
        new Payload.Command(new(Session, sequence), FirstUnanswered: 1, Encoding.UTF8.GetBytes(text)));

    private void Run(Notes machine)
    {
        var states = Observer.Create<(LogIndex Index, Arr<string> State)>(
            now => happened.Add($"{now.Index} {string.Join(' ', now.State)}"),
            failure => happened.Add($"states: {failure.Message}"), () => { });
        new MachineLane<Arr<string>, string, int>(
                machine, new InMemoryDisk(), requests, states, ImmediateScheduler.Instance, ImmediateScheduler.Instance)
            .Run(work)
            .Subscribe(input => happened.Add($"node: {((Input.Applied)input).Index}"), failure => happened.Add($"node: {failure.Message}"));
    }

    private void Wait(params ulong[] sequences)
    {
        foreach (var sequence in sequences)
            _ = requests.Add<int>(new(Session, sequence)).Task.ContinueWith(
                told => happened.Add($"told {sequence}: {((Outcome<int>.Applied)told.Result).Result}"),
                TaskContinuationOptions.ExecuteSynchronously);
    }

    /// <summary>A disk that never ends a snapshot.</summary>
    private sealed class EndlessDisk : IDisk
    {
        private readonly InMemoryDisk others = new();

        public bool IsBegun { get; private set; }

        public bool IsLeft { get; private set; }

        public PersistentState Recover() => others.Recover();

        public IObservable<Unit> Write(Effect.Persist change) => others.Write(change);

        public IObservable<Unit> Store(Effect.StoreChunk part) => others.Store(part);

        public IObservable<Snapshot> Save(LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write) =>
            Observable.Create<Snapshot>(_ =>
            {
                IsBegun = true;
                return () => IsLeft = true;
            });

        public IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) =>
            others.Read(snapshot, offset, length);
    }
}
