using System.Net;

namespace RxRaft.Samples.KeyValue;

/// <summary>What the program is asked for.</summary>
internal abstract record Command
{
    private Command() { }

    public sealed record Help : Command;

    /// <summary>Three nodes on this machine.</summary>
    public sealed record Cluster(ClusterOptions Options) : Command;

    public sealed record Node(StoreOptions Options) : Command;

    public sealed record Probe(ProbeOptions Options) : Command;
}

/// <summary>Three nodes on this machine, each a process.</summary>
/// <param name="Data">The directory whose subdirectories 1, 2 and 3 are their disks.</param>
/// <param name="Port">Where the first listens to clients, and the others after it.</param>
/// <param name="RaftPort">Where the first listens to the others, and the others after it.</param>
/// <param name="Password">What clients have to show.</param>
/// <param name="Given">Options that the nodes get as they are.</param>
internal sealed record ClusterOptions(
    string Data, int Port, int RaftPort, Option<string> Password, Seq<string> Given);

/// <summary>Is a node there?</summary>
/// <param name="Leader">Whether it has to know a leader, too.</param>
internal sealed record ProbeOptions(EndPoint At, Option<string> Password, bool Leader);
