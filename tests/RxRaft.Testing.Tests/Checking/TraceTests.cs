using System.Text.RegularExpressions;
using RxRaft.Testing.Checking;

namespace RxRaft.Tests.Checking;

/// <summary>How the checker tells what it has found.</summary>
public sealed class TraceTests
{
    [Fact]
    public void A_way_is_told_line_by_line_as_a_world_tells_it()
    {
        var lines = Halting.ToTranscript().Split('\n');

        Assert.Matches(@"^        step 1  (S[123])  its election timeout runs out$", lines[0]);
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^        step 1  S\d  Pre-election started by S\d: could it win T1\?$"));
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^        step 1  S\d -> S\d  PreVote T0 R1, last log entry T0#0$"));
        Assert.Matches(@"^Node S\d's own invariant violated: .*nobody leads.*$", lines[^2]);
    }

    [Fact]
    public void And_drawn_for_Mermaid()
    {
        var lines = Halting.ToMermaid().Split('\n');

        Assert.Equal(["sequenceDiagram", "    participant S1", "    participant S2", "    participant S3"], lines[..4]);
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^    S\d->>S\d: PreVote T0 R1, last log entry T0#35;0$"));
        Assert.Matches(@"^    Note over S1,S3: Node S\d's own invariant violated<br/>.*nobody leads.*$", lines[^2]);
        Assert.DoesNotContain(lines, line => Regex.IsMatch(line, "#(?!35;|59;)|(?<!#35|#59);"));
    }

    [Fact]
    public void With_another_step_a_way_may_not_be_there() =>
        Assert.True(Halting.Replay((state, input) => state.Stay()).Exists(wrong => wrong.Property == "Move"));

    private static Trace Halting => ModelChecker.Run(new CheckOptions
    {
        Workers = 1,
        Step = (state, input) => Raft.Step(state, input) is var step && step.State.Role is Role.Leader
            ? throw new InvariantViolationException("nobody leads")
            : step,
    }).Violation.Map(violation => violation.Trace).IfNone(() => throw new InvalidOperationException());
}
