using System.Linq;

namespace RxRaft.Hosting;

/// <summary>Names as metrics and traces have them.</summary>
internal static class Names
{
    /// <summary>NotLeader is not_leader.</summary>
    public static string Snake(string name) => string.Concat(name.Select((letter, at) =>
        char.IsAsciiLetterUpper(letter) ? (at == 0 ? "" : "_") + char.ToLowerInvariant(letter) : $"{letter}"));

    /// <summary>What came of a proposal.</summary>
    public static string Of<TResult>(Outcome<TResult> outcome) => outcome switch
    {
        Outcome<TResult>.Applied => Applied,
        Outcome<TResult>.NotLeader => "not_leader",
        Outcome<TResult>.Busy => "busy",
        Outcome<TResult>.Unknown => Unknown,
        Outcome<TResult>.Rejected => Rejected,
        Outcome<TResult>.SessionExpired => "session_expired",
        _ => throw Unreachable.Case(outcome),
    };

    /// <summary>What came of a proposal that threw.</summary>
    public static string Of(Exception failure) => failure switch
    {
        RequestFailedException { Outcome: Outcome.Rejected } => Rejected,
        RequestFailedException => Unknown,
        OperationCanceledException => "cancelled",
        ObjectDisposedException => "stopped",
        _ => "failed",
    };

    public const string Applied = "applied";

    private const string Unknown = "unknown", Rejected = "rejected";
}
