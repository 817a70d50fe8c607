namespace RxRaft;

/// <summary>
/// Numbers for requests outside a session, none of which anybody else uses, or has used before a restart.
/// </summary>
/// <remarks>
/// 64 bits of chance from the node's seed, its id and where its disk stood when it started: a node that is started
/// twice with one seed draws others the second time, unless nothing of the first time is left to be confused with.
/// </remarks>
internal sealed class Nonces(NodeState boot)
{
    private readonly System.Threading.Lock gate = new();
    private Randomness chance = Randomness.For(
        unchecked((boot.Settings.Seed ?? 0) + (boot.CurrentTerm.Value << 32) + boot.LastLog.Index.Value), boot.Self);

    public RequestId Next()
    {
        lock (gate)
        {
            (var bits, chance) = chance.Next();
            return new RequestId(SessionId.None, bits);
        }
    }
}
