using System.Reactive.Concurrency;

namespace RxRaft.Tests.Campaigns;

/// <summary>What clients of a swarm have seen.</summary>
public sealed class WorkloadTests
{
    [Fact]
    public void A_command_that_its_client_was_told_had_not_happened_and_that_did_happen_is_noticed()
    {
        using var store = new MachineWorld<Map<string, string>, KeyValueCommand, Option<string>>(
            WorldOptions.Of(3, 1) with { Step = RefusesWhatItDoes }, KeyValueMachine.Instance, new HistoricalScheduler());
        store.World.Start();
        var workload = new Workload<Map<string, string>, KeyValueCommand, Option<string>>(store, Trials.KeyValue, new Dice(1)).Begin(2);
        store.World.RunFor(TimeSpan.FromSeconds(3));
        workload.Stop();

        Assert.IsType<Verdict<KeyValueCommand, Option<string>>.NotLinearizable>(workload.Judge());
    }

    /// <summary>A leader says of every fifth command that nothing has happened, and appends it.</summary>
    private static Transition RefusesWhatItDoes(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        return input is Input.Propose(var proposals) && state.Role is Role.Leader && state.Log.LastIndex.Value % 5 == 0
               && proposals[0].Payload is Payload.Command command
            ? step with { Effects = step.Effects.Add(new Effect.Answer(command.Request, new Outcome.Rejected("no"))) }
            : step;
    }
}
