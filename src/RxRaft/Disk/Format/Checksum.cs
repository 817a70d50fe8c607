using System.Buffers.Binary;
using System.Numerics;

namespace RxRaft;

/// <summary>CRC-32C (Castagnoli), by the processor's instruction where it has one.</summary>
internal static class Checksum
{
    /// <summary>Of bytes alone.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Of bytes behind those that have this checksum.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var crc = ~checksum;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    /// <summary>What is wrong when something has another checksum than it should.</summary>
    public static string Mismatch(string what, uint found, uint expected) =>
        $"the checksum of {what} is 0x{found:x8}, not 0x{expected:x8}";

    /// <summary>Of a number behind the bytes that have this checksum.</summary>
    public static uint Append(uint checksum, ulong number) => ~BitOperations.Crc32C(~checksum, number);
}
