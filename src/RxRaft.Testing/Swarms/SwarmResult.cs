using System.Linq;

namespace RxRaft.Testing;

/// <summary>What came of one seed.</summary>
/// <param name="Seed">Which.</param>
/// <param name="What">What it was about, in one line.</param>
/// <param name="Passed">Virtual time.</param>
/// <param name="Reasons">Which branches of the algorithm were taken.</param>
/// <param name="Failure">What did not hold.</param>
public sealed record SwarmResult(
    ulong Seed, string What, TimeSpan Passed, ReasonCounts Reasons, Option<SwarmFailure> Failure)
{
    /// <summary>Where a node was to crash, of a <see cref="CrashSweep{TState, TCommand, TResult}"/>.</summary>
    public Option<CrashPoint> Point { get; init; }
}

/// <summary>What did not hold.</summary>
/// <param name="Property">Its name: that of a property of the paper, Liveness, or Linearizability.</param>
/// <param name="Detail">What happened instead.</param>
public sealed record SwarmFailure(string Property, string Detail)
{
    /// <summary>A run did not come to its end.</summary>
    public const string Liveness = "Liveness";

    /// <summary>What clients saw has no order.</summary>
    public const string Linearizability = "Linearizability";

    /// <summary>
    /// The property, and where that can be told apart, in which way it does not hold: nothing of it depends on who,
    /// when or how often. Failures of one kind are taken for the same.
    /// </summary>
    public string Kind { get; init; } = Property;

    /// <summary>What an exception says that ended a run.</summary>
    internal static SwarmFailure Of(Exception failure) => failure switch
    {
        PropertyViolationException violation => Of(violation),
        LivenessException late => new(Liveness, late.Message),
        _ => new(failure.GetType().Name, $"{failure}"),
    };

    /// <summary>A node's own invariants are many, and bugs of any kind are among them.</summary>
    internal static SwarmFailure Of(PropertyViolationException violation) =>
        new(violation.Property, violation.Message)
        {
            Kind = violation.InnerException is { } broken
                ? string.Concat($"{broken.GetType().Name}: {broken.Message}".Where(sign => !char.IsAsciiDigit(sign)))
                : violation.Property,
        };
}
