using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace RxRaft.Checker;

/// <summary>What was asked for on the command line.</summary>
internal static class Arguments
{
    public const string Usage = """
        Looks at every state that a cluster can come to within bounds, and says what is wrong with any.

          dotnet run -c Release --project tests/RxRaft.Check -- [options]

          --nodes N        voters, from 1 to 5 (3)
          --terms N        the highest term that anybody stands for (3)
          --entries N      the longest log, leaders' no-ops included (2)
          --proposals N    commands that clients propose (1)
          --reads N        reads that clients ask for (0)
          --timeouts N     how often election timeouts run out (as often as there are terms)
          --heartbeats N   how often leaders' heartbeats are due, beside those sent at once (0)
          --crashes N      crashes, between steps or in the middle of one (0)
          --duplicates N   messages that arrive twice, or are sent again (0)
          --in-flight N    messages on their way at one moment that will arrive (4)
          --transfers N    hand-overs of leadership that are asked for (0)
          --remove N       a change of members, at any moment: node N is removed (none)
          --depth N        steps of a behaviour, at most (no bound)
          --states N       ends with the level after so many states (1000000000)
          --figure-8 B     S1 has led the second term and S3 the third, each with an entry at place 2: on or off (off)
          --heal N         from one state in N, that the cluster recovers (0: from none)
          --pre-votes B    the messages of pre-elections are late and lost like others: on or off (on)
          --idle B         replies that Raft has no use for are on their way, too: on or off (off)
          --symmetry B     states that differ only in names are one: on or off (on)
          --workers N      threads (one a core)
          --help           this

        It prints how it goes every ten seconds, and at the end what it found: the shortest way to what is wrong, as a
        transcript and as a Mermaid diagram. It ends with 0 if nothing is wrong, 1 if something is, 2 if it was not asked
        properly.
        """;

    /// <summary>What to check; or what is wrong with the arguments.</summary>
    public static Either<string, CheckOptions> Read(IReadOnlyList<string> args)
    {
        var options = new CheckOptions { Bounds = new Bounds { Terms = 3, Timeouts = -1 } };
        for (var i = 0; i < args.Count; i += 2)
        {
            if (!Known.TryGetValue(args[i], out var set)) return $"{args[i]} is no option: see --help";
            if (i + 1 == args.Count) return $"{args[i]} has no value";
            if (args[i] is "--symmetry" or "--pre-votes" or "--idle" or "--figure-8")
            {
                if (args[i + 1] is not ("on" or "off")) return $"{args[i]} is {args[i + 1]}: it must be on or off";
                options = set(options, args[i + 1] == "on" ? 1 : 0);
            }
            else if (!long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > int.MaxValue)
                return $"{args[i]} is {args[i + 1]}: it must be a whole number, at most {int.MaxValue}";
            else if (args[i] == "--nodes" && value is < 1 or > 5) return $"--nodes is {value}: it must be from 1 to 5";
            else options = set(options, (int)value);
        }

        var bounds = options.Bounds;
        var timeouts = bounds.Timeouts < 0 ? Math.Max(1, bounds.Terms) : bounds.Timeouts;
        var complete = options with { Bounds = bounds with { Timeouts = timeouts } };
        return complete.ProblemsWith(AsTyped) is { IsEmpty: false } problems ? string.Join("; ", problems) : complete;
    }

    /// <summary>What an option or bound is called on the command line: InFlight is --in-flight.</summary>
    private static string AsTyped(string name) => name switch
    {
        nameof(CheckOptions.Changes) => "--remove",
        nameof(CheckOptions.Disks) => "--figure-8",
        nameof(CheckOptions.HealOneIn) => "--heal",
        _ => string.Concat(name.Select(sign => char.IsUpper(sign) ? $"-{char.ToLowerInvariant(sign)}" : $"{sign}")).Insert(0, "-"),
    };

    /// <summary>All there are.</summary>
    public static IEnumerable<string> Options => Known.Keys;

    private static readonly Dictionary<string, Func<CheckOptions, int, CheckOptions>> Known = new()
    {
        ["--nodes"] = (all, n) => all with { Configuration = Configuration.OfNodes(toSeq(Range(1, n)).Map(id => new NodeId((ulong)id))) },
        ["--terms"] = Bound((all, n) => all with { Terms = n }),
        ["--entries"] = Bound((all, n) => all with { Entries = n }),
        ["--proposals"] = Bound((all, n) => all with { Proposals = n }),
        ["--reads"] = Bound((all, n) => all with { Reads = n }),
        ["--timeouts"] = Bound((all, n) => all with { Timeouts = n }),
        ["--heartbeats"] = Bound((all, n) => all with { Heartbeats = n }),
        ["--crashes"] = Bound((all, n) => all with { Crashes = n }),
        ["--duplicates"] = Bound((all, n) => all with { Duplicates = n }),
        ["--in-flight"] = Bound((all, n) => all with { InFlight = n }),
        ["--transfers"] = Bound((all, n) => all with { Transfers = n }),
        ["--depth"] = Bound((all, n) => all with { Depth = n }),
        ["--states"] = Bound((all, n) => all with { States = n }),
        ["--remove"] = (all, n) => all with
        {
            Changes = Seq1<MembershipChange>(new MembershipChange.Remove(new NodeId((ulong)n))),
            Bounds = all.Bounds with { Changes = 1 },
        },
        ["--heal"] = (all, n) => all with { HealOneIn = n },
        ["--workers"] = (all, n) => all with { Workers = n },
        ["--symmetry"] = (all, n) => all with { Symmetry = n == 1 },
        ["--idle"] = (all, n) => all with { ForgetsIdleReplies = n == 0 },
        ["--figure-8"] = (all, n) => n == 0 ? all : all with
        {
            Disks    = FigureEight,
            Settings = all.Settings with { Limits = new() { MaxAppendBytes = 1, MaxInflightAppends = 1 } },     // one entry each
        },
        ["--pre-votes"] = (all, n) => all with { PreVotes = n == 1 },
    };

    /// <summary>As in (b) of Figure 8, of three nodes.</summary>
    private static Map<NodeId, PersistentState> FigureEight => Map(
        (new NodeId(1), Disk(3, None, 1, 2)),
        (new NodeId(2), Disk(3, new NodeId(3), 1)),
        (new NodeId(3), Disk(3, new NodeId(3), 1, 3)));

    private static PersistentState Disk(ulong term, Option<NodeId> vote, params ulong[] terms) => new(
        new Term(term), vote, toSeq(terms).Fold(Log.Over(Snapshot.Beginning(RxRaft.Configuration.Of(1, 2, 3))), (log, each) =>
            log.Append(Seq1(new Entry(new(new Term(each), log.LastIndex.Next), Payload.Noop.Instance)))));

    private static Func<CheckOptions, int, CheckOptions> Bound(Func<Bounds, int, Bounds> set) =>
        (all, n) => all with { Bounds = set(all.Bounds, n) };
}
