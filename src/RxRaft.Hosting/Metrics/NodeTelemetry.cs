using System.Diagnostics;
using System.Threading.Tasks;

namespace RxRaft.Hosting;

/// <summary>Looks on at a node: reasons go to the log, elections and proposals are counted and traced.</summary>
internal sealed class NodeTelemetry(NodeLog log, RaftMetrics metrics) : INodeWatch
{
    private static readonly ActivitySource Source = new(
        RaftMetrics.Name, typeof(RaftNode).Assembly.GetName().Version?.ToString(3) ?? "");

    private string why = "";                // the node campaigns
    private NodeState? latest;

    /// <inheritdoc/>
    public void Stepped(Transition step)
    {
        latest = step.State;
        for (var i = 0; i < step.Reasons.Count; i++) Count(step.Reasons[i]);
        log.Stepped(step);
    }

    /// <inheritdoc/>
    public bool MeasuresProposals => metrics.MeasuresProposals || Source.HasListeners();

    /// <inheritdoc/>
    public Task<TResult> Measure<TResult>(Func<Task<TResult>> propose) => Measure(propose, _ => Names.Applied);

    /// <inheritdoc/>
    public Task<Outcome<TResult>> MeasureOnce<TResult>(Func<Task<Outcome<TResult>>> propose) =>
        Measure(propose, Names.Of);

    private async Task<T> Measure<T>(Func<Task<T>> propose, Func<T, string> word)
    {
        var activity = Begin();
        var began   = Stopwatch.GetTimestamp();
        var outcome = "";
        try
        {
            var told = await propose().ConfigureAwait(false);
            outcome = word(told);
            return told;
        }
        catch (Exception failure)
        {
            outcome = Names.Of(failure);
            Listeners.Tell(() => activity?.AddException(failure));
            throw;
        }
        finally
        {
            metrics.Proposed(outcome, Stopwatch.GetElapsedTime(began));
            if (activity is not null) Listeners.Tell(() => Conclude(activity, outcome));
        }
    }

    private static Activity? Begin()
    {
        var caller = Activity.Current;
        try
        {
            return Source.StartActivity("rxraft.propose");
        }
        catch (Exception)
        {
            Activity.Current = caller;              // who listens threw: then it sees nothing
            return null;
        }
    }

    private void Conclude(Activity activity, string outcome)
    {
        using var over = activity;
        if (latest is { } now)
        {
            activity.SetTag("rxraft.node", (long)now.Self.Value);
            activity.SetTag("rxraft.term", (long)now.CurrentTerm.Value);
        }

        activity.SetTag("rxraft.outcome", outcome);
        activity.SetStatus(outcome == Names.Applied ? ActivityStatusCode.Ok : ActivityStatusCode.Error, outcome);
    }

    /// <summary>An election's reason is told before it, in the step that begins the campaign.</summary>
    private void Count(Reason reason)
    {
        if (reason is Reason.LeaderSilent silent) why = silent.Leader.IsSome ? "leader_silent" : "no_leader";
        if (reason is Reason.CampaignUndecided) why = "undecided";
        if (reason is Reason.PreElectionStarted) metrics.PreElection(why);
        if (reason is Reason.ElectionStarted) metrics.Election(why);
        if (reason is Reason.TransferAccepted) metrics.Election("transfer");
        if (reason is Reason.ElectionWon) metrics.Won();
    }
}
