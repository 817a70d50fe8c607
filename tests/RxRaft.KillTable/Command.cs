using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;

namespace RxRaft.KillTable;

/// <summary>What came of a command.</summary>
/// <param name="ExitCode">None when it was ended, after its time.</param>
/// <param name="Output">All that it said.</param>
/// <param name="Took">
/// Of the processor, all cores and all processes together, so that other work does not count; where the system does not say
/// that, the real time but for standstills.
/// </param>
internal sealed record Ran(Option<int> ExitCode, string Output, TimeSpan Took);

/// <summary>Other programs.</summary>
internal static class Command
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs one to its end, or ends it and all that it started.</summary>
    public static Ran Run(string directory, TimeSpan most, string program, params IEnumerable<string> arguments)
    {
        using var process = new Process
        {
            StartInfo = new(program, arguments)
            {
                WorkingDirectory = directory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var said = new StringBuilder();
        var gate = new Lock();
        void Hear(object _, DataReceivedEventArgs line)
        {
            lock (gate) said.AppendLine(line.Data);
        }

        process.OutputDataReceived += Hear;
        process.ErrorDataReceived  += Hear;
        var before = Processor();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var passed = Wait(process, most);
        var ended = process.HasExited;
        if (!ended) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        var took = from now in Processor() from then in before select now - then;
        lock (gate) return new(ended ? process.ExitCode : Option<int>.None, said.ToString(), took.IfNone(passed));
    }

    /// <summary>What all programs have used that have ended, with those that they waited for; Linux says.</summary>
    private static Option<TimeSpan> Processor()
    {
        const string Own = "/proc/self/stat";
        if (!File.Exists(Own)) return None;

        var words = File.ReadAllText(Own).Split(')')[^1].Split(' ');            // from the third field on: see proc(5)
        return 10 * TimeSpan.FromMilliseconds(Ticks(words[14]) + Ticks(words[15]));

        static long Ticks(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A machine that is asleep, or processes that somebody has stopped, do not use up the time: no wait counts for more than
    /// a few ticks.
    /// </summary>
    private static TimeSpan Wait(Process process, TimeSpan most)
    {
        var took = TimeSpan.Zero;
        while (took < most)
        {
            var watch = Stopwatch.StartNew();
            var ended = process.WaitForExit(Tick);
            took += watch.Elapsed < 5 * Tick ? watch.Elapsed : 5 * Tick;
            if (ended) break;
        }

        return took;
    }
}
