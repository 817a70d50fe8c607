namespace RxRaft.Testing;

/// <summary>
/// What is looked at when all of a schedule has happened: what can only be seen of a run as a whole.
/// </summary>
public abstract class RunJudge
{
    private protected RunJudge() { }

    /// <summary>Nothing: the properties of the paper are looked at all the time.</summary>
    public static RunJudge OfProperties { get; } = new Nothing();

    /// <summary>
    /// Liveness: that the cluster recovers from there, if from then on every node runs, every message arrives and every
    /// write ends. Within its time somebody is elected, and what it is asked then is committed at every voter.
    /// </summary>
    /// <param name="limit">In virtual time.</param>
    public static RunJudge OfLiveness(TimeSpan limit) => new Recovery(limit);

    /// <summary>
    /// Linearizability: that what clients were told of commands, and saw in reads, can be explained by one thing
    /// happening after another.
    /// </summary>
    /// <param name="trial">
    /// Whose state machine, and what it should do. A schedule does not know what a read was about: it is taken to see
    /// everything that <see cref="Trial{TState, TCommand, TResult}.Closing"/> reads.
    /// </param>
    public static RunJudge OfLinearizability<TState, TCommand, TResult>(Trial<TState, TCommand, TResult> trial) =>
        new Clientele<TState, TCommand, TResult>(trial);

    /// <summary>What does not hold of what has been played, and of what would come of it.</summary>
    internal abstract Option<SwarmFailure> Of(Stage stage);

    private sealed class Nothing : RunJudge
    {
        internal override Option<SwarmFailure> Of(Stage stage) => None;
    }
}
