using System.Globalization;

namespace RxRaft.KillTable;

/// <summary>Defects, and who notices them.</summary>
internal static class Table
{
    /// <returns>0 when each defect is noticed.</returns>
    public static int Print(Choice choice, string repository, Ledger ledger)
    {
        if (choice.Catchers.Exists(catcher => ledger.Find(None, catcher).IsNone)
            || choice.Defects.Exists(defect => !Open(defect, choice, ledger).IsEmpty))
        {
            using var scratch = Scratch.Of(repository, choice.Catchers);
            choice.Catchers.Iter(catcher => FindsNothing(catcher, scratch, ledger));
            foreach (var defect in choice.Defects) Ask(defect, choice, scratch, ledger);
        }

        var missed = choice.Defects.Filter(defect => !IsNoticed(defect, choice, ledger)).Strict();
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"{choice.Defects.Count - missed.Count} of {choice.Defects.Count} defects are noticed"));
        missed.Iter(defect => Console.WriteLine($"not noticed: {defect}"));
        return missed.IsEmpty ? 0 : 1;
    }

    private static void FindsNothing(Catcher catcher, Scratch scratch, Ledger ledger)
    {
        if (ledger.Find(None, catcher).IsSome) return;

        var answer = catcher.Ask(scratch.Root);
        if (answer.Noticed.Case is string failed)
            throw new FormatException($"{catcher.Name} fails without any defect: {failed}");
        ledger.Add(None, catcher, answer);
    }

    private static void Ask(Defect defect, Choice choice, Scratch scratch, Ledger ledger)
    {
        Console.WriteLine(defect);
        if (Open(defect, choice, ledger).IsEmpty) return;

        using var _ = scratch.With(defect);
        while (Open(defect, choice, ledger).HeadOrNone().Case is Catcher catcher)
        {
            var answer = ledger.Add(defect, catcher, catcher.Ask(scratch.Root));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"    {catcher.Name,-8} {answer.Took.TotalSeconds,5:F1} s  {answer.Noticed.IfNone("-")}"));
        }
    }

    /// <summary>Who is still to be asked.</summary>
    private static Seq<Catcher> Open(Defect defect, Choice choice, Ledger ledger) =>
        !choice.All && IsNoticed(defect, choice, ledger)
            ? []
            : toSeq(choice.Catchers.OrderBy(catcher => catcher.IsOfShell != defect.IsOfShell))
                .Filter(catcher => ledger.Find(defect, catcher).IsNone).Strict();

    private static bool IsNoticed(Defect defect, Choice choice, Ledger ledger) =>
        choice.Catchers.Exists(catcher => ledger.Find(defect, catcher).Exists(answer => answer.Noticed.IsSome));
}
