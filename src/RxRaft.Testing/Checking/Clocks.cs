namespace RxRaft.Testing.Checking;

/// <summary>Time and chance, taken out of a node's state, so that states that differ only in them are one.</summary>
/// <remarks>
/// After each step every node's clock stands at the same moment, every span begins anew, and the generator of chance
/// is the same. Whether a deadline has passed is then the checker's choice, at the input where it matters: by
/// <see cref="Alarm"/> at a tick, by <see cref="Lateness"/> at a message. This allows more than clocks do, and hides
/// nothing but what rests on real time: the lease (§6.4.1), for which <c>Confirmed</c> and the moments of rounds stand,
/// is never held here.
/// </remarks>
internal sealed class Clocks(Settings settings, bool transfers)
{
    /// <summary>Long after the start: nobody has just started.</summary>
    public static readonly Instant Noon = new(TimeSpan.FromDays(1000));

    private readonly Instant patience = Noon + settings.ElectionTimeoutMin;
    private readonly Instant election = Noon + settings.ElectionTimeoutMax;
    private readonly Instant heartbeat = Noon + settings.HeartbeatInterval;
    private readonly Instant late = Noon + settings.HeartbeatInterval + TimeSpan.FromTicks(1);

    /// <summary>When a message arrives.</summary>
    public Instant At(Lateness lateness) => lateness switch
    {
        Lateness.InTime => Noon,
        Lateness.Impatient => patience,
        Lateness.GivenUp => election,
        _ => throw Unreachable.Case(lateness),
    };

    /// <summary>When a node wakes.</summary>
    public Instant At(Alarm alarm) => alarm switch
    {
        Alarm.Election or Alarm.Quorum => election,
        Alarm.Retry or Alarm.Heartbeat => heartbeat,
        Alarm.LateHeartbeat => late,
        _ => throw Unreachable.Case(alarm),
    };

    /// <summary>The state with its clock at noon.</summary>
    public NodeState AtNoon(NodeState state) => state with
    {
        Now = Noon,
        LeaderContact = Noon,
        LeaderTerm = transfers ? state.LeaderTerm : Term.Zero,
        LeaderRound = transfers ? state.LeaderRound : Round.Zero,
        ElectionDeadline = election,
        Randomness = default,
        Role = AtNoon(state.Role, state.ElectionDeadline),
        Relayed = AtNoon(state.Relayed),
    };

    private Role AtNoon(Role role, Instant deadline) => role switch
    {
        Role.Follower => role,
        Role.PreCandidate asking => asking with { Since = Noon },
        Role.Candidate asking => asking with
        {
            Since = Noon,
            RetryDeadline = asking.RetryDeadline < deadline ? heartbeat : election,
        },
        Role.Leader leader => leader with
        {
            Rounds = [],
            QuorumContact = Noon,
            Confirmed = false,
            HeartbeatDeadline = heartbeat,
            Office = leader.Office with
            {
                Change = leader.Office.Change.Map(change => change with { Deadline = late }),
                Transfer = leader.Office.Transfer.Map(transfer => transfer with { Deadline = late }),
            },
        },
        _ => throw Unreachable.Case(role),
    };

    private Relayed AtNoon(Relayed relayed) => ReferenceEquals(relayed, Relayed.Nothing)
        ? relayed
        : relayed with
        {
            Proposals = relayed.Proposals.Keys.Fold(Map<RequestId, Instant>(), (all, each) => all.Add(each, election)),
            Asked = relayed.Asked.Map(asked => (asked.Round, election)),
        };
}
