using System.Net;

namespace RxRaft;

/// <summary>A host and a port that are shown as people write them: kv-1.kv:7000.</summary>
/// <remarks>
/// The framework shows a DNS endpoint with the family of its addresses, Unspecified/kv-1.kv:7000, also in the messages
/// of its own errors.
/// </remarks>
internal sealed class HostEndPoint : DnsEndPoint
{
    private HostEndPoint(DnsEndPoint name) : base(name.Host, name.Port, name.AddressFamily) { }

    /// <summary>The same address; equal to the one that is given.</summary>
    public static EndPoint Of(EndPoint address) => address is DnsEndPoint name ? new HostEndPoint(name) : address;

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";
}
