using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;

namespace RxRaft.Samples.KeyValue;

/// <summary>Bytes into requests: binary safe, however they are cut, and within limits.</summary>
public sealed class RequestParserTests
{
    private static readonly Gen<byte[][][]> Requests = Gen.Byte.Array[0, 40].Array[1, 4].Array[1, 5];

    private static readonly Gen<(int Place, byte Value)> Damage = Gen.Select(
        Gen.Int[0, 200], Gen.OneOf(Gen.Byte, Gen.OneOfConst("*$\r\n-0123456789\"'\\x"u8.ToArray())));

    [Fact]
    public void However_bytes_are_cut_the_requests_are_the_same() =>
        Gen.Select(Requests, Gen.Int[1, 30].Array[1, 10]).Sample((requests, cuts) =>
            Assert.Equal(requests.Select(Text), Parse(Bytes(requests), cuts)), iter: 2000);

    [Fact]
    public void Whatever_comes_it_is_requests_or_a_protocol_error() =>
        Gen.Select(Requests, Damage.Array[1, 8], Gen.Int[1, 30].Array[1, 5]).Sample((requests, damage, cuts) =>
        {
            var bytes = Bytes(requests);
            foreach (var (place, value) in damage) bytes[place % bytes.Length] = value;
            try
            {
                Assert.All(Parse(bytes, cuts), request => Assert.NotNull(request));
            }
            catch (RespException)
            {
                // that is what it is for
            }
        }, iter: 5000);

    [Theory]
    [InlineData("PING\r\n", "PING")]
    [InlineData("PING\n", "PING")]
    [InlineData("\r\n\r\nPING\r\n*0\r\n*-1\r\nECHO  a\t b \r\n", "PING;ECHO|a|b")]
    [InlineData("set \"a b\" \"\\x41\\n\\\"\\\\\" 'it\\'s' '\\n' \"\"\r\n", "set|a b|A\n\"\\|it's|\\n|")]
    [InlineData("*1\r\n$4\r\nPING\r\nPING\r\n*2\r\n$3\r\nGET\r\n$0\r\n\r\n", "PING;PING;GET|")]
    [InlineData("*1\r\n$-1", "")]
    public void These_are_requests(string bytes, string requests) =>
        Assert.Equal(requests, string.Join(';', Parse(Encoding.Latin1.GetBytes(bytes), [7])));

    [Theory]
    [InlineData("*1\r\n:1\r\n", "expected '$', got ':'")]
    [InlineData("*1\r\n\r\n", "expected '$', got ''")]
    [InlineData("*x\r\n", "invalid multibulk length")]
    [InlineData("*65537\r\n", "invalid multibulk length")]
    [InlineData("*-2\r\n", "invalid multibulk length")]
    [InlineData("*1\r\n$1048577\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$9999999999999999999999\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$1\r\nab\r\n", "expected CRLF after a bulk")]
    [InlineData("*1\r\n$11111111111111111111111111111111111", "too big bulk count string")]
    [InlineData("get \"a\r\n", "unbalanced quotes in request")]
    [InlineData("get 'a'b\r\n", "unbalanced quotes in request")]
    public void These_are_none(string bytes, string error) =>
        Assert.Equal(error, Assert.Throws<RespException>(() => Parse(Encoding.Latin1.GetBytes(bytes), [5])).Message);

    [Fact]
    public void A_name_with_zeros_in_front_is_another_name_and_not_what_others_are_taken_for()
    {
        Assert.Equal("\0ZQX", new Request([KeyValue.Bytes.Of("\0zqx")]).Name);
        Assert.Equal("ZQX", new Request([KeyValue.Bytes.Of("zqx")]).Name);
        Assert.Equal("\0\0ZQX", new Request([KeyValue.Bytes.Of("\0\0zqx")]).Name);
    }

    [Fact]
    public void A_line_without_an_end_is_not_read_for_ever()
    {
        var parser = new RequestParser();
        var error = Assert.Throws<RespException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                ReadOnlySpan<byte> input = new byte[1000];
                parser.Next(ref input);
            }
        });

        Assert.Equal("too big inline request", error.Message);
    }

    [Fact]
    public void A_request_is_limited_as_a_whole() => Assert.Contains(
        "more than 1572864 bytes",
        Assert.Throws<RespException>(() => Parse(Bytes([[new byte[1 << 20], new byte[1 << 20]]]), [9999])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_stranger_has_little_to_say() => Assert.Equal(
        "invalid bulk length",
        Assert.Throws<RespException>(() =>
        {
            ReadOnlySpan<byte> input = "*2\r\n$4\r\nAUTH\r\n$16385\r\n"u8;
            new RequestParser().Next(ref input);
        }).Message);

    [Fact]
    public void What_is_only_announced_takes_no_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            ReadOnlySpan<byte> input = "*65536\r\n$1048576\r\n"u8;
            new RequestParser { Limits = RequestLimits.Client }.Next(ref input);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100 * 20_000);
    }

    private static List<string> Parse(byte[] bytes, int[] cuts)
    {
        var parser = new RequestParser { Limits = RequestLimits.Client };
        var found = new List<string>();
        for (var (at, i) = (0, 0); at < bytes.Length; i++)
        {
            var cut = Math.Min(cuts[i % cuts.Length], bytes.Length - at);
            ReadOnlySpan<byte> input = bytes.AsSpan(at, cut);
            while (parser.Next(ref input) is { } request) found.Add(Text(request));
            Assert.True(input.IsEmpty);
            at += cut;
        }

        return found;
    }

    private static string Text(Request request) =>
        string.Join('|', Enumerable.Range(-1, request.Count + 1).Select(i => Encoding.Latin1.GetString(request[i].Span)));

    private static string Text(byte[][] request) => string.Join('|', request.Select(Encoding.Latin1.GetString));

    private static byte[] Bytes(byte[][][] requests) =>
    [
        .. requests.SelectMany(request => (byte[])
        [
            .. Encoding.ASCII.GetBytes($"*{request.Length}\r\n"),
            .. request.SelectMany(part => (byte[])[.. Encoding.ASCII.GetBytes($"${part.Length}\r\n"), .. part, .. "\r\n"u8]),
        ]),
    ];
}
