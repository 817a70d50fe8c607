using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace RxRaft.Tests;

/// <summary>Where nobody listens: as free as a port can be known to be.</summary>
internal static class FreePorts
{
    public static IPEndPoint One() => For(1).Values.Single();

    /// <summary>So many, no two the same.</summary>
    public static Seq<int> Many(int count) => toSeq(
        For([.. Enumerable.Range(1, count).Select(id => (ulong)id)]).Values.Select(at => at.Port).ToArray());

    /// <summary>One each, no two the same.</summary>
    public static Dictionary<NodeId, IPEndPoint> For(params ulong[] nodes)
    {
        var listeners = nodes.ToDictionary(node => new NodeId(node), _ => new TcpListener(IPAddress.Loopback, 0));
        foreach (var listener in listeners.Values) listener.Start();
        var addresses = listeners.ToDictionary(node => node.Key, node => (IPEndPoint)node.Value.LocalEndpoint);
        foreach (var listener in listeners.Values) listener.Dispose();
        return addresses;
    }
}
