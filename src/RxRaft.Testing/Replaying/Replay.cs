using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>Journals, folded through the algorithm once more.</summary>
public static class Replay
{
    /// <summary>
    /// What a journal tells, step by step; lazily, and anew with each enumeration. Nothing is replayed after the first
    /// difference, until a file begins that goes on from a state of its own.
    /// </summary>
    /// <param name="path">A file of a journal, or a directory of one.</param>
    /// <param name="step">The algorithm; by default <see cref="Raft.Step"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no journal in the directory.</exception>
    /// <exception cref="DiskCorruptionException">A file is damaged; thrown where it is, by the enumeration.</exception>
    public static IEnumerable<Replayed> Of(string path, Func<NodeState, Input, Transition>? step = null) =>
        Of(Parts(Files(path)), step ?? Raft.Step);

    /// <summary>Where two versions of the algorithm first do something else on the same inputs.</summary>
    /// <param name="path">A file of a journal, or a directory of one.</param>
    /// <param name="first">One version, such as <see cref="Raft.Step"/>.</param>
    /// <param name="second">The other.</param>
    /// <returns>None if they do the same all along.</returns>
    /// <inheritdoc cref="Of(string, Func{NodeState, Input, Transition})"/>
    public static Option<JournalDifference> Compare(
        string path, Func<NodeState, Input, Transition> first, Func<NodeState, Input, Transition> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Comparison.First(Parts(Files(path)), first, second);
    }

    /// <summary>The files of a journal, in their order.</summary>
    internal static Seq<string> Files(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (File.Exists(path)) return Seq1(path);
        if (!Directory.Exists(path)) throw new FileNotFoundException($"There is no file or directory '{path}'", path);

        var files = Directory.GetFiles(path).Where(file => JournalRecord.NumberOf(Path.GetFileName(file)).IsSome)
            .Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0
            ? toSeq(files)
            : throw new FileNotFoundException(
                $"There is no journal in '{path}': no file is called {JournalRecord.NameOf(1)}, or so", path);
    }

    private static IEnumerable<(string File, JournalPart Part)> Parts(Seq<string> files) =>
        files.SelectMany(file => new JournalReader(file, File.ReadAllBytes(file)).Read().Select(part => (file, part)));

    internal static IEnumerable<Replayed> Of(
        IEnumerable<(string File, JournalPart Part)> parts, Func<NodeState, Input, Transition> step)
    {
        var fold = new Fold(step);
        foreach (var (file, part) in parts)
            if (fold.After(file, part) is { } told) yield return told;
    }

    /// <summary>Where a replay stands.</summary>
    private sealed class Fold(Func<NodeState, Input, Transition> step)
    {
        private NodeState? state;                               // none before the first head, and after a difference
        private ulong number;
        private bool over;                                      // the life has ended

        public Replayed? After(string file, JournalPart part) => part switch
        {
            JournalPart.Head head => Begin(file, head),
            JournalPart.Step one when state is { } before => Step(file, one, before),
            JournalPart.Digest digest when state is { } now => Check(file, digest, now),
            JournalPart.Torn torn => new Replayed.Torn(number, file, torn.Offset, torn.Bytes),
            JournalPart.Step or JournalPart.Digest => null,
            _ => throw Unreachable.Case(part),
        };

        private Replayed? Begin(string file, JournalPart.Head head)
        {
            var said  = head.Said;
            var inLife = state is not null && !over && !said.Boot;
            var begin = said.Step - Math.Min(said.Lost, said.Step);
            var goes  = inLife && said.Lost == 0 && said.Step == number;
            var same  = goes && StateDifference.Same(state!, head.State);
            var words = goes && !same
                ? $"the next file goes on from another state: {Words(head.State, state!)}"
                : null;
            var missing = inLife && begin > number ? begin - number : 0;
            (state, number, over) = (head.State, said.Step, false);
            return words is not null ? new Replayed.Differed(number, file, head.Offset, words)
                : same ? null
                : new Replayed.Began(
                    number, file, head.Offset, head.State, said.Boot, said.Lost, said.Library,
                    DateTimeOffset.FromUnixTimeMilliseconds(said.UnixMilliseconds))
                {
                    Missing = missing,
                };
        }

        private Replayed Step(string file, JournalPart.Step one, NodeState before)
        {
            number++;
            try
            {
                var next = step(before, one.Input);
                var sum  = JournalState.Check(next.State);
                state = next.State;
                if (one.Check == sum) return new Replayed.Stepped(number, file, one.Offset, before, one.Input, next);

                state = null;
                return new Replayed.Differed(number, file, one.Offset, one.Check.Match(
                    was => Say.Invariant($"the check of the state is 0x{sum:x8}, and 0x{was:x8} was recorded"),
                    () => "the node halted on this step, and the replay does not"));
            }
            catch (Exception fault)
            {
                if (one.Check.IsNone) return new Replayed.Halted(number, file, one.Offset, before, one.Input, fault);

                state = null;
                return new Replayed.Differed(
                    number, file, one.Offset, $"the replay halts, which the node did not: {fault.Message}");
            }
        }

        private Replayed? Check(string file, JournalPart.Digest digest, NodeState now)
        {
            var found = digest.After <= now.Log.LastIndex && digest.After >= now.Log.Base.Index
                ? JournalState.Digest(now, digest.After)
                : 0;
            if (digest.Number == number && digest.Value == found)
            {
                over = digest.IsEnd;
                return digest.IsEnd ? new Replayed.Ended(number, file, digest.Offset, now) : null;
            }

            state = null;
            return new Replayed.Differed(number, file, digest.Offset, Say.Invariant(
                $"the digest of the state is {found:x16}, and after step {digest.Number} it was {digest.Value:x16}"));
        }

        private static string Words(NodeState recorded, NodeState replayed) =>
            StateDifference.Between(recorded, replayed).HeadOrNone().Match(
                one => $"{one.Path} was {one.First}, and is {one.Second}", () => "");
    }
}
