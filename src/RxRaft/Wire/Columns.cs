using Google.Protobuf.Collections;

namespace RxRaft;

/// <summary>Fills a column that leaves out what repeats at its end.</summary>
internal struct ColumnWriter<T>(RepeatedField<T> values) where T : struct, IEquatable<T>
{
    private T last;
    private int repeated;

    /// <summary>Adds a value, when another one comes after it.</summary>
    public void Add(T value)
    {
        if (value.Equals(last))
        {
            repeated++;
            return;
        }

        for (; repeated > 0; repeated--) values.Add(last);
        values.Add(value);
        last = value;
    }
}

/// <summary>The same of numbers, as their differences.</summary>
internal struct DifferenceWriter(RepeatedField<long> values)
{
    private ColumnWriter<long> differences = new(values);
    private ulong before;

    /// <summary>Adds a value.</summary>
    public void Add(ulong value)
    {
        differences.Add(unchecked((long)(value - before)));
        before = value;
    }
}

/// <summary>Reads such a column.</summary>
internal struct ColumnReader<T>(RepeatedField<T> values) where T : struct
{
    private T last;
    private int next;

    /// <summary>How many values were read: those that repeat the last one are not there.</summary>
    public readonly int Used => next;

    /// <summary>The next value.</summary>
    public T Next() => next < values.Count ? last = values[next++] : last;
}

/// <summary>Reads a column of differences.</summary>
internal struct DifferenceReader(RepeatedField<long> values)
{
    private ColumnReader<long> differences = new(values);
    private ulong before;

    /// <summary>How many were read.</summary>
    public readonly int Used => differences.Used;

    /// <summary>The next value.</summary>
    public ulong Next() => before = unchecked(before + (ulong)differences.Next());
}
