namespace RxRaft.Samples;

/// <summary>What --help says.</summary>
internal static class HelpText
{
    public const string Everything = """
        RxRaft: Raft to watch, to read, to test, and to run.

        Usage: dotnet run --project samples/RxRaft.Samples.Console [-- <command> [options]]

        Commands:
          (none)   In a terminal: five nodes that count, live, in slow motion. Propose commands, cut
                   nodes off, crash them, and see what the others make of it; the keys are explained
                   on the screen.
                   Without a terminal (piped): the story.
          story    The same cluster plays a story: a leader is elected, cut off, replaced, and comes back;
                   the quorum is lost and regained. One line per event.
          lab      The three election tests of the MIT 6.824 Raft lab in virtual time, and their table
                   beside a published one.
          cluster  Real nodes that count, each a process with a disk and connections of its own: this one
                   is the first, and starts the others, which end when it does. Live in a terminal, with
                   keys to kill and restart them; else one line per event of the first.
          node     One such node, for clusters of your own: live in a terminal, else one line per event.
          replay <journal>
                   What a node's journal (see --journal; a file of it or its directory) has recorded, once more
                   through the algorithm: each step with its input, its reasons and its messages; whether the node
                   comes to the same states. A step's number, then the time on the node's clock since it started.

        Options:
          --speed <factor>   The cluster's time against yours, from 0.01 to 10: 1 is real time (elections
                             after 150-300 ms), 0.1 is ten times slower. Default: 0.1 live, 1 for the story.
          --seed <number>    story: play it in virtual time; one seed always tells the same story, to the byte.
                             lab: the seed of the simulated world. Default: 1.
          --rounds <number>  lab: the rounds of its third test, "multiple elections". Default: 10.
          -h, --help         This text.

        Options of node and cluster:
          --data <dir>              node: its disk, made if it is not there; a restart goes on with it.
                                    cluster: the disks are the subdirectories 1, 2, ... Needed.
          --name <name>             The cluster's: others' nodes and disks are refused. Default: console.
          --election-ms <min>-<max> Elections after so long without a leader, heartbeats every third of the
                                    minimum; the same at every node. Default: 150-300.

          --journal <dir>           Records every step of the node there, for 'replay'; 256 MiB at most. cluster:
                                    in the subdirectories 1, 2, ... Default: nothing is recorded.

        Options of replay:
          --until <step>|<time>  No further than that: 1234, 250ms, 1.5s.
          --break-on <reason>    Stop at the first step with this reason, like ElectionWon, and show the node's
                                 whole state after it. Exit code 1 if there is none.
          --diff <step> <step>   Instead of the steps, the fields of the state that differ after two of them,
                                 in the last life of the node.

        Options of cluster:
          --processes <number>  From 1 to 9. Default: 3.
          --port <number>       The first node's, the others' follow. Default: free ones from 7001 up.

        Options of node:
          --id <number>          Which node it is. Needed.
          --cluster <list>       Where all nodes listen: 1=host:port,2=host:port,... On new disks these are
                                 the first members: the same list at each of them. Needed.
          --listen <addr>:<port> Where this one listens, if not at its address in --cluster.
          --join                 It is no first member: on a new disk it waits until it is added. It stands in
                                 its own --cluster; running nodes are told of it by 'peer', see below.
          --tls-cert <file>, --tls-key <file>, --tls-ca <file>
                                 PEM: the node's certificate, which names it as rxraft://<name>/<id> among its
                                 subject's alternative names, its key, and who issues the cluster's. TLS 1.3.
          --allow-plaintext      Without TLS, also addresses that are not this host's loopback.
          --plain                One line per event, also in a terminal.

        A node without a terminal obeys lines on standard input, and answers each with a line with '=>':
          propose <number>   Proposes so many commands, each of which counts one up.
          count              The count, read linearizably.
          state              What the node is, and knows.
          transfer <id>      Hands leadership over.   add <id>, remove <id>   Changes the members.
                             These are the leader's to do.
          peer <id>=<host>:<port>   A node has come that is not in --cluster, or has moved.
          quit               Hands leadership over if it leads, and ends; so do SIGINT and SIGTERM.

        Exit codes: 0 all is well, 1 a test, the story or the node failed, a replay differs or a journal is damaged,
        2 the arguments are wrong.
        """;
}
