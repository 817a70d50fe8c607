using Microsoft.Extensions.Options;

namespace RxRaft.Hosting;

/// <summary>Names everything that is wrong with the options, before anything is opened.</summary>
internal sealed class RaftOptionsCheck(Func<string> hostName) : IValidateOptions<RaftOptions>
{
    public ValidateOptionsResult Validate(string? name, RaftOptions options) =>
        RaftPlan.Of(options, hostName()).Match(
            _ => ValidateOptionsResult.Success,
            problems => ValidateOptionsResult.Fail(problems.Map(problem => $"Raft: {problem}")));
}
