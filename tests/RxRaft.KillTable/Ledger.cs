using System.Globalization;
using System.IO;
using System.Linq;

namespace RxRaft.KillTable;

/// <summary>Who has said what of which defect, kept in a file as it comes: a run that was broken off can go on.</summary>
/// <remarks>A line of it is a defect's key, a catcher, the seconds that it took, and what it noticed, with tabs between.</remarks>
internal sealed class Ledger
{
    private const string Sound = "sound";

    private readonly Option<string> file;
    private Map<(string Key, string Catcher), Answer> answers;

    private Ledger(Option<string> file, Map<(string, string), Answer> answers) => (this.file, this.answers) = (file, answers);

    /// <summary>What a file has; nothing if there is none yet.</summary>
    /// <exception cref="FormatException">A line of it is no answer.</exception>
    public static Ledger Of(Option<string> file) => new(
        file, toMap(file.Filter(File.Exists).Map(File.ReadAllLines).IfNone([]).Select(Read).DistinctBy(each => each.Item1)));

    /// <summary>What a catcher has said of a defect; of none, whether it finds the sources sound.</summary>
    public Option<Answer> Find(Option<Defect> defect, Catcher catcher) => answers.Find((KeyOf(defect), catcher.Name));

    /// <summary>Keeps an answer.</summary>
    public Answer Add(Option<Defect> defect, Catcher catcher, Answer answer)
    {
        answers = answers.AddOrUpdate((KeyOf(defect), catcher.Name), answer);
        file.IfSome(path => File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture,
            $"{KeyOf(defect)}\t{catcher.Name}\t{answer.Took.TotalSeconds:F1}\t{answer.Noticed.IfNone("-")}\n")));
        return answer;
    }

    private static string KeyOf(Option<Defect> defect) => defect.Match(some => some.Key, () => Sound);

    private static ((string, string), Answer) Read(string line) =>
        line.Split('\t') is [var key, var catcher, var took, var noticed]
        && double.TryParse(took, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? ((key, catcher), new(noticed == "-" ? None : noticed, TimeSpan.FromSeconds(seconds)))
            : throw new FormatException($"no answer of a kill table: '{line}'");
}
