using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RxRaft.Samples.KeyValue;

/// <summary>What INFO says.</summary>
internal static class NodeInfo
{
    private static readonly DateTime Began = DateTime.UtcNow;

    /// <param name="sections">In capitals; none for all.</param>
    /// <param name="clients">That are connected.</param>
    /// <param name="health">As the node's host sees it.</param>
    public static string Info(this StoreNode node, Seq<string> sections, int clients, HealthReportEntry health)
    {
        var state = node.Raft.State;
        var all   = Seq<(string Name, Seq<(string, object)> Lines)>(
            ("Server", Server(node)),
            ("Clients", Seq1(("connected_clients", (object)clients))),
            ("Persistence", Persistence(node, state)),
            ("Replication", Replication()),
            ("Raft", Raft(node, state, health)),
            ("Cluster", Seq1(("cluster_enabled", (object)0))),
            ("Keyspace", Keyspace(node.Latest)));
        var wanted = sections.IsEmpty || sections.Exists(name => name is "ALL" or "DEFAULT" or "EVERYTHING")
            ? all
            : all.Filter(section => sections.Contains(section.Name.ToUpperInvariant()));
        return string.Join("\r\n", wanted.Map(section => Section(section.Name, section.Lines)));
    }

    private static Seq<(string, object)> Server(StoreNode node) => Seq<(string, object)>(
        ("redis_version", "7.2.0"), ("redis_mode", "standalone"), ("server_name", "rxraft"),
        ("process_id", Environment.ProcessId), ("tcp_port", node.Options.ListenClients.Port),
        ("uptime_in_seconds", (long)(DateTime.UtcNow - Began).TotalSeconds));

    private static Seq<(string, object)> Persistence(StoreNode node, NodeState state) => Seq<(string, object)>(
        ("disk_directory", node.Options.Data), ("disk_bytes", DiskBytes(node.Options.Data)),
        ("log_first_index", state.Log.Base.Index.Value + 1), ("log_last_index", state.Log.LastIndex.Value),
        ("log_durable_index", state.Durable.Value), ("snapshot_index", state.Snapshot.Last.Index.Value));

    /// <summary>For Redis's clients every node is one that takes writes.</summary>
    private static Seq<(string, object)> Replication() => Seq<(string, object)>(
        ("role", "master"), ("connected_slaves", 0));

    private static Seq<(string, object)> Raft(StoreNode node, NodeState state, HealthReportEntry health)
    {
        var leader = state.LeaderId;
        return Seq<(string, object)>(
                ("raft_node", state.Self.Value), ("raft_role", RoleName(state)), ("raft_term", state.CurrentTerm.Value),
                ("raft_leader", leader.Match(id => $"{id.Value}", () => "")),
                ("raft_leader_address", leader.Bind(node.Options.Clients.Find).Match(Address.Text, () => "")),
                ("raft_members", string.Join(',', state.Configuration.Members.Select(member => member.Value))),
                ("raft_commit_index", state.CommitIndex.Value), ("raft_applied_index", state.LastApplied.Value),
                ("raft_lag", state.CommitIndex.Value - state.LastApplied.Value),
                ("raft_health", $"{health.Status}".ToLowerInvariant()),
                ("raft_health_reason", OpeningFailure.OneLine(health.Description ?? "")))
            .Concat(Followers(state)).Strict();
    }

    /// <summary>What only a leader knows: how many entries each follower lacks, as far as it has said.</summary>
    private static Seq<(string, object)> Followers(NodeState state) => state.Role is Role.Leader leader
        ? toSeq(leader.Followers.AsEnumerable()).Map(follower => (
            $"raft_follower_{follower.Key.Value}",
            (object)FormattableString.Invariant(
                $"match_index={follower.Value.MatchIndex.Value},lag={Lag(state, follower.Value.MatchIndex)}"))).Strict()
        : [];

    private static ulong Lag(NodeState state, LogIndex match) =>
        state.Log.LastIndex.Value - Math.Min(state.Log.LastIndex.Value, match.Value);

    private static Seq<(string, object)> Keyspace(Store store) => store.Count == 0
        ? Seq1(("clock_ms", (object)store.Now))
        : Seq<(string, object)>(
            ("db0", FormattableString.Invariant($"keys={store.Count},expires={store.Dues.Count},avg_ttl=0")),
            ("clock_ms", store.Now));

    private static string RoleName(NodeState state) => state.Role switch
    {
        _ when state.IsBlank => "waiting",
        Role.Leader => "leader",
        Role.Candidate => "candidate",
        Role.PreCandidate => "precandidate",
        _ when state.IsVoter => "follower",
        _ => "learner",
    };

    private static long DiskBytes(string directory)
    {
        try
        {
            return new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories)
                .Sum(file => file.Length);
        }
        catch (IOException)
        {
            return -1;                                      // a file went away meanwhile
        }
    }

    private static string Section(string name, Seq<(string Name, object Value)> lines)
    {
        var text = new StringBuilder($"# {name}\r\n");
        foreach (var (line, value) in lines) text.Append(CultureInfo.InvariantCulture, $"{line}:{value}\r\n");
        return text.ToString();
    }
}
