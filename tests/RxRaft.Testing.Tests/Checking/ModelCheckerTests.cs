using RxRaft.Testing.Checking;

namespace RxRaft.Tests.Checking;

/// <summary>The model checker, within bounds that take seconds.</summary>
public sealed class ModelCheckerTests
{
    private static readonly Bounds OneElection = new() { Terms = 1, Timeouts = 1, Proposals = 0 };

    [Fact]
    public void Every_state_of_one_election_is_found()
    {
        var result = ModelChecker.Run(new CheckOptions { Bounds = OneElection });

        Assert.Equal((254, 12, true), (result.States, result.Depth, result.Exhausted));
        Assert.True(result.Violation.IsNone, result.ToString());
    }
}
