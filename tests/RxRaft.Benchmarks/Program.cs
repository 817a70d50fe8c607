using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using BenchmarkDotNet.Running;

namespace RxRaft.Benchmarks;

/// <summary>
/// BenchmarkDotNet's switcher, and a short cut: <c>election --quick</c> runs one class, in this process, in seconds.
/// <c>core</c>, <c>apply</c>, <c>memory</c>, <c>wire</c>, <c>inline</c>, <c>journal</c>, <c>cluster</c>, <c>redis</c> and
/// <c>failover</c> are reports of their own. Without arguments it lists what there is.
/// </summary>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        if (args is ["core", ..]) Core.Run(args[1..]);
        else if (args is ["apply"]) Apply.Run();
        else if (args is ["memory"]) Memory.Run();
        else if (args is ["wire"]) Wire.Run();
        else if (args is ["inline", ..]) await Inline.Run(args[1..]);
        else if (args is ["redis", ..]) await Redis.Run(args[1..]);
        else if (args is ["failover", ..]) await Failover.Run(args[1..]);
        else if (args is ["journal", ..]) await Journaling.Run(args[1..]);
        else if (args is ["cluster", ..]) await Versus.Run(args[1..]);
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
