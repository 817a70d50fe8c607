using System.IO;
using static System.FormattableString;

namespace RxRaft.Swarm;

/// <summary>How it goes: one line that changes on a terminal, a line now and then elsewhere.</summary>
/// <param name="output">Where to.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
/// <param name="all">How many runs there are to be.</param>
/// <param name="what">What they are called.</param>
/// <param name="limit">After which time no run begins.</param>
internal sealed class ProgressLine(TextWriter output, bool isTerminal, ulong all, string what, TimeSpan limit)
{
    private const int Width = 24;
    private TimeSpan next = isTerminal ? TimeSpan.Zero : TimeSpan.FromSeconds(10);
    private int shown;

    /// <summary>A run has ended, and so all stand.</summary>
    public void Tell(SwarmTally tally)
    {
        if (tally.Elapsed < next) return;

        next = tally.Elapsed + (isTerminal ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(10));
        var line = Line(tally);
        if (!isTerminal)
        {
            output.WriteLine(line);
            return;
        }

        output.Write($"\r{Bar(tally)} {line}".PadRight(shown));
        shown = Width + line.Length + 4;
        output.Flush();
    }

    /// <summary>Room for other lines.</summary>
    public void Clear()
    {
        if (isTerminal && shown > 0) output.Write($"\r{new string(' ', shown)}\r");
        shown = 0;
    }

    private string Line(SwarmTally tally)
    {
        var (seconds, left) = (Math.Max(0.001, tally.Elapsed.TotalSeconds), Left(tally));
        return Invariant($"{tally.Done} of {all} {what}, {tally.Done / seconds:0.0} a second, ")
            + Invariant($"{tally.Passed.TotalSeconds / seconds:0} s of virtual time a second, ")
            + Invariant($"{tally.Failures.Count} failed, {(int)left.TotalHours:00}:{left:mm\\:ss} to go");
    }

    /// <summary>Until all are done, or the time is over; a year, if it is longer.</summary>
    private TimeSpan Left(SwarmTally tally)
    {
        var rest = tally.Elapsed.TotalDays * (all - tally.Done) / Math.Max(1, tally.Done);
        var time = (limit - tally.Elapsed).TotalDays;
        return TimeSpan.FromDays(Math.Clamp(Math.Min(rest, time), 0, 365));
    }

    private string Bar(SwarmTally tally)
    {
        var part = Math.Max((double)tally.Done / Math.Max(1, all), limit == TimeSpan.MaxValue ? 0 : tally.Elapsed / limit);
        var full = (int)(Width * Math.Min(1, part));
        return $"[{new string('#', full)}{new string('.', Width - full)}]";
    }
}
