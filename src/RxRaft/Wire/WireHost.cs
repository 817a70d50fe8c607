using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>What a wire wants of the machine it runs on, and may be refused: sockets and threads.</summary>
/// <remarks>A value, so that tests can refuse them.</remarks>
internal sealed record WireHost
{
    /// <summary>The machine itself.</summary>
    public static readonly WireHost Real = new();

    /// <summary>Makes a socket that can connect to an address.</summary>
    public Func<EndPoint, Socket> Socket { get; init; } = Sockets.For;

    /// <summary>Waits for the next one who dials.</summary>
    public Func<Socket, CancellationToken, ValueTask<Socket>> Accept { get; init; } =
        static (listener, cancel) => listener.AcceptAsync(cancel);

    /// <summary>Lets a thread run.</summary>
    public Action<Thread> Start { get; init; } = static thread => thread.Start();
}
