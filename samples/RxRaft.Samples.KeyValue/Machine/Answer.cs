namespace RxRaft.Samples.KeyValue;

/// <summary>What came of one write.</summary>
internal abstract record Answer
{
    private Answer() { }

    /// <summary>OK.</summary>
    public sealed record Done : Answer;

    /// <summary>No value, or a condition that did not hold.</summary>
    public sealed record Nothing : Answer;

    public sealed record Number(long Value) : Answer;

    public sealed record Text(Bytes Value) : Answer;

    public sealed record Refused(Refusal Why) : Answer;
}

/// <summary>Why a write does nothing.</summary>
internal enum Refusal : byte
{
    NotAnInteger = 1,
    Overflow = 2,
    TooLong = 3,
}
