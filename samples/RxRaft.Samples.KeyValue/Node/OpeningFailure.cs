using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace RxRaft.Samples.KeyValue;

/// <summary>Why a node cannot be started, in one line.</summary>
/// <param name="Text">Names what was wrong, and its value.</param>
/// <param name="ExitCode">2 if other arguments would help, else 1.</param>
internal sealed record OpeningFailure(string Text, int ExitCode)
{
    /// <summary>Tries to start a node.</summary>
    public static Either<OpeningFailure, StoreNode> Open(StoreOptions options)
    {
        try
        {
            return StoreNode.Open(options);
        }
        catch (Exception failure) when (Of(options, failure).Case is OpeningFailure said)
        {
            return said;
        }
    }

    /// <summary>The certificates, and who is believed.</summary>
    /// <exception cref="ArgumentException">A file is not there, or has something else in it.</exception>
    public static TlsOptions Load(TlsFiles files)
    {
        foreach (var (option, file) in Seq(
            ("--tls-cert", files.Certificate), ("--tls-key", files.Key), ("--tls-ca", files.Authority)))
            if (!File.Exists(file)) throw new ArgumentException($"{option}: there is no file '{file}'");
        try
        {
            return TlsOptions.FromPem(files.Certificate, files.Key, files.Authority);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(
                $"--tls-cert '{files.Certificate}', --tls-key '{files.Key}' and --tls-ca '{files.Authority}': "
                + failure.Message);
        }
    }

    public static string OneLine(string text) => string.Join(' ', text.Split(
        ['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static Option<OpeningFailure> Of(StoreOptions options, Exception failure) => failure switch
    {
        SocketException e => new OpeningFailure(
            $"{options.Self} cannot listen to the other nodes on {options.Listen}: {OneLine(e.Message)}", 1),
        DiskRefusedException or DiskCorruptionException or DiskFailureException =>
            new OpeningFailure($"{options.Self} does not start: {OneLine(failure.Message)}", 1),
        ArgumentException e => new OpeningFailure(OneLine(e.Message), 2),
        _ => None,
    };
}
