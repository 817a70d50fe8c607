using System.IO;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;

namespace RxRaft;

/// <summary>
/// A record of everything that happens to one node, from which the same algorithm does the same again, step by step.
/// </summary>
/// <remarks>
/// Given to a node as it starts; the format is in journal.proto. It is written on a thread of its own, without fsync,
/// and holds the node up nowhere: what a killed process had not handed over, some 20 ms, is missing at the end. When
/// the node makes more than can be written, steps are left out, and the record goes on with the node's state behind
/// them. A journal that cannot be written stops, and says so; the node goes on.
/// </remarks>
public sealed class Journal : IDisposable
{
    private const int Many = 2_048;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private readonly JournalOptions options;
    private readonly JournalWriter writer;
    private readonly Lane<JournalItem> lane;
    private readonly IDisposable held;
    private readonly ISubject<string> problems = Subject.Synchronize(new ReplaySubject<string>(bufferSize: 16));
    private long waiting;
    private long lost;                      // touched by one step at a time, as is what follows
    private NodeState? behind;              // the state after the last step that was lost
    private long lostEver;
    private int disposed;

    private Journal(IFileSystem files, JournalOptions options, IDisposable held)
    {
        (this.options, this.held) = (options, held);
        Directory = files.Directory;
        writer = new JournalWriter(files, options, Tell);
        lane = new("raft journal", items =>
        {
            var done = 0L;
            for (var i = 0; i < items.Count; i++) done += items[i].Weight;
            writer.Write(items);
            Interlocked.Add(ref waiting, -done);
        }, Many, Soon);
    }

    /// <summary>Opens a journal, for one node at a time. A directory that has one already goes on with it.</summary>
    /// <param name="directory">Its files; made if it is not there.</param>
    /// <param name="options">By default <see cref="JournalOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message names it and its value.</exception>
    /// <exception cref="IOException">The directory cannot be one, or is in use.</exception>
    public static Journal Open(string directory, JournalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        try
        {
            System.IO.Directory.CreateDirectory(directory);
            return Open(RealFileSystem.At(directory), options ?? JournalOptions.Default);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DiskRefusedException)
        {
            throw new IOException($"No journal can be written in '{directory}': {fault.Message}", fault);
        }
    }

    internal static Journal Open(IFileSystem files, JournalOptions options)
    {
        if (options.Problems is { IsEmpty: false } wrong)
            throw new ArgumentException(string.Join("; ", wrong), nameof(options));

        var held = files.TryLock("lock") ?? throw new IOException("another journal is being written there");
        return new(files, options, held);
    }

    /// <summary>The path of its directory.</summary>
    public string Directory { get; }

    /// <summary>
    /// What is not recorded, and why, in words; the latest few also for who comes late. Told on the journal's thread.
    /// </summary>
    public IObservable<string> Problems => problems.AsObservable();

    /// <summary>How many steps were left out, as there were too many to be written.</summary>
    public long Lost => Interlocked.Read(ref lostEver);

    /// <summary>Whether something waits to be written.</summary>
    internal bool IsBehind => Interlocked.Read(ref waiting) > 0;

    /// <summary>Writes what is left, and closes the files. Dispose of the node first.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;

        lane.Close();
        writer.Dispose();
        held.Dispose();
        problems.OnCompleted();
    }

    /// <summary>The algorithm, recorded: a life of a node begins.</summary>
    /// <param name="boot">What it is as it starts.</param>
    /// <param name="step">The algorithm.</param>
    internal Func<NodeState, Input, Transition> Recording(NodeState boot, Func<NodeState, Input, Transition> step)
    {
        (lost, behind) = (0, null);
        lane.Post(new(JournalItemKind.Begin, null, boot, 0, 0));
        return (state, input) =>
        {
            try
            {
                var next = step(state, input);
                Note(input, next.State);
                return next;
            }
            catch (Exception)
            {
                Note(input, after: null);                                   // the node halts, and this is why
                throw;
            }
        };
    }

    /// <summary>The life has ended.</summary>
    internal void Ended()
    {
        GoOn();
        lane.Post(new(JournalItemKind.End, null, null, 0, 0));
    }

    /// <summary>Who listens can no more harm the record than the record the node.</summary>
    private void Tell(string words)
    {
        try
        {
            problems.OnNext(words);
        }
        catch (Exception)
        {
            // Theirs, and nobody is here to hear of it.
        }
    }

    /// <param name="input">Of the step.</param>
    /// <param name="after">None of the last, which is recorded however much waits: there is no more to come.</param>
    private void Note(Input input, NodeState? after)
    {
        var weight = JournalItem.WeightOf(input);
        var all    = Interlocked.Add(ref waiting, weight);
        if (after is null || all <= (lost > 0 ? options.MaxWaiting / 2 : options.MaxWaiting))
        {
            GoOn();
            lane.Post(new(JournalItemKind.Step, input, after, 0, weight));
            return;
        }

        Interlocked.Add(ref waiting, -weight);
        Interlocked.Increment(ref lostEver);
        lost++;
        behind = after;
    }

    /// <summary>The record goes on behind the steps that were lost, if there are any.</summary>
    private void GoOn()
    {
        if (lost > 0 && behind is { } from) lane.Post(new(JournalItemKind.GoOn, null, from, lost, 0));
        (lost, behind) = (0, null);
    }
}
