using System.IO;
using System.Linq;

namespace RxRaft.Tests.Replaying;

/// <summary>Journals of a few nodes in a directory that goes with them.</summary>
internal sealed class Recorded : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("journals-");
    private readonly Map<NodeId, Journal> journals;

    public Recorded(Seq<NodeId> nodes, JournalOptions? options = null) =>
        journals = toMap(nodes.Map(node => (node, Journal.Open(Of(node), options))).Strict());

    public Journal this[NodeId node] => journals[node];

    public bool Has(NodeId node) => journals.ContainsKey(node);

    public string Of(NodeId node) => Path.Combine(root.FullName, $"{node.Value}");

    /// <summary>All of it is on disk.</summary>
    public void Close() => journals.Values.Iter(journal => journal.Dispose());

    /// <summary>Every life of a node, as it is replayed; nothing may differ.</summary>
    public Seq<Replayed> Replay(NodeId node)
    {
        var told = toSeq(RxRaft.Testing.Replay.Of(Of(node)).ToArray());
        told.Iter(one => Assert.False(one is Replayed.Differed or Replayed.Torn, string.Join('\n', ReplayTranscript.LinesOf(one))));
        return told;
    }

    public void Dispose()
    {
        Close();
        root.Delete(recursive: true);
    }
}
