using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace RxRaft.Samples;

/// <summary>Why a node cannot be started, in one line.</summary>
/// <param name="Text">Names what was wrong, and its value.</param>
/// <param name="ExitCode">2 if other arguments would help, else 1.</param>
internal sealed record OpeningFailure(string Text, int ExitCode)
{
    /// <summary>Tries to start a node.</summary>
    public static Either<OpeningFailure, Member> Open(NodeOptions options)
    {
        try
        {
            return Member.Open(options);
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
            var options = TlsOptions.FromPem(files.Certificate, files.Key, files.Authority);
            return options.Authorities.Count > 0
                ? options
                : throw new ArgumentException($"--tls-ca: no certificate is in '{files.Authority}'");
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException
            || failure is ArgumentException { ParamName: not null })
        {
            throw new ArgumentException($"{Names(files)}: {Words(failure)}");
        }
    }

    private static string Names(TlsFiles files) =>
        $"--tls-cert '{files.Certificate}', --tls-key '{files.Key}' and --tls-ca '{files.Authority}'";

    /// <summary>Without the parameter of a method that nobody here has called.</summary>
    private static string Words(Exception failure) => MemberNews.OneLine(failure.Message.Split(" (Parameter")[0]);

    private static Option<OpeningFailure> Of(NodeOptions options, Exception failure) => failure switch
    {
        SocketException e => new OpeningFailure(
            $"{options.Self} cannot listen on {options.Listen}: {Why(e, options.Listen)}", 1),
        IOException and not FileNotFoundException when options.Journal.IsSome =>
            new OpeningFailure($"{options.Self} does not start: {MemberNews.OneLine(failure.Message)}", 1),
        DiskRefusedException or DiskCorruptionException or DiskFailureException =>
            new OpeningFailure($"{options.Self} does not start: {MemberNews.OneLine(failure.Message)}", 1),
        ArgumentException e when options.Tls.Case is TlsFiles files && e.Message is not ['-', '-', ..] =>
            new OpeningFailure($"{Names(files)}: {Words(e)}", 2),
        ArgumentException e => new OpeningFailure(Words(e), 2),
        _ => None,
    };

    private static string Why(SocketException failure, IPEndPoint at) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"port {at.Port} is in use",
        SocketError.AddressNotAvailable => $"{at.Address} is no address of this host",
        SocketError.AccessDenied => $"this user may not have port {at.Port}",
        _ => MemberNews.OneLine(failure.Message),
    };
}
