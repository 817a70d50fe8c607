using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>TLS 1.3 with certificates on both sides, whose names are nodes and not hosts.</summary>
internal sealed class Tls(TlsOptions options, ClusterId cluster)
{
    private readonly SslStreamCertificateContext own =
        SslStreamCertificateContext.Create(options.Certificate, options.Intermediates, offline: true);

    /// <summary>On the side that has dialled.</summary>
    /// <exception cref="RefusedException">The other is not who it should be.</exception>
    public async Task<Stream> Dialled(Stream plain, NodeId peer, CancellationToken cancel)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost               = NodeCertificate.Dns(cluster, peer),
                ClientCertificateContext = own,
                EnabledSslProtocols      = SslProtocols.Tls13,
                CertificateChainPolicy   = Policy(),
                AllowTlsResume           = false,               // else nobody would show a certificate again
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsValid(certificate, errors),
            }, cancel).ConfigureAwait(false);
        }
        catch (AuthenticationException failure)
        {
            throw new RefusedException(WireRefusal.Tls, Words(failure), failure);
        }

        RequireIs(secure, peer);
        return secure;
    }

    /// <summary>On the side that was dialled; blocks. Who it is will be said later.</summary>
    /// <exception cref="RefusedException">The other does not show a certificate that counts.</exception>
    public SslStream Accepted(Stream plain)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            secure.AuthenticateAsServer(new SslServerAuthenticationOptions
            {
                ServerCertificateContext  = own,
                ClientCertificateRequired = true,
                EnabledSslProtocols       = SslProtocols.Tls13,
                CertificateChainPolicy    = Policy(),
                AllowTlsResume            = false,
                AllowRenegotiation        = false,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsValid(certificate, errors),
            });
            return secure;
        }
        catch (AuthenticationException failure)
        {
            throw new RefusedException(WireRefusal.Tls, Words(failure), failure);
        }
        catch (Exception failure) when (failure is IOException or System.ComponentModel.Win32Exception)
        {
            throw new RefusedException(WireRefusal.Tls, $"The TLS handshake broke off: {failure.Message}", failure);
        }
    }

    /// <summary>Makes sure that the other side's certificate is that of a node.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public void RequireIs(SslStream secure, NodeId peer)
    {
        using var certificate = new X509Certificate2(secure.RemoteCertificate!);
        if (!NodeCertificate.Names(certificate, cluster, peer))
            throw new RefusedException(WireRefusal.WrongCertificate,
                $"The certificate names {NodeCertificate.Describe(certificate)}, and not {peer} of {cluster}");
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode      = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = options.Revocation,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(options.Authorities);
        return policy;
    }

    /// <summary>It must be there, with its chain; its name is looked at where it is known whose it must be.</summary>
    private static bool IsValid(X509Certificate? certificate, SslPolicyErrors errors) =>
        certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;

    private static string Words(AuthenticationException failure) =>
        failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message;
}
