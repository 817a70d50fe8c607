namespace RxRaft.Samples.KeyValue;

/// <summary>What --help says.</summary>
internal static class HelpText
{
    public const string Everything = """
        RxRaft's key-value store: linearizable, replicated, durable, for clients of Redis.

        Usage: dotnet run --project samples/RxRaft.Samples.KeyValue [-- <command> [options]]

        Commands:
          (none)   Three nodes on this machine, each a process. Prints their process ids, and 'ready' once one
                   of them leads. Ctrl-C stops all. With --id and --cluster: one node of a cluster.
          probe <host>:<port>
                   Asks a node for a sign of life, and says how it is; --leader: it has to know a leader, too.

        Options:
          --data <dir>              Three nodes: their disks are the subdirectories 1, 2 and 3. Default: ./kv-data.
                                    One node: its disk. Needed.
          --password <word>         What clients have to show by AUTH. Without one, clients of this host alone
                                    are heard. RXRAFT_KV_PASSWORD in the environment does the same, unseen.
          --timeout <ms>            How long a client waits for a leader, and for an answer. Default: 5000.
          --election-ms <min>-<max> Elections after so long without a leader, heartbeats every sixth of the
                                    minimum; the same at every node. Default: 150-300.
          --lease-reads             The leader reads by its lease, without asking a quorum: rests on clocks.
          --log <level>             A log of what nodes do, on standard error: trace, debug, information, warning,
                                    error or critical. By default none.
          --name <name>             The cluster's: others' nodes and disks are refused. Default: kv.
          -h, --help                This text.

        Options of three nodes:
          --port <number>           The first node's, for clients; the others' follow. Default: 6380.
          --raft-port <number>      The first node's, for the others. Default: --port plus 10000.

        Options of one node:
          --id <number>             Which node it is. Needed, or:
          --id-from-host-name       One more than the number at the end of the host's name: kv-0 is node 1.
          --cluster <list>          Where the nodes listen to each other: 1=host:port,2=host:port,... On new
                                    disks these are the first members: the same list at each of them. Needed.
          --clients <list>          Where the nodes listen to clients, in the same way. Needed.
          --listen <addr>:<port>, --listen-clients <addr>:<port>
                                    Where this one listens, if not at its address in the list.
          --join                    It is no first member: on a new disk it waits until it is added.
          --tls-cert <file>, --tls-key <file>, --tls-ca <file>
                                    PEM, for what nodes tell each other: the node's certificate, which names it as
                                    rxraft://<name>/<id>, its key, and who issues the cluster's. TLS 1.3.
          --allow-plaintext         Without TLS, nodes also on addresses that are not this host's loopback.

        Exit codes: 0 all is well, 1 a node failed or does not answer, 2 the arguments are wrong.
        """;
}
