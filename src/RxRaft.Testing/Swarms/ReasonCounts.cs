using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>How often each branch of the algorithm was taken: every one of them says a <see cref="Reason"/>.</summary>
/// <remarks>Counted are the cases of Reason, and of what it names as causes.</remarks>
public sealed record ReasonCounts
{
    /// <summary>Nothing has happened.</summary>
    public static readonly ReasonCounts None = new(Map<string, long>());

    private readonly Map<string, long> counts;

    private ReasonCounts(Map<string, long> counts) => this.counts = counts;

    /// <summary>Everything that can be said, by name.</summary>
    public static Seq<string> All { get; } = toSeq(
        CasesOf(typeof(Reason)).Concat(CasesOf(typeof(VoteRefusal))).Concat(CasesOf(typeof(StepDownCause)))
            .Concat(Enum.GetNames<IgnoreCause>().Select(cause => $"{nameof(IgnoreCause)}.{cause}"))
            .Order(StringComparer.Ordinal).ToArray());

    /// <summary>What was said at all, and how often.</summary>
    public Seq<(string Name, long Count)> Taken =>
        All.Map(name => (name, counts.Find(name).IfNone(0))).Filter(each => each.Item2 > 0).Strict();

    /// <summary>What was never said.</summary>
    public Seq<string> NeverTaken => All.Filter(name => !counts.ContainsKey(name)).Strict();

    /// <summary>Both together.</summary>
    public static ReasonCounts operator +(ReasonCounts one, ReasonCounts other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new(other.counts.Fold(one.counts, (sum, name, count) =>
            sum.AddOrUpdate(name, sum.Find(name).IfNone(0) + count)));
    }

    /// <inheritdoc cref="op_Addition"/>
    public static ReasonCounts Add(ReasonCounts one, ReasonCounts other) => one + other;

    /// <summary>Counts what the nodes of a world say, from now on.</summary>
    /// <returns>What was said up to the moment at which it is asked.</returns>
    public static Func<ReasonCounts> Of(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var counts = new Dictionary<string, long>();
        world.Events.Subscribe(happened =>
        {
            var reasons = happened switch
            {
                WorldEvent.Started started => started.Step.Reasons,
                WorldEvent.Stepped stepped => stepped.Step.Reasons,
                _ => [],
            };
            foreach (var reason in reasons)
                foreach (var name in NamesOf(reason)) counts[name] = counts.GetValueOrDefault(name) + 1;
        });
        return () => new(toMap(counts.Select(each => (each.Key, each.Value))));
    }

    private static Seq<string> NamesOf(Reason reason)
    {
        var cause = reason switch
        {
            Reason.VoteRefused refused => NameOf(refused.Cause),
            Reason.PreVoteRefused refused => NameOf(refused.Cause),
            Reason.SteppedDown down => NameOf(down.Cause),
            Reason.Ignored ignored => $"{nameof(IgnoreCause)}.{ignored.Cause}",
            _ => "",
        };
        return cause.Length == 0 ? Seq1(NameOf(reason)) : Seq(NameOf(reason), cause);
    }

    private static string NameOf(object said) => $"{said.GetType().DeclaringType!.Name}.{said.GetType().Name}";

    private static IEnumerable<string> CasesOf(Type union) =>
        union.GetNestedTypes().Where(union.IsAssignableFrom).Select(type => $"{union.Name}.{type.Name}");
}
