namespace RxRaft;

/// <summary>How what happens to a node comes in: from any thread, and one thing at a time.</summary>
/// <remarks>What is done inside is done by nobody else meanwhile, so a node needs no locks.</remarks>
internal interface IIntake
{
    /// <summary>
    /// Whenever nothing more waits to come in: the time to write, and to send, what could wait for more of its kind.
    /// </summary>
    IObservable<Unit> Settled { get; }

    /// <summary>Everything that comes, one at a time, once it is open, and stamped at the door.</summary>
    /// <param name="arrivals">From where.</param>
    /// <param name="now">
    /// The node's clock. An input may be given a time of before its turn, but not of before it came.
    /// </param>
    IObservable<Input> Take(Arrivals arrivals, Func<Instant> now);

    /// <summary>Does something inside: now, if nobody is there, or in its turn.</summary>
    void Enter(Action action);

    /// <summary>From here on things come in, and settle: first what the node has to do as it starts.</summary>
    /// <returns>Nothing comes in any more once it is disposed of.</returns>
    IDisposable Open();
}

/// <summary>From where things come to a node.</summary>
/// <param name="Shell">From its own shell: disk, timer, state machine.</param>
/// <param name="Wire">From the other nodes; what comes together.</param>
/// <param name="Clients">From those who ask this node for something else than to propose.</param>
/// <param name="Proposals">From those who propose: thousands, so one by one, and together when they come in.</param>
internal sealed record Arrivals(
    Seq<IObservable<Input>> Shell, IObservable<Seq<Input.Receive>> Wire, IObservable<Input> Clients,
    IObservable<Proposal> Proposals);
