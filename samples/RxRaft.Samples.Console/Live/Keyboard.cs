using System.Linq;
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
    /// A thread that waits in ReadKey, for a terminal echoes what is typed while nobody reads, and would so spoil the view.
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

    /// <summary>Ctrl-C, and what closing the terminal or a system that shuts down sends. The default, to die at once, is off.</summary>
    public static IObservable<PosixSignal> Signals() => Observable.Create<PosixSignal>(observer =>
        new CompositeDisposable(new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                observer.OnNext(context.Signal);
            }))));
}
