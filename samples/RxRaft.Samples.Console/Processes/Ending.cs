using System.IO;
using System.Threading.Tasks;

namespace RxRaft.Samples;

/// <summary>How a node and the processes that it has started come to their end.</summary>
internal static class Ending
{
    /// <summary>Ends everything.</summary>
    /// <param name="crew">The node and its processes.</param>
    /// <param name="handOver">Whether the cluster goes on: then leadership is handed over first.</param>
    /// <param name="halted">Why the node has halted, if it has.</param>
    /// <param name="errors">Hears that.</param>
    /// <returns>The exit code.</returns>
    public static int Of(Crew crew, bool handOver, Exception? halted, TextWriter errors)
    {
        Task.Run(async () =>
        {
            if (handOver) await crew.Member.HandOver().ConfigureAwait(false);
            await crew.DisposeAsync().ConfigureAwait(false);
            await crew.Member.DisposeAsync().ConfigureAwait(false);
        }).GetAwaiter().GetResult();

        if (halted is null) return 0;
        errors.WriteLine($"{crew.Member.Self} has halted: {MemberNews.OneLine(halted.Message)}");
        return 1;
    }
}
