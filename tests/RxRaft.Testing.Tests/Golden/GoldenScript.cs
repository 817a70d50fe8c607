using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>What the commands of a file do to a world in virtual time. Golden/README.md explains them.</summary>
/// <remarks>Links take 5 ms and disks 1 ms, unless the file says otherwise; all clocks agree, so that times can be read.</remarks>
/// <param name="step">The algorithm.</param>
internal sealed class GoldenScript(Func<NodeState, Input, Transition> step) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<string> told = [];
    private readonly GoldenStall stall = new(step);
    private World? built;
    private GoldenShow show = GoldenShow.Nothing;

    /// <summary>Carries commands out, and says what came of them.</summary>
    /// <exception cref="GoldenException">One cannot be carried out.</exception>
    public Seq<string> Run(Seq<GoldenCommand> commands)
    {
        told.Clear();
        foreach (var command in commands)
        {
            var action = Understood(command);
            command.RequireNothingMore();
            try
            {
                action();
            }
            catch (PropertyViolationException violation)
            {
                told.Add($"VIOLATED: {violation.Property}");
            }
            catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or KeyNotFoundException)
            {
                throw command.Wrong(fault.Message);
            }
        }

        return toSeq(told.ToArray());
    }

    public void Dispose() => built?.Dispose();

    /// <summary>What a command does, once it is all understood.</summary>
    private Action Understood(GoldenCommand command) => command.Name switch
    {
        "cluster" => Cluster(GoldenCluster.Options(command)),
        "show" => Show(GoldenShow.Parse(command, command.Rest())),
        "disk" => Disk(command.Node(), GoldenCluster.Disk(command)),
        "start" => Each(command, node => World(command).Restart(node)),
        "crash" => Each(command, node => World(command).Crash(node)),
        "wipe" => Each(command, node => World(command).Wipe(node)),
        "cut" => Each(command, node => World(command).Wire.CutOff(node)),
        "rejoin" => Each(command, node => World(command).Wire.Rejoin(node)),
        "stall" => Each(command, stall.Stall),
        "resume" => Each(command, stall.Resume),
        "heal" => World(command).Wire.HealAll,
        "talk" => Talk(World(command), command.Node(), command.Nodes()),
        "run" => Run(command),
        "put" => Put(World(command), command.Node(), command.Word("a key"), command.Word("a value")),
        "get" => Get(World(command), command.Node(), command.Word("a key")),
        "members" => Members(World(command), command.Node(), command.Nodes()),
        "transfer" => Transfer(World(command), command.Node(), command.Node()),
        "logs" => Logs(World(command)),
        "roles" => Roles(World(command)),
        _ => throw command.Wrong($"unknown command '{command.Name}'"),
    };

    private World World(GoldenCommand command) => built ?? throw command.Wrong("no cluster yet: the first command makes one");

    private Action Cluster(WorldOptions options) => () =>
    {
        if (built is not null) throw new InvalidOperationException("there is a cluster already");
        built = new World(options.With(KeyValueMachine.Instance) with { Step = stall.Step }, new TestScheduler());
        built.Events.Subscribe(happened => told.AddRange(show.LinesOf(happened)));
    };

    private Action Show(GoldenShow what) => () => show = what;

    private Action Disk(NodeId node, PersistentState holds) => () =>
        (built ?? throw new InvalidOperationException("no cluster yet")).Prepare(node, holds);

    /// <summary>All nodes that are named; without names, everybody.</summary>
    private Action Each(GoldenCommand command, Action<NodeId> action)
    {
        var nodes = command.HasMore ? command.Nodes() : World(command).Nodes;
        return () => nodes.Iter(action);
    }

    /// <summary>One talks with some, and nobody else does.</summary>
    private static Action Talk(World world, NodeId one, Seq<NodeId> others) => () =>
    {
        foreach (var from in world.Nodes)
            foreach (var to in world.Nodes)
                if ((from == one && others.Contains(to)) || (to == one && others.Contains(from))) world.Wire.Heal(from, to);
                else world.Wire.Cut(from, to);
    };

    private Action Run(GoldenCommand command)
    {
        var world = World(command);
        var first = command.Word("a span of time, or until");
        if (first != "until") return () => world.RunFor(command.Span(first));

        var condition = GoldenCondition.Parse(command, world);
        return () =>
        {
            if (!world.RunUntil(_ => condition(), Patience))
                throw new InvalidOperationException($"'{command.Text}' waits in vain for {Patience.TotalSeconds} s");
        };
    }

    private Action Put(World world, NodeId node, string key, string value) => () =>
        Tell(node, $"put {key} {value}", Store(world, node).ProposeAsync(new KeyValueCommand.Put(key, value)), _ => "done");

    private Action Get(World world, NodeId node, string key) => () =>
        Tell(node, $"get {key}", Store(world, node).ReadAsync(state => state.Find(key)), value => value.IfNone("nothing"));

    private Action Members(World world, NodeId node, Seq<NodeId> voters) => () =>
        Tell(
            node, $"members {string.Join(' ', voters)}",
            world[node].ReconfigureAsync(new MembershipChange.To(toSet(voters), Set<NodeId>())), Words);

    private Action Transfer(World world, NodeId from, NodeId to) => () =>
        Tell(from, $"transfer {to}", world[from].TransferLeadershipAsync(to), Words);

    private static string Words(Outcome outcome) => outcome switch
    {
        Outcome.Done => "done",
        Outcome.Unknown => "nobody knows",
        _ => $"{outcome}",
    };

    private static RaftNode<Map<string, string>, KeyValueCommand, Option<string>> Store(World world, NodeId node) =>
        world.Node<Map<string, string>, KeyValueCommand, Option<string>>(node);

    /// <summary>A client hears of it when it does.</summary>
    private void Tell<T>(NodeId node, string what, Task<T> asked, Func<T, string> words)
    {
        _ = Heard();

        async Task Heard()
        {
            var answer = await Answer().Inline();
            told.Add($"{Transcript.Time(built!.Now),14}  {node}  client: {what}: {answer}");
        }

        async Task<string> Answer()
        {
            try
            {
                return words(await asked.Inline());
            }
            catch (Exception fault) when (fault is RequestFailedException or ObjectDisposedException)
            {
                return fault.Message;
            }
        }
    }

    /// <summary>What is on disks, as the dissertation draws logs: the terms of the entries.</summary>
    private Action Logs(World world) => () => told.AddRange(world.Nodes.Map(node => GoldenCluster.Log(node, world.Durable(node).Log)));

    private Action Roles(World world) => () => told.AddRange(world.Nodes.Map(node => GoldenCluster.Role(world, node)));
}
