using System.Formats.Asn1;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RxRaft;

/// <summary>Which node a certificate is of: one of its subject's alternative names says so.</summary>
internal static class NodeCertificate
{
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);     // RFC 5280, 4.2.1.6
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);

    /// <summary>As a URI.</summary>
    public static string Uri(ClusterId cluster, NodeId node) => Say.Invariant($"rxraft://{cluster}/{node.Value}");

    /// <summary>As a DNS name.</summary>
    public static string Dns(ClusterId cluster, NodeId node) => Say.Invariant($"node-{node.Value}.{cluster}.rxraft");

    /// <summary>Whether it is the node's. Hosts, and so the clusters' names in it, know no case.</summary>
    public static bool Names(X509Certificate2 certificate, ClusterId cluster, NodeId node)
    {
        var (uri, dns) = (Uri(cluster, node), Dns(cluster, node));
        return Alternatives(certificate).Exists(name =>
            string.Equals(name, uri, StringComparison.OrdinalIgnoreCase)
            || string.Equals(name, dns, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The names in it that could be a node's, for messages.</summary>
    public static string Describe(X509Certificate2 certificate) =>
        Alternatives(certificate) is { IsEmpty: false } names ? string.Join(' ', names) : "nobody";

    private static Seq<string> Alternatives(X509Certificate2 certificate) =>
        toSeq(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
            .Bind(extension => Names(extension.RawData)).Strict();

    private static Seq<string> Names(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var names = Seq<string>();
            var all   = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
            while (all.HasData)
            {
                var tag = all.PeekTag();
                if (tag == UriName || tag == DnsName)
                    names = names.Add(all.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                else
                    all.ReadEncodedValue();
            }

            return names;
        }
        catch (Exception failure) when (failure is AsnContentException or CryptographicException)
        {
            return [];                                  // names nobody, and so is refused
        }
    }
}
