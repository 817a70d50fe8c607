using System.Threading;

namespace RxRaft.Tests;

/// <summary>Something that takes until it is let go on.</summary>
internal sealed class HeldUp : IDisposable
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim begun = new();
    private readonly ManualResetEventSlim free = new();
    private volatile bool ended;

    public bool HasEnded => ended;

    /// <summary>Takes that long.</summary>
    public void Run()
    {
        begun.Set();
        Assert.True(free.Wait(Generous), "nobody has let it go on");
        ended = true;
    }

    /// <summary>Waits until somebody is in it.</summary>
    public void HasBegun() => Assert.True(begun.Wait(Generous), "it was never begun");

    public void GoOn() => free.Set();

    public void Dispose()
    {
        begun.Dispose();
        free.Dispose();
    }
}
