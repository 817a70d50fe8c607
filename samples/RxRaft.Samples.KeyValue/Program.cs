using System.IO;

namespace RxRaft.Samples.KeyValue;

/// <summary>A replicated store that Redis's clients can talk to.</summary>
internal static class Program
{
    /// <summary>
    /// Whoever finds that a client has sent something also reads it: to wake another thread costs more. .NET has no
    /// other switch for it, and looks once, before the first socket.
    /// </summary>
    private const string ReadAtOnce = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static int Main(string[] args)
    {
        InstanceSearch.Skip();
        Environment.SetEnvironmentVariable(ReadAtOnce, "1");
        return Run(
            args, Environment.GetEnvironmentVariable(CommandLine.PasswordVariable), Environment.MachineName,
            Console.Out, Console.Error);
    }

    /// <returns>The exit code: 0 all is well, 1 something failed, 2 the arguments are wrong.</returns>
    internal static int Run(string[] args, string? password, string host, TextWriter output, TextWriter errors) =>
        CommandLine.Parse(toSeq(args), Optional(password), host).Match(
            Left: problem => Say(errors, $"{problem}; --help explains", exitCode: 2),
            Right: command => command switch
            {
                Command.Help => Say(output, HelpText.Everything, exitCode: 0),
                Command.Cluster(var options) => ClusterProgram.Run(options, output, errors),
                Command.Node(var options) => NodeProgram.Run(options, output, errors),
                Command.Probe(var options) => ProbeProgram.Run(options, output, errors),
                _ => throw Unreachable.Case(command),
            });

    private static int Say(TextWriter writer, string text, int exitCode)
    {
        writer.WriteLine(text);
        return exitCode;
    }
}
