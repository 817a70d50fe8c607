using System.Security.Cryptography;
using System.Threading;

namespace RxRaft.Samples.KeyValue;

/// <summary>One connection: who it is.</summary>
internal sealed class Session(RespServer server)
{
    private static long last;

    /// <summary>There are no others.</summary>
    public static readonly Bytes OnlyUser = Bytes.Of("default");

    /// <summary>How long a client may be connected that has not shown the password.</summary>
    public static readonly TimeSpan TimeToShow = TimeSpan.FromSeconds(10);

    public RespServer Server => server;

    public StoreNode Node => server.Node;

    public long Id { get; } = Interlocked.Increment(ref last);

    public ReplyWriter Writer { get; } = new();

    public Bytes Name { get; set; } = Bytes.Empty;

    /// <summary>Whether it has shown the password, or need not.</summary>
    public bool IsKnown { get; private set; } = server.Password.IsNone;

    /// <summary>Whether it is to be closed once it has its replies.</summary>
    public bool IsOver { get; set; }

    /// <summary>Shows a password. How long it takes does not tell how much of it was right.</summary>
    public bool Show(Bytes user, Bytes password)
    {
        var right = server.Password.Case is Bytes expected
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(expected.Span), SHA256.HashData(password.Span));
        var known = right && user == OnlyUser;
        IsKnown |= known;
        return known;
    }

    public void Reset()
    {
        (Name, Writer.Resp3, IsKnown) = (Bytes.Empty, false, server.Password.IsNone);
    }
}
