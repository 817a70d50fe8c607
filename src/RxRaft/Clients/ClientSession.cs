using System.Threading;
using Answered = System.Collections.Generic.HashSet<ulong>;

namespace RxRaft;

/// <summary>The client's side of a session: it numbers its commands, and says which answers it has.</summary>
/// <remarks>§6.3.</remarks>
internal sealed class ClientSession(SessionId id)
{
    private readonly Lock gate = new();
    private readonly Answered answeredBeyond = [];                  // the first unanswered one
    private ulong last;
    private ulong firstUnanswered = 1;

    public SessionId Id => id;

    /// <summary>The number of a new command.</summary>
    public ulong Begin() => Interlocked.Increment(ref last);

    /// <summary>The command is answered, or nobody waits for it any more.</summary>
    public void End(ulong sequence)
    {
        lock (gate)
        {
            if (sequence != firstUnanswered)
            {
                answeredBeyond.Add(sequence);
                return;
            }

            var first = sequence;
            do first++; while (answeredBeyond.Remove(first));
            Volatile.Write(ref firstUnanswered, first);
        }
    }

    /// <summary>The lowest number that is neither answered nor given up: what is below may be forgotten.</summary>
    public ulong FirstUnanswered => Volatile.Read(ref firstUnanswered);
}
