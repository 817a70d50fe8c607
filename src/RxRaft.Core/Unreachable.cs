namespace RxRaft;

/// <summary>The last arm of every match over a closed union.</summary>
internal static class Unreachable
{
    /// <summary>Says which case a match forgot, or knows that it cannot come here.</summary>
    public static InvariantViolationException Case(object unexpected) =>
        new($"{unexpected.GetType().Name} does not come here");
}
