using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples;

/// <summary>The built program in a process of its own: asked by lines, and heard by lines.</summary>
internal sealed class NodeProcess : IDisposable
{
    /// <summary>On a busy machine a process gets a second of it in minutes; one that has ended is not waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process process;
    private readonly ISubject<string> lines = Subject.Synchronize(new ReplaySubject<string>());
    private int open = 2;                                       // standard output, and standard error

    public NodeProcess(params IEnumerable<string> args)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        process = new Process
        {
            StartInfo = new ProcessStartInfo(host, [typeof(Arguments).Assembly.Location, .. args])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += (_, said) => Hear(said.Data);
        process.ErrorDataReceived += (_, said) => Hear(said.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public void Ask(string order)
    {
        process.StandardInput.WriteLine(order);
        process.StandardInput.Flush();
    }

    /// <summary>Standard input ends, as it does for a node that nobody types to.</summary>
    public void EndInput() => process.StandardInput.Close();

    /// <summary>The first line that has this in it, said already or yet to come.</summary>
    public async Task<Match> Says(string pattern)
    {
        try
        {
            return await lines.Select(line => Regex.Match(line, pattern)).FirstAsync(match => match.Success).Timeout(Patience).ToTask();
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            throw new TimeoutException($"never said: {pattern}; but\n" + string.Join('\n', Everything()));
        }
    }

    /// <summary>Asks, and gets the answer.</summary>
    public Task<Match> Answers(string order, string pattern)
    {
        Ask(order);
        return Says($"=> {order}: {pattern}");
    }

    public void KillAtOnce() => process.Kill();

    public async Task<int> Ends()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Nothing is left behind, whatever became of the test.</summary>
    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is not null) lines.OnNext(line);
        else if (Interlocked.Decrement(ref open) == 0) lines.OnCompleted();
    }

    /// <summary>What it has said so far; all of it, once it has ended.</summary>
    public IReadOnlyList<string> Everything()
    {
        var said = new ConcurrentQueue<string>();
        lines.Subscribe(said.Enqueue).Dispose();                // what was said before is told at once
        return [.. said];
    }
}
