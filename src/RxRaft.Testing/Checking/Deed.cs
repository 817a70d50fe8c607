namespace RxRaft.Testing.Checking;

/// <summary>What led from one state of the cluster to the next.</summary>
/// <param name="Node">The index of the node.</param>
/// <param name="Kind">What it was to do.</param>
/// <param name="Argument">See <see cref="Checking.Kind"/>.</param>
/// <param name="Again">Whether a copy of the message stays on its way.</param>
/// <param name="Cut">Before which write the power went; -1 if it did not.</param>
internal readonly record struct Deed(int Node, Kind Kind, int Argument, bool Again, int Cut)
{
    /// <summary>What of the bounds it costs, as they are laid out.</summary>
    public (uint Spent, uint Asked) Cost
    {
        get
        {
            var spent = Kind switch
            {
                Kind.Wake when (Alarm)Argument is Alarm.Election or Alarm.Quorum => 1u,
                Kind.Refused => 1u,
                Kind.Wake when (Alarm)Argument is Alarm.Heartbeat or Alarm.LateHeartbeat => 1u << 8,
                Kind.Wake when (Alarm)Argument == Alarm.Retry => 1u << 24,
                Kind.Crash => 1u << 16,
                _ => 0u,
            };
            var asked = Kind switch
            {
                Kind.Propose => 1u,
                Kind.Read => 1u << 8,
                Kind.Change => 1u << 16,
                Kind.Transfer => 1u << 24,
                _ => 0u,
            };
            return (spent + (Again ? 1u << 24 : 0) + (Cut >= 0 ? 1u << 16 : 0), asked);
        }
    }
}

/// <summary>Hears what can follow a state of the cluster.</summary>
internal interface ISink
{
    /// <summary>A state that can.</summary>
    /// <param name="row">As <see cref="Layout"/> says. Copy it.</param>
    /// <param name="print">Its hash, the least of those under all permutations of names.</param>
    /// <param name="deed">What led there.</param>
    /// <param name="together">The messages that were on their way; those not in the row are lost.</param>
    void Next(ReadOnlySpan<int> row, ulong print, Deed deed, ReadOnlySpan<int> together);

    /// <summary>Something that must not be.</summary>
    void Found(Deed deed, Finding wrong);
}
