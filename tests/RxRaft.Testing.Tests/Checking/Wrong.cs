namespace RxRaft.Tests.Checking;

/// <summary>Variants of the algorithm that are wrong in one rule, beside <see cref="Defects"/>.</summary>
internal static class Wrong
{
    /// <summary>§3.4: whoever asks gets a vote, whoever had it before.</summary>
    public static Transition VotesTwice(NodeState state, Input input) =>
        input is Input.Receive(_, Message.RequestVote vote) && vote.Term == state.CurrentTerm && state.Role is Role.Follower
            ? Raft.Step(state with { VotedFor = None }, input)
            : Raft.Step(state, input);

    /// <summary>§3.4: a refusal counts as a vote.</summary>
    public static Transition CountsRefusals(NodeState state, Input input) =>
        input is Input.Receive(var from, Message.RequestVoteReply reply) receive && reply.Term == state.CurrentTerm
            ? Raft.Step(state, receive with { From = from, Message = reply with { VoteGranted = true } })
            : Raft.Step(state, input);

    /// <summary>§3.6.1: votes for whomever, whatever is in its log.</summary>
    public static Transition VotesForShorterLogs(NodeState state, Input input) => input switch
    {
        Input.Receive(_, Message.RequestVote vote) receive =>
            Raft.Step(state, receive with { Message = vote with { LastLog = Last } }),
        _ => Raft.Step(state, input),
    };

    /// <summary>§3.5: a follower takes what its leader has committed for what it has itself at that place.</summary>
    public static Transition CommitsWhatItHas(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        if (input is not Input.Receive(_, Message.AppendEntries append) || step.State.Role is not Role.Follower) return step;

        var told = LogIndex.Min(append.LeaderCommit, step.State.LastLog.Index);
        return told > step.State.CommitIndex ? Again(state, step.State with { CommitIndex = told }, step) : step;
    }

    /// <summary>Figure 3.2: a leader drops the end of its log to make room for a command.</summary>
    public static Transition LeaderOverwrites(NodeState state, Input input) =>
        input is Input.Propose && state.Role is Role.Leader && state.LastLog.Index > state.CommitIndex
            ? Again(state, state with { Log = state.Log.KeepThrough(state.LastLog.Index.Previous), Now = input.At }, state.Stay())
            : Raft.Step(state, input);

    /// <summary>§3.5: a follower writes down something else than the leader said.</summary>
    public static Transition FollowerMishears(NodeState state, Input input) =>
        input is Input.Receive(_, Message.AppendEntries append) receive
            ? Raft.Step(state, receive with { Message = append with { Entries = append.Entries.Map(Misheard).Strict() } })
            : Raft.Step(state, input);

    /// <summary>§6.4: a leader reads without asking anybody whether it still leads.</summary>
    public static Transition ReadsAtOnce(NodeState state, Input input) =>
        input is Input.Read read && state.Role is Role.Leader
            ? new Transition(state, Seq1<Effect>(new Effect.Read(read.Requests)), [])
            : Raft.Step(state, input);

    /// <summary>§6.4: a follower lets a read wait for the answer to what it has asked its leader before.</summary>
    public static Transition ReadsJoinTheQuestionThatIsOut(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        return input is Input.Read && step.State.Relayed is { Asked.IsSome: true } relayed
            ? step with
            {
                State = step.State with { Relayed = relayed with { Asking = relayed.Asking + relayed.NextReads, NextReads = [] } },
            }
            : step;
    }

    /// <summary>§4.3: a leader goes to the new members in one step.</summary>
    public static Transition SkipsTheJointConfiguration(NodeState state, Input input)
    {
        if (input is not Input.Reconfigure || state.Role is not Role.Leader || state.Configuration is not Configuration.Simple)
            return Raft.Step(state, input);

        var alone = new Configuration.Simple(Set(state.Self), Set<NodeId>());
        var entry = new Entry(new(state.CurrentTerm, state.Log.LastIndex.Next), new Payload.Configure(alone));
        return Again(state, state with { Log = state.Log.Append(Seq1(entry)) }, state.Stay());
    }

    /// <summary>§3.4: nobody asks for votes.</summary>
    public static Transition NobodyAsks(NodeState state, Input input) =>
        Raft.Step(state, input) is var step
            ? step with { Effects = step.Effects.Filter(effect => effect is not Effect.Send { Message: Message.RequestVote }).Strict() }
            : default;

    /// <summary>§3.5: what clients ask of a leader, nobody else hears of.</summary>
    public static Transition LeaderKeepsCommandsToItself(NodeState state, Input input) =>
        Raft.Step(state, input) is var step
            ? step with { Effects = step.Effects.Filter(effect => !CarriesCommands(effect)).Strict() }
            : default;

    /// <summary>§5.1: a snapshot says of its last entry that it is of another term.</summary>
    public static Transition MisnamesSnapshots(NodeState state, Input input) =>
        Raft.Step(state, input) is var step
            ? step with { Effects = step.Effects.Map(Misnamed).Strict() }
            : default;

    /// <summary>§6.4: a read is let see the state machine before it has got what was committed in the same step.</summary>
    public static Transition ReadsBeforeItApplies(NodeState state, Input input) =>
        Raft.Step(state, input) is var step
            ? step with
            {
                Effects = (step.Effects.Filter(effect => effect is Effect.Read)
                    + step.Effects.Filter(effect => effect is not Effect.Read)).Strict(),
            }
            : default;

    /// <summary>§3.5: a follower never gives its state machine what is committed.</summary>
    public static Transition FollowerDoesNotApply(NodeState state, Input input) =>
        Raft.Step(state, input) is var step && step.State.Role is Role.Follower
            ? step with { Effects = step.Effects.Filter(effect => effect is not Effect.Apply).Strict() }
            : step;

    /// <summary>§3.5: every append makes a follower drop whatever it has behind it.</summary>
    public static Transition FollowerDropsWhatIsBehind(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        return input is Input.Receive(_, Message.AppendEntries append) && step.State.Role is Role.Follower
            && append.Term == step.State.CurrentTerm && step.State.LastLog.Index > append.LastIndex
            ? Again(state, step.State with { Log = step.State.Log.KeepThrough(append.LastIndex) }, step)
            : step;
    }

    /// <summary>§10.2.1: takes it for impossible that others have an entry that it led them to, and itself has not.</summary>
    public static Transition NeverForgets(NodeState state, Input input) =>
        input is Input.Receive(var from, Message.AppendEntriesReply { Result: AppendResult.Success(var match) } reply)
            && reply.Term == state.CurrentTerm && match > state.LastLog.Index
            ? throw new InvariantViolationException($"{from} acknowledges what it has lost")
            : Raft.Step(state, input);

    /// <summary>It halts on a second term.</summary>
    public static Transition Halts(NodeState state, Input input) =>
        Raft.Step(state, input) is var step && step.State.CurrentTerm.Value > 1
            ? throw new InvariantViolationException("there is one term")
            : step;

    private static bool CarriesCommands(Effect effect) =>
        effect is Effect.Send { Message: Message.AppendEntries append } && append.Entries.Exists(entry => entry.Payload is Payload.Command);

    private static Effect Misnamed(Effect effect) =>
        effect is Effect.TakeSnapshot take ? take with { Last = take.Last with { Term = take.Last.Term.Next } } : effect;

    private static readonly LogPosition Last = new(new Term(1000), new LogIndex(1000));

    private static Entry Misheard(Entry entry) =>
        entry with { Payload = new Payload.Register(new RequestId(SessionId.None, 1), 1) };

    /// <summary>The step with another end, and the writes that this needs.</summary>
    private static Transition Again(NodeState before, NodeState after, Transition step) => new Transition(
        after,
        toSeq(step.Effects.Where(effect => effect is not (Effect.Persist or Effect.Apply or Effect.RestoreSnapshot)).ToArray()),
        []).InOrder(since: before);
}
