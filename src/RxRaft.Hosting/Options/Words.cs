using System.Net;

namespace RxRaft.Hosting;

/// <summary>What a configuration says in words: ids, and addresses.</summary>
internal static class Words
{
    /// <summary>The number of a StatefulSet's pod, counted from 1: kv-0 is S1.</summary>
    /// <param name="host">Its name; what follows a dot does not count.</param>
    public static Validation<string, NodeId> IdOf(string host)
    {
        var name   = host.Split('.')[0];
        var digits = name[(name.LastIndexOf('-') + 1)..];
        return digits.Length < name.Length && Number(digits).Case is ulong ordinal && ordinal < ulong.MaxValue
            ? Success<string, NodeId>(new(ordinal + 1))
            : Fail<string, NodeId>($"{nameof(RaftOptions.IdFromHostName)} is set, and the host is called '{host}': "
                + "it must end in a hyphen and a number, as kv-0 does");
    }

    /// <summary>The id of a node.</summary>
    public static Validation<string, NodeId> Id(string key) =>
        Number(key).Case is ulong id
            ? Success<string, NodeId>(new(id))
            : Fail<string, NodeId>($"{nameof(RaftOptions.Peers)} has an address for '{key}': an id is a number");

    /// <summary>Where a node is: host:port, 10.0.0.1:7000 or [fd00::1]:7000.</summary>
    public static Validation<string, EndPoint> Address(string name, string text)
    {
        if (IPEndPoint.TryParse(text, out var ip)) return HasPort(text) ? Success<string, EndPoint>(ip) : NoAddress();

        var colon = text.LastIndexOf(':');
        return colon > 0 && Port(text[(colon + 1)..]).Case is int port && IsHost(text[..colon])
            ? Success<string, EndPoint>(new DnsEndPoint(text[..colon], port))
            : NoAddress();

        Validation<string, EndPoint> NoAddress() =>
            Fail<string, EndPoint>($"{name} is '{text}': it must be a host or an IP address, a colon and a port");
    }

    /// <summary>Where this node listens: 0.0.0.0:7000, or [::]:7000.</summary>
    public static Validation<string, IPEndPoint> Listen(string text) =>
        IPEndPoint.TryParse(text, out var ip) && HasPort(text)
            ? Success<string, IPEndPoint>(ip)
            : Fail<string, IPEndPoint>($"{nameof(RaftOptions.Listen)} is '{text}': it must be an IP address, "
                + "a colon and a port, such as 0.0.0.0:7000");

    private static bool HasPort(string text) =>
        text[(text.LastIndexOf(']') + 1)..].Contains(':', StringComparison.Ordinal)
        && (text[0] == '[' || text.IndexOf(':', StringComparison.Ordinal) == text.LastIndexOf(':'));

    private static bool IsHost(string host) => Uri.CheckHostName(host) == UriHostNameType.Dns;

    private static Option<ulong> Number(string digits) =>
        ulong.TryParse(digits, System.Globalization.NumberStyles.None, provider: null, out var number) ? number : None;

    private static Option<int> Port(string digits) =>
        Number(digits).Filter(port => port <= 65_535).Map(port => (int)port);
}
