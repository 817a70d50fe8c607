using System.Collections.Generic;
using System.Linq;

namespace RxRaft;

/// <summary>Writes what a journal is told into files, and removes the oldest. Lives on the journal's thread.</summary>
/// <param name="files">Its directory.</param>
/// <param name="options">How much it may be.</param>
/// <param name="tell">Hears what is not recorded, and why.</param>
internal sealed class JournalWriter(IFileSystem files, JournalOptions options, Action<string> tell) : IDisposable
{
    private const int Batch = 256 << 10;
    private const int Recent = 1_024;                           // entries that a digest on the way covers

    private readonly SendBuffer buffer = new();
    private readonly StepWriter steps = new();
    private readonly long each = options.MaxBytes / 4;          // bytes of steps in a file
    private readonly long batch = Math.Min(Batch, options.MaxBytes / 16);
    private Queue<(string Name, long Bytes)>? older;            // read at the first file
    private ulong number;
    private IFile? file;
    private string name = "";
    private long length;
    private long head;
    private NodeState? state;                                   // after the last step; none while nothing is recorded
    private ulong step;
    private ulong unwritten;                                    // steps in the buffer
    private Instant digested;
    private bool failed;                                        // nothing is written until a node starts again

    /// <summary>Writes all of it, and hands it to the operating system.</summary>
    public void Write(IReadOnlyList<JournalItem> items)
    {
        for (var i = 0; i < items.Count; i++) Try(items[i]);
        Try(default);
    }

    public void Dispose() => file?.Dispose();

    /// <summary>One thing more; what is kept back is written at the end.</summary>
    private void Try(JournalItem? item)
    {
        try
        {
            if (item is { } told) Take(told);
            if (!failed && (item is null || buffer.Count >= batch)) Flush();
        }
        catch (Exception fault)                                 // whatever it is, the node goes on
        {
            Fail(fault.Message);
        }
    }

    private void Take(JournalItem told)
    {
        switch (told.Kind)
        {
            case JournalItemKind.Begin:
                if (!failed) Flush();
                (failed, step) = (false, 0);
                Start(told.State!, boot: true, lost: 0);
                break;
            case JournalItemKind.GoOn when !failed && state is not null:
                tell(Say.Invariant($"{told.Lost} steps are not recorded: they were too many at once"));
                Flush();
                step += (ulong)told.Lost;
                Start(told.State!, boot: false, told.Lost);
                break;
            case JournalItemKind.Step when !failed && state is not null:
                Step(told.Input!, told.State);
                break;
            case JournalItemKind.End when !failed && state is { } last:
                Digest(JournalRecordType.End, last, last.Log.Base.Index);
                state = null;
                break;
        }
    }

    private void Step(Input input, NodeState? after)
    {
        step++;
        unwritten++;
        steps.Write(input, after is null ? null : JournalState.Check(after), buffer);
        if (after is null) return;                              // what it was before is what it halted as

        state = after;
        if (after.Now - digested < options.DigestInterval && length + buffer.Count - head < each) return;

        var whole = length + buffer.Count - head >= each;
        var from  = after.Log.Base.Index;
        if (!whole && after.Log.LastIndex.Value - from.Value > Recent) from = new(after.Log.LastIndex.Value - Recent);
        Digest(JournalRecordType.Digest, after, from);
        if (!whole) return;

        Flush();
        Start(after, boot: false, lost: 0);
    }

    private void Digest(JournalRecordType type, NodeState of, LogIndex after)
    {
        digested = of.Now;
        JournalRecord.Write(
            type,
            new Proto.Journals.Digest { Step = step, After = after.Value, Value = JournalState.Digest(of, after) },
            buffer);
    }

    /// <summary>A new file, which can be read without those before.</summary>
    private void Start(NodeState from, bool boot, long lost)
    {
        Close();
        buffer.Clear();
        JournalRecord.Magic.CopyTo(buffer.GetSpan(JournalRecord.Magic.Length));
        buffer.Advance(JournalRecord.Magic.Length);
        var began = new Proto.Journals.Head
        {
            Boot = boot,
            Step = step,
            Lost = (ulong)lost,
            UnixMilliseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        };
        JournalState.WriteHead(began, from, buffer);
        if (buffer.Count > options.MaxBytes / 2)
        {
            Fail(Say.Invariant(
                $"the node's state takes {buffer.Count} bytes, and MaxBytes is {options.MaxBytes}"));
            return;
        }

        (state, digested, head, length) = (from, from.Now, buffer.Count, 0);
        MakeRoom();                                             // and knows the last number by then
        name = JournalRecord.NameOf(++number);
        file = files.Create(name);
        Flush();
    }

    private Queue<(string Name, long Bytes)> Older()
    {
        var names = files.Names().Filter(one => JournalRecord.NumberOf(one).IsSome).Strict();
        number = names.Choose(JournalRecord.NumberOf).Fold(0UL, Math.Max);
        return new(names.Map(one =>
        {
            using var there = files.Open(one);
            return (one, there.Length);
        }).ToArray());
    }

    private void Flush()
    {
        if (buffer.Count == 0 || file is null) return;
        if (!MakeRoom() && state is { } now)
        {
            tell("steps are not recorded: together they have more bytes than the journal may have");
            Start(now, boot: false, (long)unwritten);
            return;
        }

        file.Write(buffer.Written.Span, length);
        length += buffer.Count;
        unwritten = 0;
        buffer.Clear();
    }

    /// <summary>Removes the oldest files, so that what is to be written may be.</summary>
    private bool MakeRoom()
    {
        var removable = older ??= Older();
        while (removable.Sum(one => one.Bytes) + length + buffer.Count > options.MaxBytes
            && removable.TryDequeue(out var oldest))
            files.Delete(oldest.Name);
        return length + buffer.Count <= options.MaxBytes;
    }

    private void Close()
    {
        if (file is null) return;

        file.Dispose();
        older?.Enqueue((name, length));
        (file, length) = (null, 0);
    }

    private void Fail(string why)
    {
        (failed, state) = (true, null);
        buffer.Clear();
        tell($"{files.Directory}: nothing is recorded any more: {why}");
    }
}
