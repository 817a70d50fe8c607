using System.Globalization;
using System.Linq;
using System.Net;

namespace RxRaft.Samples;

/// <summary>Where nodes listen, as text: 127.0.0.1:7001, [::1]:7001, host.example:7001, localhost:7001.</summary>
internal static class Address
{
    /// <summary>What an address looks like, for those who wrote something else.</summary>
    public const string Form = "host:port, like 127.0.0.1:7001";

    public static Option<EndPoint> Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 1 || PortOf(text[(colon + 1)..]).Case is not int port) return None;

        var host = text[..colon];
        var ipv6 = host.StartsWith('[') && host.EndsWith(']');
        if (host == "localhost") return new IPEndPoint(IPAddress.Loopback, port);
        if ((ipv6 || !host.Contains(':')) && IPAddress.TryParse(ipv6 ? host[1..^1] : host, out var address))
            return new IPEndPoint(address, port);
        return Uri.CheckHostName(host) == UriHostNameType.Dns ? new DnsEndPoint(host, port) : None;
    }

    /// <summary>1=host:port.</summary>
    public static Option<(NodeId Node, EndPoint At)> ParseOfNode(string text) =>
        from id in NodeOf(text.Split('=')[0])
        from at in text.Contains('=') ? Parse(text[(text.IndexOf('=') + 1)..]) : None
        select (id, at);

    /// <summary>A node's number, from 1.</summary>
    public static Option<NodeId> NodeOf(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? new NodeId(id)
            : None;

    /// <summary>One that others can reach.</summary>
    public static Option<int> PortOf(string text) => Arguments.Whole(text, 1, IPEndPoint.MaxPort);

    public static string Text(EndPoint address) => address switch
    {
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        _ => $"{address}",
    };

    /// <summary>1=host:port,2=host:port.</summary>
    public static string List(Map<NodeId, EndPoint> addresses) =>
        string.Join(',', addresses.AsEnumerable().Select(node => $"{node.Key.Value}={Text(node.Value)}"));

    public static bool IsLoopback(EndPoint address) => address is IPEndPoint ip && IPAddress.IsLoopback(ip.Address);
}
