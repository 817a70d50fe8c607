namespace RxRaft.Samples.KeyValue;

/// <summary>Takes one part of a whole after the other, and remembers the first that is wrong.</summary>
/// <remarks>
/// A query over as many results nests a type for each of them, which takes longer to load than all else of a start.
/// </remarks>
internal sealed class FirstWrong
{
    /// <summary>Of the first that was.</summary>
    public Option<string> Problem { get; private set; }

    /// <returns>The part; nothing if it is wrong, and then the whole is none.</returns>
    public T? Or<T>(Either<string, T> part)
    {
        if (part.IsRight) return (T)part;

        if (Problem.IsNone) Problem = (string)part;
        return default;
    }
}
