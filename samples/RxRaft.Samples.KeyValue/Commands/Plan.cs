using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>What a request comes to.</summary>
internal abstract record Plan
{
    private Plan() { }

    /// <summary>A command of the log; those that a client sends at once are one command.</summary>
    /// <param name="Tell">What came of it, as the client is told.</param>
    public sealed record Write(Change Change, Func<Answer, Reply> Tell) : Plan;

    /// <summary>A linearizable read; those that a client sends at once see the same store.</summary>
    public sealed record Read(Func<Store, Reply> See) : Plan;

    /// <summary>Between the client and this node.</summary>
    public sealed record Here(Func<Session, Reply> Do) : Plan;

    /// <summary>The same, and it takes a while.</summary>
    public sealed record Waiting(Func<Session, CancellationToken, Task<Reply>> Do) : Plan;
}

/// <summary>A request that cannot be, with what the client is told.</summary>
internal sealed class BadRequestException(string error) : Exception(error)
{
    public static readonly BadRequestException Syntax = new("ERR syntax error");

    public static readonly BadRequestException NoInteger = new("ERR value is not an integer or out of range");
}
