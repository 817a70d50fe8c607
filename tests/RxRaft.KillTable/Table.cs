using System.Globalization;

namespace RxRaft.KillTable;

/// <summary>Defects, and who notices them.</summary>
internal static class Table
{
    /// <returns>0 when each defect is noticed.</returns>
    public static int Print(Choice choice, string repository)
    {
        using var scratch = Scratch.Of(repository, choice.Catchers);
        foreach (var catcher in choice.Catchers)
            if (catcher.Ask(scratch.Root).Noticed.Case is string failed)
                throw new FormatException($"{catcher.Name} fails without any defect: {failed}");

        var missed = choice.Defects.Filter(defect => !IsNoticed(defect, choice, scratch)).Strict();
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"{choice.Defects.Count - missed.Count} of {choice.Defects.Count} defects are noticed"));
        missed.Iter(defect => Console.WriteLine($"not noticed: {defect}"));
        return missed.IsEmpty ? 0 : 1;
    }

    private static bool IsNoticed(Defect defect, Choice choice, Scratch scratch)
    {
        Console.WriteLine(defect);
        using var _ = scratch.With(defect);
        var any = false;
        foreach (var catcher in choice.Catchers.OrderBy(catcher => catcher.IsOfShell != defect.IsOfShell))
        {
            if (any && !choice.All) break;

            var (noticed, took) = catcher.Ask(scratch.Root);
            any |= noticed.IsSome;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"    {catcher.Name,-8} {took.TotalSeconds,5:F1} s  {noticed.IfNone("-")}"));
        }

        return any;
    }
}
