using System.IO;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RxRaft.Samples;

/// <summary>What a terminal without colours would show.</summary>
internal static class PlainScreen
{
    /// <summary>Line by line.</summary>
    public static string[] Lines(IRenderable view, int width)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Write(view);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
