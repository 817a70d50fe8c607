using System.Threading;

namespace RxRaft.Tests;

/// <summary>One who goes on when he is told.</summary>
internal sealed class Caller(Action goOn) : IThreadPoolWorkItem
{
    public void Execute() => goOn();
}
