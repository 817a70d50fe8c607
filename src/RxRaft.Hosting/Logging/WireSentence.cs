namespace RxRaft.Hosting;

/// <summary>An event of the wire, in words once somebody reads them.</summary>
internal readonly record struct WireSentence(WireEvent Happened)
{
    public override string ToString() => Happened switch
    {
        WireEvent.Connected e => $"Connected {Way(e.Direction)} {e.Peer} at {e.Remote}, version {e.Version}",
        WireEvent.Lost e => $"Connection {Way(e.Direction)} {e.Peer} lost: {e.Why}",
        WireEvent.Refused e => $"{e.Remote}{Name(e.Peer)} refused as {e.Reason}: {e.Why}",
        WireEvent.Unreachable e => $"{e.Peer} at {e.Remote} not reached{Named(e.Reason)}: {e.Why}",
        WireEvent.Dropped e => Say.Invariant($"Messages to {e.Peer} dropped: {e.Messages}"),
        WireEvent.Skipped e => Say.Invariant(
            $"A message of {e.Peer} is of kind {e.Kind}, which this version does not know"),
        WireEvent.Failed e => $"Failed to {e.What}: {e.Why}",
        WireEvent.Unsaid e => Say.Invariant($"Events that were too many to be told: {e.Events}"),
        _ => throw Unreachable.Case(Happened),
    };

    private static string Way(WireDirection direction) => direction is WireDirection.Out ? "to" : "from";

    private static string Name(Option<NodeId> peer) => peer.Match(id => $", as {id},", () => "");

    private static string Named(Option<WireRefusal> reason) => reason.Match(why => $", as {why}", () => "");
}
