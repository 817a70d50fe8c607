using System.Buffers.Text;
using System.Collections.Generic;

namespace RxRaft.Samples.KeyValue;

/// <summary>Bytes of a connection into requests, however they are cut: RESP's arrays, and lines as of telnet.</summary>
/// <remarks>
/// What a client announces is not believed before it is there: memory grows with what has come, within the limits.
/// </remarks>
internal sealed class RequestParser
{
    private const int LongestLine = 64 << 10;
    private const int LongestHeader = 32;
    private const int FirstPart = 16 << 10;

    private readonly List<Bytes> parts = [];
    private byte[] line = new byte[64];
    private int inLine;
    private byte[] part = [];
    private int inPart;
    private int length = -1;                                // of the part that is being read, if one is
    private int left;                                       // parts that the request still lacks
    private int total;

    /// <summary>How much a request may be.</summary>
    public RequestLimits Limits { get; set; } = RequestLimits.Stranger;

    /// <summary>The next request.</summary>
    /// <param name="input">What has come; what was read is cut off.</param>
    /// <returns>Null when more has to come.</returns>
    /// <exception cref="RespException">It cannot go on after that.</exception>
    public Request? Next(ref ReadOnlySpan<byte> input)
    {
        while (true)
        {
            if (length >= 0)
            {
                if (!ReadPart(ref input)) return null;
                if (left == 0) return Finished();
            }
            else if (!ReadLine(ref input, left > 0 ? LongestHeader : LongestLine)) return null;
            else if (TakeLine() is { } request) return request;
        }
    }

    private bool ReadLine(ref ReadOnlySpan<byte> input, int longest)
    {
        var end  = input.IndexOf((byte)'\n');
        var some = end < 0 ? input : input[..end];
        if (inLine + some.Length > longest)
            throw new RespException(left > 0 ? "too big bulk count string" : "too big inline request");

        if (inLine + some.Length > line.Length)
            System.Array.Resize(ref line, Math.Max(2 * line.Length, inLine + some.Length));
        some.CopyTo(line.AsSpan(inLine));
        inLine += some.Length;
        input = input[(end < 0 ? input.Length : end + 1)..];
        return end >= 0;
    }

    private Request? TakeLine()
    {
        var text = line.AsSpan(0, inLine);
        if (text is [.. var before, (byte)'\r']) text = before;
        inLine = 0;

        if (left > 0) Begin(text);
        else if (text is [(byte)'*', .. var count]) return Begin(Whole(count, Limits.Parts, "multibulk"));
        else if (InlineRequest.Parse(text, Limits) is { Length: > 0 } words) return new Request(words);
        return null;
    }

    /// <summary>A request of nothing is none.</summary>
    private Request? Begin(int count)
    {
        (left, total) = (Math.Max(0, count), 0);
        return null;
    }

    private void Begin(ReadOnlySpan<byte> header)
    {
        if (header is not [(byte)'$', .. var size])
            throw new RespException($"expected '$', got '{(header.IsEmpty ? "" : Printable(header[0]))}'");

        length = Whole(size, Limits.PartBytes, "bulk");
        if (length < 0) throw new RespException("invalid bulk length");
        if (total + length > Limits.TotalBytes)
            throw new RespException($"a request of more than {Limits.TotalBytes} bytes");

        total += length;
        inPart = 0;
        part = length + 2 <= FirstPart ? new byte[length + 2] : new byte[FirstPart];
    }

    private bool ReadPart(ref ReadOnlySpan<byte> input)
    {
        var some = input[..Math.Min(input.Length, length + 2 - inPart)];
        if (inPart + some.Length > part.Length)
            System.Array.Resize(ref part, Math.Min(length + 2, Math.Max(2 * part.Length, inPart + some.Length)));

        some.CopyTo(part.AsSpan(inPart));
        inPart += some.Length;
        input = input[some.Length..];
        if (inPart < length + 2) return false;
        if (part[length] != '\r' || part[length + 1] != '\n') throw new RespException("expected CRLF after a bulk");

        parts.Add(new Bytes(part.AsMemory(0, length)));
        length = -1;
        left--;
        return true;
    }

    private Request Finished()
    {
        var request = new Request([.. parts]);
        parts.Clear();
        return request;
    }

    private static int Whole(ReadOnlySpan<byte> text, int most, string what) =>
        Utf8Parser.TryParse(text, out long number, out var read) && read == text.Length
        && number >= -1 && number <= most
            ? (int)number
            : throw new RespException($"invalid {what} length");

    private static string Printable(byte value) => value is > 32 and < 127 ? $"{(char)value}" : $"\\x{value:x2}";
}
