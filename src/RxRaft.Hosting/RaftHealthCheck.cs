using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace RxRaft.Hosting;

/// <summary>Whether the node runs, knows a leader, keeps up, and has a disk that answers.</summary>
internal sealed class RaftHealthCheck(RaftHost raft, IOptions<RaftOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        if (raft.Running is not { } running) return new(failure, "The node has not started");

        var (node, ended) = (running.Node, running.Node.Completion);
        var data = Data(node.State, running.Disk.Waiting);
        if (ended.Exception?.InnerException is { } halt)
            return new(failure, $"{node.Self} has halted: {halt.Message}", halt, data);
        if (ended.IsCompleted) return new(failure, $"{node.Self} has stopped", data: data);
        if (raft.IsStopping) return new(failure, $"{node.Self} is being stopped", data: data);

        return Problem(node.State, running.Disk.Waiting, options.Value.Health).Match(
            problem => HealthCheckResult.Degraded(problem, data: data),
            () => HealthCheckResult.Healthy($"{new Leadership(node.State.LeaderId, node.State.CurrentTerm)}", data));
    }

    /// <summary>Why a node that runs is not sound, if so.</summary>
    internal static Option<string> Problem(NodeState state, TimeSpan writing, RaftHealthOptions bounds)
    {
        var lag = NodeGauges.Lag(state);
        return state.LeaderId.IsNone ? $"{state.Self} knows no leader in {state.CurrentTerm}"
            : lag > bounds.MaxLag
                ? Say.Invariant(
                    $"{state.Self} has {lag} entries in its log that are not applied, above {bounds.MaxLag}")
            : writing > bounds.MaxWriteTime
                ? $"The disk of {state.Self} has been writing for {writing}, longer than {bounds.MaxWriteTime}"
            : None;
    }

    /// <summary>For who wants to know more.</summary>
    internal static Dictionary<string, object> Data(NodeState state, TimeSpan writing)
    {
        var data = new Dictionary<string, object>
        {
            ["node"]           = state.Self.Value,
            ["role"]           = Say.Name(state.Role),
            ["term"]           = state.CurrentTerm.Value,
            ["commitIndex"]    = state.CommitIndex.Value,
            ["appliedIndex"]   = state.LastApplied.Value,
            ["lag"]            = NodeGauges.Lag(state),
            ["writingSeconds"] = writing.TotalSeconds,
        };
        state.LeaderId.IfSome(leader => data["leader"] = leader.Value);
        return data;
    }
}
