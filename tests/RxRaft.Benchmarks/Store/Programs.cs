using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>Other programs, and ports for them.</summary>
internal static class Programs
{
    /// <summary>To its end.</summary>
    /// <returns>What it says.</returns>
    /// <exception cref="InvalidOperationException">It is not there, or fails.</exception>
    public static async Task<string> Run(
        string name, string package, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(name, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>()) start.Environment[variable] = value;
        using var process = Begin(start, package);
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await said
            : throw new InvalidOperationException($"{name} exited with {process.ExitCode}: {await errors}{await said}");
    }

    /// <summary>Starts one that goes on. What it says is not heard.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public static Process Start(string name, string package, IEnumerable<string> args)
    {
        var process = Begin(new ProcessStartInfo(name, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        }, package);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, said) =>
        {
            if (!string.IsNullOrWhiteSpace(said.Data)) Console.Error.WriteLine($"{name}: {said.Data}");
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>At once, as by kill -9.</summary>
    public static void Kill(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static Process Begin(ProcessStartInfo start, string package)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"{start.FileName} is not there: apt-get install --no-install-recommends {package}");
        }
    }
}
