using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace RxRaft.Samples.KeyValue;

/// <summary>Replies into bytes, in RESP2 or RESP3.</summary>
internal sealed class ReplyWriter
{
    private const int MostKept = 1 << 20;

    private ArrayBufferWriter<byte> writer = new(4096);

    /// <summary>RESP3, with a null and maps of its own; after HELLO 3.</summary>
    public bool Resp3 { get; set; }

    /// <summary>What has been written since the last <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => writer.WrittenMemory;

    public void Clear()
    {
        if (writer.Capacity > MostKept) writer = new(4096);
        writer.ResetWrittenCount();
    }

    public void Write(Reply reply)
    {
        switch (reply)
        {
            case Reply.Simple(var text): Line('+', text); break;
            case Reply.Error(var text): Line('-', OneLine(text)); break;
            case Reply.Number(var number): Header(':', number); break;
            case Reply.Bulk(var bytes): Bulk(bytes); break;
            case Reply.Null: writer.Write(Resp3 ? "_\r\n"u8 : "$-1\r\n"u8); break;
            case Reply.Many(var items):
                Header('*', items.Count);
                foreach (var item in items) Write(item);
                break;
            case Reply.Pairs(var items):
                Header(Resp3 ? '%' : '*', Resp3 ? items.Count : 2 * items.Count);
                foreach (var (name, value) in items)
                {
                    Bulk(Bytes.Of(name));
                    Write(value);
                }

                break;
            default: throw Unreachable.Case(reply);
        }
    }

    private void Bulk(Bytes bytes)
    {
        Header('$', bytes.Length);
        writer.Write(bytes.Span);
        writer.Write("\r\n"u8);
    }

    private void Header(char kind, long number)
    {
        var span = writer.GetSpan(24);
        span[0] = (byte)kind;
        Utf8Formatter.TryFormat(number, span[1..], out var digits);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        writer.Advance(digits + 3);
    }

    private void Line(char kind, string text)
    {
        writer.GetSpan(1)[0] = (byte)kind;
        writer.Advance(1);
        Encoding.UTF8.GetBytes(text, writer);
        writer.Write("\r\n"u8);
    }

    /// <summary>What a client sent comes back in errors, and must not end their line.</summary>
    private static string OneLine(string text) => text.Replace('\r', ' ').Replace('\n', ' ');
}
