using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>Who looks on, and throws, harms neither the node nor who asked it for something.</summary>
public sealed class HarmTests
{
    [Fact]
    public async Task A_listener_to_metrics_that_throws_neither_halts_the_node_nor_breaks_a_request()
    {
        var thrown = 0;
        await using var hosts = Hosts.Prepare(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));
        var meters = hosts.Only.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Scope == meters) me.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Throw(ref thrown));
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Throw(ref thrown));
        listener.Start();

        await Works(hosts);
        Assert.True(thrown >= 6, $"only {thrown}: two elections, two of each proposal, and the writes of the disk");
    }

    [Fact]
    public async Task A_listener_to_activities_that_throws_does_not_break_a_request()
    {
        var thrown = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo    = source => source.Name == "RxRaft",
            Sample            = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted   = one => { if ($"{one.Parent?.OperationName}" == "begins") Throw(ref thrown); },
            ActivityStopped   = one => { if ($"{one.Parent?.OperationName}" == "ends") Throw(ref thrown); },
            ExceptionRecorder = (Activity _, Exception _, ref TagList _) => Throw(ref thrown),
        };
        ActivitySource.AddActivityListener(listener);
        await using var hosts = Hosts.Prepare(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));
        await hosts[hosts.Ids[0]].StartAsync();
        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();

        using (new Activity("begins").Start()) Assert.Equal(1, await node.ProposeAsync("a").WaitAsync(Hosts.Generous));
        using (new Activity("ends").Start()) Assert.Equal(2, await node.ProposeAsync("b").WaitAsync(Hosts.Generous));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => node.ProposeAsync(Notes.Unwritable));

        Assert.Equal((Notes.Unwritable, 3), (failed.Message, thrown));
    }

    [Fact]
    public async Task A_log_that_throws_ends_no_leader_service_and_keeps_no_host_from_stopping_in_order()
    {
        var (thrown, runs, data) = (new Throwing(), new Runs(), System.IO.Directory.CreateTempSubdirectory("rxraft-hosting-").FullName);
        await using var hosts = Hosts.Prepare(1, (builder, raft) =>
        {
            builder.Services.AddSingleton(runs);
            builder.Services.AddRaft(raft, Notes.Machine).AddLeaderService<Twice>();
            builder.Logging.AddProvider(thrown);
        }, ("LeaderServicePause", "00:00:00.001"), ("DataDirectory", data));

        await Works(hosts);
        await runs.Second.Task.WaitAsync(Hosts.Generous);
        await hosts[hosts.Ids[0]].StopAsync().WaitAsync(Hosts.Generous);

        Assert.True(thrown.Lines > 10);
        using (FileDisk.Open(data, new ClusterId("test"), hosts.Ids[0])) { }        // closed, so that it can be had
        System.IO.Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_node_that_halts_stops_its_host_though_the_log_throws()
    {
        using var restore = System.Reactive.Disposables.Disposable.Create(() => Environment.ExitCode = 0);
        await using var hosts = await Hosts.Start(1, (builder, raft) =>
        {
            builder.Services.AddRaft(raft, Notes.Machine);
            builder.Logging.AddProvider(new Throwing());
        });
        var id = hosts.Ids[0];

        await Assert.ThrowsAnyAsync<Exception>(() =>
            hosts.Get<RaftNode<Arr<string>, string, int>>(id).ProposeAsync(Notes.Unapplicable).WaitAsync(Hosts.Generous));
        await hosts.Get<RaftHost>(id).Watching.WaitAsync(Hosts.Generous);

        Assert.True(hosts.Get<IHostApplicationLifetime>(id).ApplicationStopping.IsCancellationRequested);
        Assert.Equal(RaftHost.HaltedExitCode, Environment.ExitCode);
    }

    private static async Task Works(Hosts hosts)
    {
        await hosts[hosts.Ids[0]].StartAsync();
        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();
        Assert.Equal(1, await node.ProposeAsync("a").WaitAsync(Hosts.Generous));
        Assert.IsType<Outcome<int>.Applied>(await node.TryProposeAsync("b").WaitAsync(Hosts.Generous));
        Assert.False(node.Completion.IsCompleted);
    }

    private static void Throw(ref int thrown)
    {
        Interlocked.Increment(ref thrown);
        throw new InvalidOperationException("who looks on is broken");
    }

    private sealed class Runs
    {
        public int Begun { get; set; }

        public TaskCompletionSource Second { get; } = new();
    }

    private sealed class Twice(Runs runs) : ILeaderService
    {
        public Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader)
        {
            if (++runs.Begun == 1) throw new InvalidOperationException("once");
            runs.Second.TrySetResult();
            return Task.CompletedTask;
        }
    }

    /// <summary>Of what the node, its wire and its hosting say.</summary>
    private sealed class Throwing : ILoggerProvider, ILogger
    {
        private bool ours;
        private int lines;
        private Throwing? counted;

        public int Lines => lines;

        public ILogger CreateLogger(string categoryName) =>
            new Throwing { ours = categoryName.StartsWith("RxRaft", StringComparison.Ordinal), counted = this };

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => ours;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!ours) return;                              // the host's own: that does not start then

            Interlocked.Increment(ref counted!.lines);
            throw new InvalidOperationException("the disk of the log is full");
        }

        public void Dispose() { }
    }
}
