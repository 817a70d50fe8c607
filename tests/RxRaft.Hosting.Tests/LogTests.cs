using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>The reasons of the core, and the events of the wire, in the log.</summary>
public sealed class LogTests
{
    public static TheoryData<Type> Reasons => [.. Cases(typeof(Reason))];

    public static TheoryData<Type> Events => [.. Cases(typeof(WireEvent))];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_has_a_level(Type reason) =>
        Assert.True(ReasonLevels.Of((Reason)RuntimeHelpers.GetUninitializedObject(reason)) is >= LogLevel.Trace and < LogLevel.Error);

    [Theory]
    [InlineData(typeof(Reason.Warned), LogLevel.Warning)]
    [InlineData(typeof(Reason.FollowerRefused), LogLevel.Warning)]
    [InlineData(typeof(Reason.TransferGivenUp), LogLevel.Warning)]
    [InlineData(typeof(Reason.LeaderRecognised), LogLevel.Information)]
    [InlineData(typeof(Reason.Reconfigured), LogLevel.Information)]
    [InlineData(typeof(Reason.SnapshotInstalled), LogLevel.Information)]
    [InlineData(typeof(Reason.PreElectionStarted), LogLevel.Debug)]
    [InlineData(typeof(Reason.VoteGranted), LogLevel.Debug)]
    [InlineData(typeof(Reason.EntriesAppended), LogLevel.Trace)]
    [InlineData(typeof(WireEvent.Connected), LogLevel.Information)]
    [InlineData(typeof(WireEvent.Dropped), LogLevel.Warning)]
    [InlineData(typeof(WireEvent.Failed), LogLevel.Error)]
    public void What_an_operator_has_to_look_at_is_a_warning_and_what_happens_with_each_command_a_trace(Type what, LogLevel level) =>
        Assert.Equal(level, RuntimeHelpers.GetUninitializedObject(what) switch
        {
            Reason reason => ReasonLevels.Of(reason),
            var happened => ReasonLevels.Of((WireEvent)happened),
        });

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_of_the_wire_has_a_level_and_a_sentence(Type happened)
    {
        var made = (WireEvent)RuntimeHelpers.GetUninitializedObject(happened);

        Assert.True(ReasonLevels.Of(made) >= LogLevel.Information);
        Assert.DoesNotContain("{", new WireSentence(made).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_the_wire_is_a_sentence() => Assert.Equal(
        "127.0.0.1:7, as S9, refused as UnknownNode: nobody knows S9",
        $"{new WireSentence(new WireEvent.Refused(
            new IPEndPoint(IPAddress.Loopback, 7), new NodeId(9), WireRefusal.UnknownNode, "nobody knows S9"))}");

    [Fact]
    public async Task A_reason_is_a_line_with_its_sentence_and_node_term_and_kind_as_fields_the_first_one_included()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft));
        await hosts.Get<RaftNode>(hosts.Ids[0]).Transitions
            .FirstAsync(step => step.State.CommitIndex > LogIndex.Zero).Timeout(Hosts.Generous).ToTask(Hosts.Elsewhere);

        var lines = hosts.Log(hosts.Ids[0]).Where(line => line.Category == RaftLog.NodeCategory).ToList();
        var won   = Assert.Single(lines, line => line.GetStructuredStateValue("Kind") == "ElectionWon");
        Assert.StartsWith("S1 T1 ElectionWon: Election won by S1 in T1: votes S1, ", won.Message, StringComparison.Ordinal);
        Assert.Equal(
            (LogLevel.Information, "S1", "T1"), (won.Level, won.GetStructuredStateValue("Node"), won.GetStructuredStateValue("Term")));
        Assert.Equal("Started", lines[0].GetStructuredStateValue("Kind"));
        Assert.Contains(lines, line => line.GetStructuredStateValue("Kind") == "CommitAdvanced" && line.Level is LogLevel.Trace);
    }

    [Fact]
    public async Task What_the_wire_meets_is_a_line_too()
    {
        await using var hosts = await Hosts.Start(3, (builder, raft) => builder.Services.AddRaft(raft));
        await hosts.Leader();

        Assert.All(hosts.Ids, id => Assert.Contains(hosts.Log(id), line =>
            line.Category == RaftLog.WireCategory && line.GetStructuredStateValue("Kind") == "Connected"));
    }

    private static IEnumerable<Type> Cases(Type union) =>
        union.GetNestedTypes(BindingFlags.Public).Where(type => type.BaseType == union);
}
