using System.Globalization;
using System.IO;
using System.Linq;

namespace RxRaft.KillTable;

/// <summary>
/// The kill table: every planted defect of <c>defects.txt</c>, and who notices it, and how fast.
/// </summary>
internal static class Program
{
    private const string Help = """
        Plants defects in a copy of the sources, one at a time, and says who notices.

          dotnet run -c Release --project tests/RxRaft.KillTable -- [options]

          --only <numbers>    These alone, like 28,51 or 1-6. Without it all of them.
          --with <catchers>   Of core, worlds, nodes, swarm, checker: these alone. Without it all, until one notices.
          --all               Each is asked, whether or not another has noticed.
          --ledger <file>     Keeps each answer there as it comes, and asks nobody again who has answered: a run that was
                              broken off goes on. What is there is of the defects as they are, but of whatever sources.
          --markdown <file>   Writes the table there, of all that is in the ledger.
          --list              Says what the defects are, and asks nobody.
        """;

    private static int Main(string[] args)
    {
        if (args is ["--help"])
        {
            Console.WriteLine(Help);
            return 0;
        }

        var defects = Defect.All(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "defects.txt")));
        var choice =
            from given in Arguments.Read(toSeq(args), Seq("--only", "--with", "--ledger", "--markdown"), Seq("--all", "--list"))
            from only in given.Value("--only", text => Numbers(text, defects))
            from with in given.Value("--with", Catchers)
            select new Choice(
                only.Match(numbers => defects.Filter(defect => numbers.Contains(defect.Number)).Strict(), defects),
                with.IfNone(Catcher.All), given.Has("--all"), given.Has("--list"),
                given.Given.Find("--ledger"), given.Given.Find("--markdown"));
        return choice.Match(chosen => Run(chosen, defects), wrong =>
        {
            Console.Error.WriteLine($"{wrong}; --help explains");
            return 2;
        });
    }

    private static int Run(Choice choice, Seq<Defect> defects)
    {
        try
        {
            var ledger = Ledger.Of(choice.Ledger);
            if (choice.List) choice.Defects.Iter(defect => Console.WriteLine(defect));
            var code = choice.List ? 0 : Table.Print(choice, Above(AppContext.BaseDirectory), ledger);
            choice.Markdown.IfSome(path => File.WriteAllText(path, Markdown.Of(defects, ledger)));
            return code;
        }
        catch (Exception wrong) when (wrong is FormatException or IOException)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
    }

    private static string Above(string directory)
    {
        var here = new DirectoryInfo(directory);
        while (here is not null && !File.Exists(Path.Combine(here.FullName, "RxRaft.sln"))) here = here.Parent;
        return here?.FullName ?? throw new IOException($"the sources are not above {directory}");
    }

    private static Either<string, Seq<Catcher>> Catchers(string text)
    {
        var names   = toSeq(text.Split(','));
        var unknown = names.Filter(name => !Catcher.All.Exists(catcher => catcher.Name == name));
        return unknown.HeadOrNone().Match<Either<string, Seq<Catcher>>>(
            name => $"--with does not know '{name}'",
            () => Catcher.All.Filter(catcher => names.Contains(catcher.Name)).Strict());
    }

    private static Either<string, Set<int>> Numbers(string text, Seq<Defect> defects)
    {
        var most  = defects.Map(defect => defect.Number).Max();
        var parts = toSeq(text.Split(',')).Map(part => Range(part, most)).Strict();
        return parts.ForAll(part => part.IsSome)
            ? toSet(parts.Bind(part => part.IfNone([])))
            : $"--only must be numbers from 1 to {most.ToString(CultureInfo.InvariantCulture)}, like 28,51 or 1-6, not '{text}'";
    }

    private static Option<Seq<int>> Range(string text, int most) =>
        toSeq(text.Split('-')).Map(number => Arguments.Whole(number, 1, most)).Sequence().Case is Seq<int> ends
            && ends.Count is 1 or 2 && ends[0] <= ends[ends.Count - 1]
                ? toSeq(Enumerable.Range(ends[0], ends[ends.Count - 1] - ends[0] + 1)).Strict()
                : None;
}

/// <summary>What is to be done.</summary>
internal sealed record Choice(
    Seq<Defect> Defects, Seq<Catcher> Catchers, bool All, bool List, Option<string> Ledger, Option<string> Markdown);
