using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>Whether a node is alive, and of use.</summary>
internal static class ProbeProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static int Run(ProbeOptions options, TextWriter output, TextWriter errors)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var info = Task.Run(() => RespProbe.Info(options.At, options.Password, patience.Token))
                .GetAwaiter().GetResult();
            var line = $"{info["raft_role"]} in T{info["raft_term"]}, leader {info["raft_leader"]}{Health(info)}";
            if (options.Leader && info["raft_leader"].Length == 0) return Fail(errors, options, line);

            output.WriteLine(line);
            return 0;
        }
        catch (IOException failure)
        {
            return Fail(errors, options, OpeningFailure.OneLine(failure.Message));
        }
        catch (KeyNotFoundException)
        {
            return Fail(errors, options, "it is no node of this store: INFO does not say what it is in Raft");
        }
        catch (OperationCanceledException)
        {
            return Fail(errors, options, $"no answer for {Patience.TotalSeconds} s");
        }
    }

    /// <summary>Why it is not sound, if so; who is older does not say.</summary>
    private static string Health(Dictionary<string, string> info) =>
        info.TryGetValue("raft_health", out var health) && health != "healthy"
            ? $"; {health}: {info["raft_health_reason"]}"
            : "";

    private static int Fail(TextWriter errors, ProbeOptions options, string problem)
    {
        errors.WriteLine($"{Address.Text(options.At)}: {problem}");
        return 1;
    }
}
