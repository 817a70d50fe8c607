using System.IO;

namespace RxRaft.Samples;

/// <summary>RxRaft in a terminal: something to watch, a story to read, the MIT Raft lab, real nodes.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        InstanceSearch.Skip();
        return Run(args, Console.Out, Console.Error, () => LiveView.IsPossible);
    }

    /// <returns>The exit code: 0 all is well, 1 something failed, 2 the arguments are wrong.</returns>
    internal static int Run(string[] args, TextWriter output, TextWriter errors, Func<bool> terminal) =>
        CommandLine.Parse(toSeq(args)).Match(
            Left: problem => Say(errors, $"{problem}; --help explains", exitCode: 2),
            Right: command => command switch
            {
                Command.Help => Say(output, HelpText.Everything, exitCode: 0),
                Command.Watch(var speed) when terminal() => LiveView.Run(speed.IfNone(LiveView.SlowMotion)),
                Command.Watch(var speed) => StoryTeller.InRealTime(speed.IfNone(1), output, errors),
                Command.Story(var speed) => StoryTeller.InRealTime(speed, output, errors),
                Command.SeededStory(var seed) => StoryTeller.InVirtualTime(seed, output, errors),
                Command.Lab(var rounds, var seed) => LabReport.Run(rounds, seed, output),
                Command.Replay(var options) => ReplayProgram.Run(options, output, errors),
                Command.Node(var options) => ProcessPrograms.Node(options, output, errors, terminal),
                Command.Cluster(var options) => ProcessPrograms.Cluster(options, output, errors, terminal),
                _ => throw new InvalidOperationException($"{command} is not carried out"),
            });

    private static int Say(TextWriter writer, string text, int exitCode)
    {
        writer.WriteLine(text);
        return exitCode;
    }
}
