using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RxRaft;

/// <summary>With what a node shows who it is, and whom it believes. TLS 1.3; both sides show a certificate.</summary>
/// <param name="Certificate">
/// The node's own, with its private key. It names the node as <c>rxraft://cluster/7</c> (a URI) or
/// <c>node-7.cluster.rxraft</c> (a DNS name) among its subject's alternative names: 7 is the node's id.
/// </param>
/// <param name="Authorities">
/// Who may have issued the certificates of others: at least one root certificate. The system's own do not count.
/// </param>
public sealed record TlsOptions(X509Certificate2 Certificate, X509Certificate2Collection Authorities)
{
    /// <summary>Certificates between the node's own and its authority's, to be shown along with it.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    /// <summary>How it is found out whether certificates were revoked. By default nobody asks.</summary>
    public X509RevocationMode Revocation { get; init; } = X509RevocationMode.NoCheck;

    /// <summary>Reads certificates and key from PEM files.</summary>
    /// <param name="certificate">Path to the node's own; those between it and its authority may follow in it.</param>
    /// <param name="key">Path to its private key, not encrypted.</param>
    /// <param name="authority">Path to the authority's certificates.</param>
    /// <exception cref="CryptographicException">A file has no such thing in it.</exception>
    /// <exception cref="System.IO.IOException">A file cannot be read.</exception>
    public static TlsOptions FromPem(string certificate, string key, string authority)
    {
        using var own = X509Certificate2.CreateFromPemFile(certificate, key);
        var (chain, authorities) = (new X509Certificate2Collection(), new X509Certificate2Collection());
        chain.ImportFromPemFile(certificate);
        authorities.ImportFromPemFile(authority);
        if (chain.Count > 0) chain.RemoveAt(0);

        // Through PKCS 12, because some systems cannot use a key for TLS that came without its certificate.
        var whole = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), password: null);
        return new(whole, authorities) { Intermediates = chain };
    }

    /// <summary>What is wrong with them for a node, each with its value.</summary>
    internal Seq<string> Problems(ClusterId cluster, NodeId self) =>
        Seq<(bool Wrong, string Words)>(
            (!Certificate.HasPrivateKey,
                $"{nameof(TcpWireOptions.Tls)}.{nameof(Certificate)} ({Certificate.Subject}) has no private key"),
            (Authorities.Count == 0,
                $"{nameof(TcpWireOptions.Tls)}.{nameof(Authorities)} is empty: nobody would be believed"),
            (!NodeCertificate.Names(Certificate, cluster, self),
                $"{nameof(TcpWireOptions.Tls)}.{nameof(Certificate)} ({Certificate.Subject}) does not name {self}: "
                + $"it must contain {NodeCertificate.Uri(cluster, self)} or {NodeCertificate.Dns(cluster, self)}"))
        .Filter(problem => problem.Wrong).Map(problem => problem.Words).Strict();
}
