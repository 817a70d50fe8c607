using System.Threading.Tasks;

namespace RxRaft;

/// <summary>What a disk does in order, one after the other.</summary>
internal abstract record DiskWork
{
    private DiskWork() { }

    /// <summary>A change becomes durable.</summary>
    public sealed record Write(Effect.Persist Change, IObserver<Unit> By) : DiskWork;

    /// <summary>A part of a snapshot is put on disk.</summary>
    public sealed record Store(Effect.StoreChunk Part, IObserver<Unit> By) : DiskWork;

    /// <summary>Somebody wants to know what is durable.</summary>
    public sealed record Recover(TaskCompletionSource<PersistentState> Told) : DiskWork;

    /// <summary>It is done.</summary>
    public void Tell(Func<PersistentState> state)
    {
        if (this is Recover recover)
        {
            try
            {
                recover.Told.TrySetResult(state());
            }
            catch (Exception fault)
            {
                recover.Told.TrySetException(fault);
                throw;
            }

            return;
        }

        var observer = Observer;
        observer.OnNext(Unit.Default);
        observer.OnCompleted();
    }

    /// <summary>It is not, and never will be.</summary>
    public void Fail(Exception fault)
    {
        if (this is Recover recover) recover.Told.TrySetException(fault);
        else Observer.OnError(fault);
    }

    private IObserver<Unit> Observer => this switch
    {
        Write write => write.By,
        Store store => store.By,
        Recover => throw new InvalidOperationException("Nobody observes"),
        _ => throw Unreachable.Case(this),
    };
}
