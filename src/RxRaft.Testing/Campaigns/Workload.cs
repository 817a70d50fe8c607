using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Testing;

/// <summary>
/// Clients of a replicated state machine, each asking one thing after another of any node, and what they saw.
/// </summary>
/// <param name="store">Whom they ask.</param>
/// <param name="trial">What they ask.</param>
/// <param name="dice">Which of it, of whom, and when.</param>
public sealed class Workload<TState, TCommand, TResult>(
    MachineWorld<TState, TCommand, TResult> store, Trial<TState, TCommand, TResult> trial, Dice dice)
{
    private readonly List<Task> running = [];
    private int clients;
    private int written;
    private bool over;

    /// <summary>How long a client waits before it gives up. By default 1 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the clients saw.</summary>
    public History<TCommand, TResult> History { get; private set; } = History<TCommand, TResult>.Empty;

    /// <summary>How many answers there were.</summary>
    public int Answers { get; private set; }

    /// <summary>So many clients more begin now, and go on until they are told to stop.</summary>
    public Workload<TState, TCommand, TResult> Begin(int count)
    {
        for (var i = 0; i < count; i++) running.Add(Run(++clients));
        return this;
    }

    /// <summary>No more is asked; what was asked is waited for, no longer than a client does.</summary>
    /// <exception cref="Exception">A client was thrown what none should have to expect.</exception>
    public void Stop()
    {
        over = true;
        store.World.RunFor(Patience + TimeSpan.FromMilliseconds(1));
        foreach (var client in running.Where(client => client.IsFaulted)) client.GetAwaiter().GetResult();
    }

    /// <summary>Asks for something more, of the leader, and waits.</summary>
    /// <exception cref="LivenessException">There is no answer in time.</exception>
    public void Close()
    {
        clients++;
        foreach (var command in trial.Closing)
        {
            var (before, asked) = (Answers, Task.CompletedTask);
            store.Expect(
                world =>
                {
                    if (asked.IsCompleted && Answers == before && world.Leader.Case is NodeId leader)
                        asked = Ask(clients, leader, command);
                    return Answers > before;
                },
                TimeSpan.FromSeconds(5), $"answer to {command}");
        }
    }

    /// <summary>Whether what they saw can be explained by one thing happening after another.</summary>
    public Verdict<TCommand, TResult> Judge() => Linearizability.Check(History, trial.Model);

    private async Task Run(int client)
    {
        while (!over)
        {
            var before = Answers;
            if (!store.World.Running.IsEmpty) await Ask(client, store.Any(dice), Command()).Inline();

            // Who has no answer turns to the leader: where nothing is forwarded, nobody else has one.
            if (Answers == before && !over && store.World.Leader.Case is NodeId leader)
                await Ask(client, leader, Command()).Inline();
            await store.Idle(dice.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(40))).Inline();
        }
    }

    private async Task Ask(int client, NodeId whom, TCommand command)
    {
        var node = store[whom];
        using var patience = new CancellationTokenSource();
        using var alarm = store.World.After(Patience, patience.Cancel);
        History = History.Invoked(client, command, store.World.Now);
        try
        {
            var result = trial.Reading(command).Case is Func<TState, TResult> read && dice.Chance(0.8)
                ? await node.ReadAsync(read, patience.Token).Inline()
                : await node.ProposeAsync(command, patience.Token).Inline();
            History = History.Returned(client, result, store.World.Now);
            Answers++;
        }
        catch (RequestFailedException failure) when (failure.Outcome is Outcome.Rejected)
        {
            History = History.Refused(client, store.World.Now);
        }
        catch (Exception failure) when (
            failure is OperationCanceledException or ObjectDisposedException or RequestFailedException)
        {
            History = History.Lost(client, store.World.Now);
        }
    }

    private TCommand Command()
    {
        var some = store.Latest.Values.Select(latest => Some(latest.State)).FirstOrDefault();
        return trial.Draw(dice, ++written, some.IfNone(trial.Machine.Initial));
    }
}
