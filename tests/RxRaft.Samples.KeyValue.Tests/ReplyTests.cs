using System.Text;

namespace RxRaft.Samples.KeyValue;

/// <summary>Replies into bytes.</summary>
public sealed class ReplyTests
{
    private static readonly Reply Everything = new Reply.Many(Seq<Reply>(
        Reply.Ok, Reply.Err("no"), new Reply.Number(-7), Reply.Of("a\r\nb"), Reply.Of(""), Reply.Nothing,
        new Reply.Pairs(Seq1(("k", (Reply)new Reply.Number(long.MinValue))))));

    [Fact]
    public void In_RESP2_there_are_no_maps_and_no_null_of_its_own() => Assert.Equal(
        "*7\r\n+OK\r\n-ERR no\r\n:-7\r\n$4\r\na\r\nb\r\n$0\r\n\r\n$-1\r\n*2\r\n$1\r\nk\r\n:-9223372036854775808\r\n",
        Text(resp3: false, Everything));

    [Fact]
    public void In_RESP3_there_are() => Assert.Equal(
        "*7\r\n+OK\r\n-ERR no\r\n:-7\r\n$4\r\na\r\nb\r\n$0\r\n\r\n_\r\n%1\r\n$1\r\nk\r\n:-9223372036854775808\r\n",
        Text(resp3: true, Everything));

    [Fact]
    public void An_error_is_one_line_whatever_a_client_has_sent() =>
        Assert.Equal("-ERR a  b\r\n", Text(resp3: false, Reply.Err("a\r\nb")));

    private static string Text(bool resp3, Reply reply)
    {
        var writer = new ReplyWriter { Resp3 = resp3 };
        writer.Write(reply);
        return Encoding.UTF8.GetString(writer.Written.Span);
    }
}
