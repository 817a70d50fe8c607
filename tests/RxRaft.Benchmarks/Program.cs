using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Running;

namespace RxRaft.Benchmarks;

/// <summary>
/// BenchmarkDotNet's switcher, and two short cuts: <c>election --quick</c> runs one class, in this process, in seconds.
/// Without arguments it lists what there is.
/// </summary>
internal static class Program
{
    private static void Main(string[] args)
    {
        if (args is ["core", ..]) Core.Run(args[1..]);
        else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args is [] ? List : args.SelectMany(InFull)]);
    }

    private static readonly string[] List = ["--list", "flat"];

    private static IEnumerable<string> InFull(string argument, int place) => argument switch
    {
        "--quick" => ["--job", "short", "--inProcess"],
        _ when place == 0 && !argument.StartsWith('-') => ["--filter", $"*.{argument}.*"],
        _ => [argument],
    };
}
