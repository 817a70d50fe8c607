using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace RxRaft.Samples.KeyValue;

/// <summary>Why a node cannot be started, in one line.</summary>
/// <param name="Text">Names what was wrong, and its value.</param>
/// <param name="ExitCode">2 if other arguments would help, else 1.</param>
internal sealed record OpeningFailure(string Text, int ExitCode)
{
    /// <summary>What the start of a node's host has thrown, if it is one that is known.</summary>
    public static Option<OpeningFailure> Of(StoreOptions options, Exception failure) => failure switch
    {
        NoListenerException { At: var at, Message: var why } => new OpeningFailure(
            $"{options.Self} cannot listen to clients on {at}: {OneLine(why)}", 1),
        SocketException e => new OpeningFailure(
            $"{options.Self} cannot listen to the other nodes on {options.Listen}: {OneLine(e.Message)}", 1),
        DiskRefusedException or DiskCorruptionException or DiskFailureException =>
            new OpeningFailure($"{options.Self} does not start: {OneLine(failure.Message)}", 1),
        OptionsValidationException e => new OpeningFailure(
            OneLine(options.Tls.Bind(Problem).IfNone(string.Join("; ", e.Failures))), 2),
        ArgumentException e => new OpeningFailure(OneLine(e.Message), 2),
        _ => None,
    };

    public static string OneLine(string text) => string.Join(' ', text.Split(
        ['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>What is wrong with certificates, by the names of the arguments.</summary>
    private static Option<string> Problem(TlsFiles files)
    {
        foreach (var (option, file) in Seq(
            ("--tls-cert", files.Certificate), ("--tls-key", files.Key), ("--tls-ca", files.Authority)))
            if (!File.Exists(file)) return $"{option}: there is no file '{file}'";
        try
        {
            TlsOptions.FromPem(files.Certificate, files.Key, files.Authority);
            return None;
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"--tls-cert '{files.Certificate}', --tls-key '{files.Key}' and --tls-ca '{files.Authority}': "
                + failure.Message;
        }
    }
}
