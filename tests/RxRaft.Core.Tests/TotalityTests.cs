using System.Collections.Generic;
using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>Whatever happens to a node, in whatever role, there is a rule for it.</summary>
public class TotalityTests
{
    [Fact]
    public void There_is_a_sample_of_every_case()
    {
        Assert.Equal(Names(Samples.CasesOf<Message>()), Names(Samples.Messages(term: 1)));
        Assert.Equal(Names(Samples.CasesOf<Input>()), Names(Samples.Inputs(Given.Follower())));
        Assert.Equal(Names(Samples.CasesOf<Role>()), Names(Nodes().Select(node => node.Role)));
        Assert.Equal(Names(Samples.CasesOf<AppendResult>()), Names(Samples.AppendResults));
        Assert.Equal(Names(Samples.CasesOf<Payload>()), Names(Samples.Payloads));
        Assert.Equal(Names(Samples.CasesOf<Outcome>()), Names(Samples.Outcomes));
        Assert.Equal(Names(Samples.CasesOf<MembershipChange>()), Names(Samples.Changes));
    }

    [Fact]
    public void Every_input_has_a_rule_in_every_role() =>
        Assert.All(Nodes(), node => Assert.All(Samples.Inputs(node), input =>
            Assert.NotNull(Raft.Step(node, input).State)));

    [Fact]
    public void Every_message_of_every_term_from_anyone_has_a_rule_in_every_role()
    {
        var happened = 0;

        foreach (var node in Nodes())
            foreach (var message in AroundTheTermOf(node).Where(message => !TwoLeaders(node, message)))
                foreach (var from in new[] { S2, S3, S9 })
                {
                    var input = new Input.Receive(from, message) { At = node.Now + Ms(1) };

                    Assert.True(Raft.Step(node, input).Sends().Count(IsReply) <= 1, $"{input}");
                    happened++;
                }

        Assert.True(happened > 200, $"{happened}");
    }

    [Fact]
    public void Every_request_gets_exactly_one_reply_unless_it_is_disregarded()
    {
        foreach (var node in Nodes())
            foreach (var request in AroundTheTermOf(node).Where(IsRequest).Where(asked => !TwoLeaders(node, asked)))
            {
                var newer = request.Term > node.CurrentTerm;
                var disregarded = newer && request is RequestVote && node.Role is Role.Leader;

                var step = node.Receive(S2, request);

                Assert.Equal(disregarded ? 0 : 1, step.Sends().Count(send => send.To == S2));
            }
    }

    [Fact]
    public void A_message_of_the_last_term_there_is_breaks_an_invariant_and_nothing_else()
    {
        foreach (var node in Nodes())
            foreach (var message in Samples.Messages(term: ulong.MaxValue))
                Assert.Equal("terms do not run out",
                    Assert.Throws<InvariantViolationException>(() => node.Receive(S2, message)).Rule);
    }

    [Fact]
    public void The_one_exception_is_another_leader_in_the_term_of_a_node_that_leads()
    {
        var leader = Given.Leader(term: 4);

        var others = AroundTheTermOf(leader).Where(message => TwoLeaders(leader, message)).ToArray();

        Assert.Equal(["AppendEntries", "InstallSnapshot"], Names(others));
        Assert.All(others, message =>
            Assert.Throws<InvariantViolationException>(() => leader.Receive(S2, message)));
    }

    [Fact]
    public void Time_that_stands_still_is_fine_and_time_that_goes_back_halts_the_node()
    {
        var node = Given.Follower();

        node.TickAt(node.Now).ChangesNothing(node);
        Assert.Equal("time does not go back",
            Assert.Throws<InvariantViolationException>(() => node.TickAt(node.Now + Ms(-0.001))).Rule);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void Early_late_and_repeated_ticks_are_harmless(double late)
    {
        Assert.All(Nodes(), node =>
        {
            var due = node.TickAt(node.NextDeadline + Ms(late)).State;

            var again = due.TickAt(due.Now);

            Assert.True(due.NextDeadline > due.Now);
            again.ChangesNothing(due);
        });
    }

    private static NodeState[] Nodes() =>
        [.. Given.EveryRole().Select(node => node.Role is Role.Follower ? node.TickAfter(150).State : node)];

    private static Message[] AroundTheTermOf(NodeState node) =>
        [.. new[] { -1, 0, 1 }.SelectMany(away => Samples.Messages(node.CurrentTerm.Value + (ulong)away))];

    private static bool IsRequest(Message message) =>
        message is PreVote or RequestVote or AppendEntries or InstallSnapshot;

    private static bool IsReply(Effect.Send send) =>
        send.Message is PreVoteReply or RequestVoteReply or AppendEntriesReply
            or InstallSnapshotReply or ReadIndexReply or ForwardReply;

    private static bool TwoLeaders(NodeState node, Message message) =>
        message is AppendEntries or InstallSnapshot && message.Term == node.CurrentTerm && node.LeaderId.IsSome;

    private static string[] Names(IEnumerable<object> cases) =>
        [.. cases.Select(@case => @case as Type ?? @case.GetType()).Select(type => type.Name).Distinct().Order()];
}
