using System.Buffers;

namespace RxRaft;

/// <summary>Where values are written before anybody knows how long they are.</summary>
internal static class Draft
{
    private const int MostKept = 64 << 10;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? draft;

    /// <summary>A value as bytes, and no room beside them: commands stay in the log.</summary>
    public static ReadOnlyMemory<byte> Of<T>(ISerializer<T> serializer, T value)
    {
        var writer = draft ?? new ArrayBufferWriter<byte>();
        draft = null;                                               // a serializer may itself come here
        writer.ResetWrittenCount();
        serializer.Write(value, writer);
        var bytes = writer.WrittenSpan.ToArray();
        if (writer.Capacity <= MostKept) draft = writer;
        return bytes;
    }
}
