using System.Linq;
using CsCheck;

namespace RxRaft.Tests.Journals;

/// <summary>Inputs of every kind, with everything in them that may be.</summary>
internal static class GeneratedInputs
{
    private static readonly Gen<NodeId> Node = Generated.Number.Select(id => new NodeId(id));

    private static readonly Gen<Set<NodeId>> Nodes = Node.HashSet[0, 4].Select(nodes => toSet(nodes));

    private static readonly Gen<Proposal> Proposal =
        Gen.OneOf(Generated.Command, Generated.Command, Generated.Register).Select(payload => new Proposal(payload));

    private static readonly Gen<MembershipChange> Change = Gen.OneOf(
        Node.Select(node => (MembershipChange)new MembershipChange.Add(node)),
        Node.Select(node => (MembershipChange)new MembershipChange.AddLearner(node)),
        Node.Select(node => (MembershipChange)new MembershipChange.Remove(node)),
        Gen.Select(Nodes, Nodes, (voters, learners) => (MembershipChange)new MembershipChange.To(voters, learners)));

    private static readonly Gen<Snapshot> Snapshot = Gen.Select(
        Generated.Position, Generated.Configuration, Generated.Size, (last, members, size) => new Snapshot(last, members, size));

    private static readonly Gen<Input> Input = Gen.OneOf(
        Gen.Const((Input)new Input.Tick()),
        Gen.Select(Node, Generated.Message, (from, message) => (Input)new Input.Receive(from, message)),
        Gen.Select(Generated.Term, Gen.Bool, Node, Generated.Position, (term, voted, vote, last) =>
            (Input)new Input.Persisted(term, voted ? vote : None, last)),
        Proposal.Array[0, 20].Select(proposals => (Input)new Input.Propose(toSeq(proposals))),
        Generated.Request.Array[0, 20].Select(requests => (Input)new Input.Read(toSeq(requests))),
        Gen.Select(Generated.Request, Change, (request, change) => (Input)new Input.Reconfigure(request, change)),
        Gen.Select(Generated.Request, Node, (request, target) => (Input)new Input.TransferTo(request, target)),
        Generated.Index.Select(index => (Input)new Input.Applied(index)),
        Snapshot.Select(snapshot => (Input)new Input.Snapshotted(snapshot)));

    /// <summary>Any input, at any time.</summary>
    public static readonly Gen<Input> Any = Gen.Select(Input, Gen.Long[0, long.MaxValue], (input, at) =>
        input with { At = new Instant(TimeSpan.FromTicks(at)) });

    /// <summary>Equal in everything: a part of a snapshot is compared by its bytes.</summary>
    public static bool Same(Input a, Input b) =>
        a is Input.Receive(var from, var said) && b is Input.Receive(var other, var heard)
            ? from == other && a.At == b.At && Generated.Same(said, heard)
            : a == b;
}
