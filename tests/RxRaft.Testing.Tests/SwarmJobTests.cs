using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using RxRaft.Swarm;

namespace RxRaft.Tests;

/// <summary>The manifest that runs a swarm on many machines.</summary>
public sealed class SwarmJobTests
{
    [Fact]
    public void The_pods_of_the_manifest_have_every_seed_once()
    {
        var job   = File.ReadAllText(Path.Combine(TestData.Folder("../RxRaft.Swarm"), "swarm-job.yaml"));
        var words = Regex.Match(job, @"RxRaft\.Swarm\.dll (.+)\n").Groups[1].Value.Replace("\"", "", StringComparison.Ordinal);
        var pods  = Number(job, "completions");
        var parts = Enumerable.Range(0, pods).Select(pod => CommandLine
            .Read(words.Replace("$JOB_COMPLETION_INDEX", $"{pod}", StringComparison.Ordinal).Split(' '))
            .Match(order => order, wrong => throw new InvalidOperationException(wrong))).ToList();

        Assert.Equal(pods, Number(job, "parallelism"));
        Assert.All(parts, order => Assert.Equal(pods, order.Part.Parts));
        Assert.Equal(parts[0].Seeds.Count, (ulong)parts.Sum(order => (long)order.Seeds.Part(order.Part.Number, order.Part.Parts).Count));
    }

    private static int Number(string job, string name) =>
        int.Parse(Regex.Match(job, $@"{name}: (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
}
