namespace RxRaft;

/// <summary>The last arm of every match over a closed union.</summary>
internal static class Unreachable
{
    /// <summary>Says which case a match forgot.</summary>
    public static InvariantViolationException Case(object forgotten) =>
        new($"every case is matched, but {forgotten.GetType().Name} was not");
}
