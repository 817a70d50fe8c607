using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace RxRaft.Hosting;

/// <summary>A proposal is an activity, for whoever listens.</summary>
public sealed class ActivityTests
{
    [Fact]
    public async Task A_proposal_is_an_activity_below_its_callers_with_term_and_outcome()
    {
        var done = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo  = source => source.Name == "RxRaft",
            Sample          = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = done.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));
        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();

        using var caller = new Activity("a request").Start();
        await node.ProposeAsync("a").WaitAsync(Hosts.Generous);
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.ProposeAsync(Notes.Unwritable));

        Assert.Equal(2, done.Count);
        var (applied, failed) = (done.First(), done.Last());
        Assert.Equal(("rxraft.propose", caller.SpanId), (applied.OperationName, applied.ParentSpanId));
        Assert.Equal((1L, 1L, "applied"),
            (applied.GetTagItem("rxraft.node"), applied.GetTagItem("rxraft.term"), applied.GetTagItem("rxraft.outcome")));
        Assert.Equal((ActivityStatusCode.Ok, ActivityStatusCode.Error), (applied.Status, failed.Status));
        Assert.Equal("failed", failed.GetTagItem("rxraft.outcome"));
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task Where_nobody_listens_and_nobody_collects_nothing_comes_between_a_client_and_its_node()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));

        Assert.False(hosts.Get<RaftHost>(hosts.Ids[0]).Running!.Telemetry.MeasuresProposals);
    }
}
