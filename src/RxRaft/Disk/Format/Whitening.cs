using System.Buffers.Binary;

namespace RxRaft;

/// <summary>
/// Mixes bytes with numbers that follow from a segment's salt and their place, so that no sector of a frame is blank.
/// </summary>
/// <remarks>
/// A blank sector inside a frame then was never written, whatever the frame says; and no client can send a command that
/// looks like a frame. Doing it again undoes it.
/// </remarks>
internal static class Whitening
{
    /// <summary>Changes the bytes where they are.</summary>
    /// <param name="bytes">A multiple of 8.</param>
    /// <param name="salt">The segment's.</param>
    /// <param name="offset">Of the first of them in the file; a multiple of 8.</param>
    public static void Apply(Span<byte> bytes, ulong salt, long offset)
    {
        for (var place = (ulong)offset; bytes.Length >= 8; bytes = bytes[8..], place += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(
                bytes, BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ Mixed(salt + place * 0x9E3779B97F4A7C15));
    }

    /// <summary>SplitMix64's last step.</summary>
    private static ulong Mixed(ulong number)
    {
        var once  = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        var twice = (once ^ (once >> 27)) * 0x94D049BB133111EB;
        return twice ^ (twice >> 31);
    }
}
