using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using System.Threading;

namespace RxRaft.KillTable;

/// <summary>What came of a command.</summary>
/// <param name="ExitCode">None when it was ended, after its time.</param>
/// <param name="Output">All that it said.</param>
internal sealed record Ran(Option<int> ExitCode, string Output, TimeSpan Took);

/// <summary>Other programs.</summary>
internal static class Command
{
    /// <summary>Runs one to its end, or ends it and all that it started.</summary>
    public static Ran Run(string directory, TimeSpan most, string program, params IEnumerable<string> arguments)
    {
        var watch = Stopwatch.StartNew();
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
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExit(most);
        if (!ended) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        lock (gate) return new(ended ? process.ExitCode : Option<int>.None, said.ToString(), watch.Elapsed);
    }
}
