using System.Runtime.CompilerServices;

namespace RxRaft;

/// <summary>Preconditions and invariants. They stay on in production: a node that is wrong must not go on.</summary>
internal static class Requirements
{
    /// <summary>Halts unless a condition holds.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="rule">The rule in words; by default the condition as written.</param>
    /// <exception cref="InvariantViolationException">It does not hold.</exception>
    public static void Require(
        bool condition, [CallerArgumentExpression(nameof(condition))] string rule = "")
    {
        if (!condition) throw new InvariantViolationException(rule);
    }
}
