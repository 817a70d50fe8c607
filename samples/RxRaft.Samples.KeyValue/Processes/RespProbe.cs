using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>Asks a node how it is, as any client can.</summary>
internal static class RespProbe
{
    /// <returns>What INFO says, by name.</returns>
    /// <exception cref="IOException">There is nobody, or somebody who answers otherwise.</exception>
    public static async Task<Dictionary<string, string>> Info(
        EndPoint at, Option<string> password, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(at, cancel).ConfigureAwait(false);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.Latin1);   // characters are bytes, as lengths are
            if (password.Case is string word) await Ask(stream, reader, cancel, "AUTH", word).ConfigureAwait(false);
            await Ask(stream, reader, cancel, "PING").ConfigureAwait(false);
            var header = await Ask(stream, reader, cancel, "INFO").ConfigureAwait(false);
            if (header is not ['$', ..] || !int.TryParse(header[1..], out var length) || length < 0)
                throw new IOException($"INFO is answered with '{header}'");
            return await Lines(reader, length, cancel).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private static async Task<string> Ask(
        Stream stream, StreamReader reader, CancellationToken cancel, params string[] words)
    {
        var request = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words) request.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{request}"), cancel).ConfigureAwait(false);
        return await reader.ReadLineAsync(cancel).ConfigureAwait(false) switch
        {
            null => throw new IOException("the connection was closed"),
            ['-', .. var error] => throw new IOException(error),
            var line => line,
        };
    }

    private static async Task<Dictionary<string, string>> Lines(
        StreamReader reader, int length, CancellationToken cancel)
    {
        var text = new char[length];
        if (await reader.ReadBlockAsync(text, cancel).ConfigureAwait(false) < length)
            throw new IOException("the connection was closed");
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text)).Split("\r\n")
            .Select(line => line.Split(':', 2)).Where(line => line.Length == 2)
            .ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
    }
}
