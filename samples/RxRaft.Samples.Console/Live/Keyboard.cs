using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace RxRaft.Samples;

/// <summary>What comes from the outside: keys, and the signals that end a program.</summary>
internal static class Keyboard
{
    /// <summary>Keys, as they are pressed.</summary>
    /// <remarks>
    /// On a thread that waits in ReadKey: what is typed while nobody reads is echoed, and that would spoil the view.
    /// </remarks>
    public static IObservable<ConsoleKeyInfo> Keys() => Observable.Create<ConsoleKeyInfo>(observer =>
    {
        new Thread(Read) { Name = "keyboard", IsBackground = true }.Start();
        return Disposable.Empty;

        void Read()
        {
            while (true) observer.OnNext(Console.ReadKey(intercept: true));
        }
    });

    /// <summary>Lines on standard input, until it ends.</summary>
    public static IObservable<string> Lines() => Observable.Create<string>(observer =>
    {
        new Thread(Read) { Name = "standard input", IsBackground = true }.Start();
        return Disposable.Empty;

        void Read()
        {
            while (Console.In.ReadLine() is { } line) observer.OnNext(line);
            observer.OnCompleted();
        }
    });

    /// <summary>Ctrl-C, and what a closing terminal or a system that shuts down sends; the process goes on.</summary>
    public static IObservable<PosixSignal> Signals() => Observable.Create<PosixSignal>(observer =>
        new CompositeDisposable(Deadly.Map(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            observer.OnNext(context.Signal);
        }))));

    private static readonly Seq<PosixSignal> Deadly =
        Seq(PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT);
}
