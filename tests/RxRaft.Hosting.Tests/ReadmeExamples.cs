using System.Collections.Immutable;
using System.Linq;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RxRaft.Hosting;

/// <summary>The examples of this library's page, compiled and run, and held against the page.</summary>
public sealed class ReadmeExamples
{
    [Fact]
    public async Task Three_lines()
    {
        var (here, store) = (FreePorts.One(), new Store());
        var builder = Host.CreateEmptyApplicationBuilder(new()
        {
            Args = ["--Raft:Cluster=bank", "--Raft:Id=1", $"--Raft:Listen={here}", $"--Raft:Peers:1={here}"],
        });

        // README: three lines
        builder.Services.AddRaft(builder.Configuration.GetSection("Raft"))      // elects a leader; IObservable<Leadership>
            .AddLeaderService<Cleaner>();                                       // runs on the leader only
        builder.Services.AddHealthChecks().AddRaft();
        // README: end

        builder.Services.AddSingleton(store);
        using var host = builder.Build();
        await host.StartAsync();
        Assert.Equal(1ul, await store.Cleaned.Task.WaitAsync(Hosts.Generous));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_replicated_state_machine()
    {
        var (here, said) = (FreePorts.One(), new System.IO.StringWriter());
        var builder = Host.CreateEmptyApplicationBuilder(new()
        {
            Args = ["--Raft:Cluster=bank", "--Raft:Id=1", $"--Raft:Listen={here}", $"--Raft:Peers:1={here}"],
        });
        builder.Services.AddRaft(builder.Configuration.GetSection("Raft"), new Bank());
        builder.Services.AddHostedService<Teller>();
        using var host = builder.Build();
        using var restore = System.Reactive.Disposables.Disposable.Create(Console.Out, Console.SetOut);
        Console.SetOut(said);

        await host.StartAsync();
        await host.Services.GetServices<IHostedService>().OfType<Teller>().Single().ExecuteTask!.WaitAsync(Hosts.Generous);
        await host.StopAsync();

        Assert.Equal("Ada had 100, and has 100", said.ToString().Trim());
    }

    // README: state machine
    public sealed record Deposit(string Account, long Amount);

    public sealed class Bank : JsonMachine<ImmutableDictionary<string, long>, Deposit, long>
    {
        public override ImmutableDictionary<string, long> Initial => ImmutableDictionary<string, long>.Empty;

        public override (ImmutableDictionary<string, long> State, long Result) Apply(
            ImmutableDictionary<string, long> accounts, Deposit deposit)
        {
            var balance = accounts.GetValueOrDefault(deposit.Account) + deposit.Amount;
            return (accounts.SetItem(deposit.Account, balance), balance);
        }
    }
    // README: end

    // README: who asks it
    public sealed class Teller(IObservable<RaftNode<ImmutableDictionary<string, long>, Deposit, long>> started)
        : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var node    = await started.FirstAsync().ToTask(stoppingToken);      // of System.Reactive.Linq and .Threading.Tasks
            var balance = await node.ProposeAsync(new Deposit("ada", 100), stoppingToken);            // exactly once
            var seen    = await node.ReadAsync(accounts => accounts["ada"], stoppingToken);           // linearizable
            Console.WriteLine($"Ada had {balance}, and has {seen}");
        }
    }
    // README: end

    // README: work for the leader
    public sealed class Cleaner(Store store) : ILeaderService
    {
        public async Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader)
        {
            while (!whileLeader.IsCancellationRequested)
                await store.CleanAsync(fencingToken: leadership.Term.Value, whileLeader);
        }
    }
    // README: end

    [Fact]
    public void Every_C_sharp_example_of_the_page_is_compiled_and_run()
    {
        var shown = Blocks(Readme.Page, @"```csharp\n(.*?)```");

        Assert.Equal(4, shown.Length);
        Assert.Equal(Blocks(Readme.Here("ReadmeExamples.cs"), @"// README: (?!end)[^\n]*\n(.*?)// README: end"), shown);
    }

    private static string[] Blocks(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.Singleline).Select(block => Plain(block.Groups[1].Value))];

    private static string Plain(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    public sealed class Store
    {
        public TaskCompletionSource<ulong> Cleaned { get; } = new();

        public async Task CleanAsync(ulong fencingToken, CancellationToken lost)
        {
            Cleaned.TrySetResult(fencingToken);
            var cancelled = new TaskCompletionSource();
            await using var _ = lost.Register(cancelled.SetResult);
            await cancelled.Task;
        }
    }
}
