using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§6: what becomes of what clients propose, at the node that leads.</summary>
public class ClientsTests
{
    [Fact]
    public void Proposals_that_come_together_are_one_append_and_one_write()
    {
        var leader = Asking.Settled().Follows(S3);

        var after = leader.Propose(Samples.Proposal(1), Samples.Proposal(2), Samples.Proposal(3));

        Assert.Equal([S2, S3], after.Asked<AppendEntries>());
        Assert.Equal(3, after.To<AppendEntries>(S2).Entries.Count);
        Assert.Equal([At(4, 2), At(4, 3), At(4, 4)], after.Persist()!.Entries.Map(entry => entry.Position).ToArray());
        Assert.Empty(after.Answers());
    }

    [Fact]
    public void What_is_committed_is_answered_by_the_state_machine_alone()
    {
        var leader = Asking.Settled().Propose(Samples.Proposal(1)).State.Persisted().State;

        var after = leader.Receive(S2, Speak.Matches(leader));
        var deposed = after.State.Receive(S3, Speak.Heartbeat(5));

        Assert.Equal(Samples.Proposal(1).Payload, after.Effects.OfType<Effect.Apply>().Single().Entries[0].Payload);
        Assert.Empty(after.Answers().Concat(deposed.Answers()));
    }

    [Fact]
    public void When_a_leader_steps_down_the_outcome_of_what_is_not_committed_is_unknown()
    {
        var leader = Asking.Settled().Propose(Samples.Proposal(1), Samples.Proposal(2)).State;
        leader = leader.Receive(S2, Speak.Matches(leader, through: 2)).State.Persisted().State;     // the first is committed

        Assert.Equal(Place(2), leader.CommitIndex);
        foreach (var after in new[] { leader.Receive(S3, Speak.Heartbeat(5)), leader.TickAt(leader.StepsDownAt()) })
        {
            Assert.IsType<Role.Follower>(after.State.Role);
            Assert.Equal((Samples.Request(2), new Outcome.Unknown()), Assert.Single(after.Answers()));
        }
    }

    [Fact]
    public void It_is_told_once()
    {
        var deposed = Asking.Settled().Propose(Samples.Proposal(1)).State.Receive(S3, Speak.Heartbeat(5)).State;

        var overwritten = deposed.Receive(S3, Speak.Append(5, At(4, 1), [5]));

        Assert.Empty(overwritten.Answers());
    }

    [Fact]
    public void What_other_leaders_were_asked_is_not_told_here()
    {
        var other = new Entry(At(3, 1), Samples.Proposal(1).Payload);
        var leader = Given.Leader(term: 4, log: Log.Empty.Append(Seq1(other)));

        Assert.Empty(leader.Receive(S3, Speak.Heartbeat(5)).Answers());
    }

    [Fact]
    public void What_the_next_leader_commits_with_its_first_word_is_answered_by_the_state_machine()
    {
        var leader = Asking.Settled().Propose(Samples.Proposal(1), Samples.Proposal(2)).State.Persisted().State;

        var after = leader.Receive(S3, Speak.Append(5, At(4, 2), [5], commit: 2));      // it has the first, and not the second

        Assert.Equal(1, after.Effects.OfType<Effect.Apply>().Single().Entries.Count);
        Assert.Equal((Samples.Request(2), new Outcome.Unknown()), Assert.Single(after.Answers()));
    }

    [Fact]
    public void What_the_next_leader_overwrites_has_an_unknown_outcome_even_if_it_commits_something_else_there()
    {
        var leader = Asking.Settled().Propose(Samples.Proposal(1)).State.Persisted().State;

        var after = leader.Receive(S3, Speak.Append(5, At(4, 1), [5], commit: 2));

        Assert.Equal(Place(2), after.State.CommitIndex);
        Assert.Equal((Samples.Request(1), new Outcome.Unknown()), Assert.Single(after.Answers()));
    }

    /// <summary>The state machine never sees it as an entry; but what it has seen, it has answered.</summary>
    [Fact]
    public void What_the_next_leader_brings_in_a_snapshot_has_an_unknown_outcome()
    {
        var leader = Asking.Settled().Propose(Samples.Proposal(1), Samples.Proposal(2), Samples.Proposal(3)).State;
        leader = leader.Persisted().State.Receive(S2, Speak.Matches(leader, through: 2)).State;
        var snapshot = new Snapshot(At(5, 9), ClusterOf(3), Size: 1);

        var after = leader.Receive(S3, new InstallSnapshot(T(5), R(1), snapshot, Offset: 0, new byte[1]));

        Assert.Contains(after.Effects, effect => effect is Effect.RestoreSnapshot);
        Assert.DoesNotContain(after.Effects, effect => effect is Effect.Apply);
        Assert.Equal(
            [(Samples.Request(2), new Outcome.Unknown()), (Samples.Request(3), new Outcome.Unknown())], after.Answers());
    }

    [Fact]
    public void Sessions_are_opened_through_the_log_like_commands()
    {
        var register = new Proposal(new Payload.Register(Samples.Request(1), MaxSessions: 4));

        var after = Asking.Settled().Propose(register);

        Assert.Equal(register.Payload, after.State.Log[Place(2)].Payload);
        Assert.IsType<Outcome.Unknown>(after.State.Receive(S3, Speak.Heartbeat(5)).Answer<Outcome.Unknown>());
    }

    [Fact]
    public void Clients_propose_commands_and_sessions_and_nothing_else() =>
        Assert.Throws<InvariantViolationException>(() => new Proposal(Payload.Noop.Instance).Request);

    [Fact]
    public void Without_a_leader_nobody_takes_proposals() =>
        Assert.All([Given.Follower(), Given.PreCandidate(), Given.Candidate()], state =>
        {
            var after = state.Propose(Asking.InSession(1), Samples.Proposal(2));

            Assert.Equal([Asking.InSession(1).Request, Samples.Request(2)], after.Answers().Select(answer => answer.Request));
            Assert.All(after.Answers(), answer => Assert.Equal(new Outcome.NotLeader(None), answer.Outcome));
            Assert.Empty(after.Sends());
        });

    [Fact]
    public void Two_commands_are_the_same_if_request_first_unanswered_number_and_bytes_are()
    {
        Payload.Command Of(ulong number = 1, ulong first = 1, params byte[] bytes) =>
            new(new(Asking.Session, number), first, bytes);

        Assert.Equal(Of(bytes: [7]), Of(bytes: [7]));
        Assert.NotEqual(Of(bytes: [7]), Of(number: 2, bytes: [7]));
        Assert.NotEqual(Of(bytes: [7]), Of(first: 0, bytes: [7]));
        Assert.NotEqual(Of(bytes: [7]), Of(bytes: [8]));
        Assert.False(Of(bytes: [7]).Equals(null));
    }
}
