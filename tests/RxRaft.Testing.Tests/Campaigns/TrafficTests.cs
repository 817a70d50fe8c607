using System.Linq;
using System.Reactive.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What replication costs on the wire, and how few round trips it takes.</summary>
public sealed class TrafficTests
{
    [Fact]
    public void Ten_commands_of_5_000_bytes_take_at_most_1_1_times_the_bytes_that_must_travel() =>
        Wires.EachSeed("reliable", (store, _) =>
        {
            store.Led();
            store.Result(store.Put(store.Leader, "open", "session"));
            var (before, followers) = (store.World.Wire.Counts, store.World.Nodes.Count - 1);

            var asked = Enumerable.Range(0, 10).Select(n => store.Put(store.Leader, "big", new string('x', 5_000 - Name))).ToArray();
            store.Result(Task.WhenAll(asked));
            store.Expect(store.AllAgree, TimeSpan.FromSeconds(1), "agreement");

            var bytes = (store.World.Wire.Counts - before).Bytes;
            Assert.InRange(bytes, 10 * 5_000 * followers, 1.1 * 10 * 5_000 * followers);
        });

    [Fact]
    public void One_after_another_they_do_too() =>
        Wires.EachSeed("reliable", (store, _) =>
        {
            store.Led();
            store.Result(store.Put(store.Leader, "open", "session"));
            var (before, followers) = (store.World.Wire.Counts, store.World.Nodes.Count - 1);

            for (var n = 0; n < 10; n++) store.Result(store.Put(store.Leader, "big", new string('x', 5_000 - Name)));
            store.Expect(store.AllAgree, TimeSpan.FromSeconds(1), "agreement");

            var counts = store.World.Wire.Counts - before;
            Assert.InRange(counts.Bytes, 10 * 5_000 * followers, 1.1 * 10 * 5_000 * followers);
            Assert.InRange(counts.Rpcs, 10 * followers, 10 * 3 * followers);    // entries, the commit index, a heartbeat
        });

    [Fact]
    public void An_idle_second_is_heartbeats_and_nothing_else() => Wires.EachSeed("reliable", (store, _) =>
    {
        store.Led();
        store.Result(store.Put(store.Leader, "a", "1"));
        store.Pass(500);
        var (before, followers) = (store.World.Wire.Counts, store.World.Nodes.Count - 1);
        var others = 0;
        using var watching = store.World.Events.OfType<WorldEvent.Sent>().Subscribe(sent =>
            others += sent.Message is Message.AppendEntries { Entries.IsEmpty: true } or Message.AppendEntriesReply ? 0 : 1);

        store.Pass(1_000);

        Assert.Equal(0, others);
        Assert.InRange((store.World.Wire.Counts - before).Rpcs, 19 * followers, 21 * followers);    // every 50 ms, as clocks have it
    });

    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void Logs_that_differ_in_thousands_of_entries_are_brought_to_agree_in_a_handful_of_round_trips(string wire) =>
        Wires.EachSeed(wire, (store, dice) =>
        {
            store.World.Nodes.Iter(node => store.World.Prepare(
                node, new PersistentState(new Term(100), None, Divergent[(store.World.Nodes.Count, dice.Below(7))])));
            var asked = 0;
            var answered = Map<NodeId, bool>();
            using var watching = store.World.Events.OfType<WorldEvent.Delivered>().Subscribe(heard =>
            {
                if (heard.Message is not Message.AppendEntriesReply reply) return;
                if (reply.Result is AppendResult.Conflict && !answered.ContainsKey(heard.From)) asked++;
                if (reply.Result is AppendResult.Success) answered = answered.AddOrUpdate(heard.From, true);
            });
            store.Led();
            store.Expect(store.AllAgree, TimeSpan.FromSeconds(20), "agreement");

            var followers = store.World.Nodes.Count - 1;
            var most = store.World.Wire.Faults == WireFaults.None ? Terms + 1 : 3 * (Terms + 1);    // what is lost is asked again
            Assert.True(asked <= most * followers, $"{asked} refusals of {followers} followers");
        });

    private const int Name = 16;            // the rest of a command: its kind and its key
    private const int Terms = 4;

    /// <summary>
    /// Seven logs for each size of a cluster: a common beginning, then thousands of entries of terms that no other has.
    /// </summary>
    private static readonly Map<(int Nodes, int Number), Log> Divergent = toMap(
        from nodes in Enumerable.Range(3, 5)
        from number in Enumerable.Range(0, 7)
        select ((nodes, number), Diverge(nodes, number)));

    private static Log Diverge(int nodes, int number)
    {
        var dice = new Dice((ulong)(100 * nodes + number)).Fork();
        var log = Add(Log.Over(Snapshot.Beginning(WorldOptions.Of(nodes, seed: 1).Configuration)), term: 1, count: 100);
        return Enumerable.Range(0, Terms - 1).Aggregate(log, (longer, n) =>
            Add(longer, term: 2 + 7 * n + number, count: 500 + dice.Below(1_000)));
    }

    private static Log Add(Log log, int term, int count) => log.Append(toSeq(Enumerable.Range(1, count)
        .Select(n => new Entry(new(new Term((ulong)term), log.LastIndex + n), Payload.Noop.Instance)).ToArray()));
}
