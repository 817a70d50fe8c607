using System.Linq;

namespace RxRaft.Samples;

/// <summary>A table that reads well in a terminal, in a file, and pasted into a page of Markdown.</summary>
internal static class TextTable
{
    /// <summary>Words to the left, numbers to the right.</summary>
    /// <param name="rows">The header first; each with as many cells.</param>
    public static Seq<string> Lines(Seq<string[]> rows)
    {
        var columns = Range(0, rows[0].Length).ToArray();
        var widths  = columns.Select(column => rows.Max(row => row[column].Length)).ToArray();
        var numbers = columns.Select(column => rows.Tail.Exists(row => IsNumber(row[column]))).ToArray();
        var rule    = columns.Select(column => Rule(column)).ToArray();

        return Line(rows.Head).Cons(Line(rule).Cons(rows.Tail.Map(Line))).Strict();

        string Line(string[] row) => $"| {string.Join(" | ", columns.Select(column => Cell(row[column], column)))} |";

        string Cell(string text, int column) =>
            numbers[column] ? text.PadLeft(widths[column]) : text.PadRight(widths[column]);

        string Rule(int column) => new string('-', widths[column] - 1) + (numbers[column] ? ':' : '-');
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && cell.All(c => char.IsAsciiDigit(c) || c == '.');
}
