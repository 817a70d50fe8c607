using System.Linq;

namespace RxRaft.Hosting;

/// <summary>Outcomes as metrics and traces have them, under the names that README.md lists.</summary>
public sealed class NamesTests
{
    [Fact]
    public void Every_outcome_of_a_proposal_has_the_name_that_the_README_lists()
    {
        string[] names =
        [
            Names.Of(new Outcome<int>.Applied(1)), Names.Of(new Outcome<int>.NotLeader(None)), Names.Of(new Outcome<int>.Busy("")),
            Names.Of(new Outcome<int>.Unknown()), Names.Of(new Outcome<int>.Rejected("")),
            Names.Of(new Outcome<int>.SessionExpired(new SessionId(1))), Names.Of(new OperationCanceledException()),
            Names.Of(new ObjectDisposedException("")), Names.Of(new InvalidOperationException()),
        ];

        var row = Readme.Page.Split('\n').Single(line => line.StartsWith("| `rxraft.proposals` ", StringComparison.Ordinal));
        Assert.EndsWith($"by `rxraft.outcome`: {string.Join(", ", names.Select(name => $"`{name}`"))} |", row, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proposal_that_throws_what_came_of_it_has_the_name_of_that()
    {
        Assert.Equal("rejected", Names.Of(new RequestFailedException(new Outcome.Rejected("no"))));
        Assert.Equal("unknown", Names.Of(new RequestFailedException(new Outcome.Unknown())));
    }
}
