using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RxRaft.Hosting;

namespace RxRaft.Samples.KeyValue;

/// <summary>One node of the store as a .NET service: everything that runs in its process.</summary>
/// <remarks>
/// Hosted services start in their order and stop in the other one: clients are heard when there is a node, and have
/// their answers before it hands leadership over and stops.
/// </remarks>
internal static class NodeHost
{
    /// <param name="options">Of the node.</param>
    /// <param name="asked">When it is to end.</param>
    public static IHost Build(StoreOptions options, Task asked)
    {
        var builder  = Host.CreateEmptyApplicationBuilder(new());       // all that there is to configure is an argument
        var services = builder.Services;

        services.AddRaft(raft => Configure(raft, options), new StoreMachine())
            .AddLeaderService<Ticker>();
        services.AddHealthChecks().AddRaft();

        services.AddSingleton(options);
        services.AddSingleton<StoreNode>();
        services.AddSingleton<RespServer>();
        services.AddHostedService(from => from.GetRequiredService<RespServer>());
        services.AddHostedService<Rehearsal>();
        services.AddSingleton<IHostLifetime>(from =>
            new UntilAsked(asked, from.GetRequiredService<IHostApplicationLifetime>()));

        options.Log.Iter(level => Log(builder.Logging, level));
        return builder.Build();
    }

    private static void Configure(RaftOptions raft, StoreOptions options)
    {
        raft.Cluster        = options.Name.Name;
        raft.Id             = options.Self.Value;
        raft.Listen         = $"{options.Listen}";
        raft.Join           = options.Join;
        raft.DataDirectory  = options.Data;
        raft.AllowPlaintext = options.AllowPlaintext;
        raft.Tls            = options.Tls.Case is TlsFiles files
            ? new() { Certificate = files.Certificate, Key = files.Key, Authority = files.Authority }
            : null;
        foreach (var (node, address) in options.Cluster) raft.Peers.Add($"{node.Value}", Address.Text(address));

        raft.ElectionTimeoutMin  = options.Settings.ElectionTimeoutMin;
        raft.ElectionTimeoutMax  = options.Settings.ElectionTimeoutMax;
        raft.HeartbeatInterval   = options.Settings.HeartbeatInterval;
        raft.LeaseReads          = options.Settings.LeaseReads;
        raft.Limits              = options.Settings.Limits;
        raft.Snapshots           = options.Settings.Snapshots;
        raft.HandOverWhenStopped = !options.WithParent;                 // else all end at once
        raft.HandOverTimeout     = 2 * options.Settings.ElectionTimeoutMax;
    }

    /// <summary>On standard error: standard output has what the program says.</summary>
    private static void Log(ILoggingBuilder logging, LogLevel level) => logging
        .SetMinimumLevel(level)
        .AddSimpleConsole(line => (line.SingleLine, line.TimestampFormat) = (true, "HH:mm:ss.fff "))
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace);

    /// <summary>The host runs until then.</summary>
    private sealed class UntilAsked(Task asked, IHostApplicationLifetime host) : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken)
        {
            asked.ContinueWith(
                _ => host.StopApplication(), cancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
