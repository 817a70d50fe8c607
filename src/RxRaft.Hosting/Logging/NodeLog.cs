using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>What a node does, and what happens to its connections, in the log.</summary>
/// <param name="self">Whose.</param>
/// <param name="node">Where its reasons go.</param>
/// <param name="wire">Where the events of its wire go.</param>
internal sealed class NodeLog(NodeId self, ILogger node, ILogger wire)
{
    /// <summary>Every reason of a step, in its order.</summary>
    public void Stepped(Transition step)
    {
        for (var i = 0; i < step.Reasons.Count; i++)
        {
            var reason = step.Reasons[i];
            var level  = ReasonLevels.Of(reason);
            if (node.IsEnabled(level)) node.Because(level, self, step.State.CurrentTerm, reason.GetType().Name, reason);
        }
    }

    /// <summary>An event of the wire.</summary>
    public void Heard(WireEvent happened)
    {
        var level = ReasonLevels.Of(happened);
        if (wire.IsEnabled(level)) wire.Happened(level, self, happened.GetType().Name, new(happened));
    }
}
