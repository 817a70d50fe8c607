using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Architecture;

/// <summary>What breaks a rule: usually file:line and why.</summary>
internal static class Findings
{
    /// <summary>Fails with every finding on a line of its own, uncut.</summary>
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
