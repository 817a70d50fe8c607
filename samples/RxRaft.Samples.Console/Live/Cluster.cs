using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace RxRaft.Samples;

/// <summary>Five nodes that live as long as somebody watches: orders go in, pictures come out.</summary>
internal static class Cluster
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(50);

    /// <summary>Pictures of a cluster of one's own, some twenty a second.</summary>
    /// <param name="speed">Of the cluster's time against ours.</param>
    /// <param name="orders">From any thread.</param>
    /// <param name="loop">The one thread that the world may be touched on: all of this runs there.</param>
    public static IObservable<Picture> Watch(double speed, IObservable<Action<World>> orders, IScheduler loop) =>
        Observable.Using(() => NewWorld(new DriftingScheduler(loop, speed)), world =>
        {
            var diaries = world.Events
                .Scan(Diary.Empty, (diary, happened) => diary.After(happened)).StartWith(Diary.Empty);

            var pictures = Observable.Interval(Frame, loop)                         // now and then
                .WithLatestFrom(diaries, (_, diary) => Picture.Of(world, diary));   // a picture is taken;

            var obeyed = orders.StartWith(start => start.Start())                   // the first order is to start,
                .ObserveOn(loop)                                                    // and all are carried out
                .Do(order => order(world))                                          // where the world lives.
                .SelectMany(_ => Observable.Empty<Picture>());

            return pictures.Merge(obeyed);
        })
        .SubscribeOn(loop);

    private static World NewWorld(IScheduler time) =>
        new(new WorldOptions { Seed = unchecked((ulong)Random.Shared.NextInt64()) }.Counting(), time);
}
