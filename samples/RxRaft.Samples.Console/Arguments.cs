using System.Globalization;

namespace RxRaft.Samples;

/// <summary>Options with their values, and flags, each once.</summary>
internal sealed record Arguments(Map<string, string> Given)
{
    /// <returns>The options, or what is wrong in one line.</returns>
    /// <param name="args">Names and values in turn; flags alone.</param>
    /// <param name="known">Options that have a value.</param>
    /// <param name="flags">Options that have none.</param>
    public static Either<string, Arguments> Read(Seq<string> args, Seq<string> known, Seq<string> flags)
    {
        var given = Map<string, string>();
        for (var rest = args; !rest.IsEmpty;)
        {
            var name = rest[0];
            var flag = flags.Contains(name);
            if (!flag && !known.Contains(name))
                return $"unknown {(name.StartsWith('-') ? "option" : "argument")} '{name}'";
            if (!flag && rest.Count == 1) return $"{name} needs a value";
            if (given.ContainsKey(name)) return $"{name} is given twice";

            given = given.Add(name, flag ? "" : rest[1]);
            rest = rest.Skip(flag ? 1 : 2).Strict();
        }

        return new Arguments(given);
    }

    /// <summary>A whole number in digits alone.</summary>
    /// <param name="least">Inclusive, not below 0.</param>
    /// <param name="most">Inclusive.</param>
    public static Option<int> Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least && number <= most
            ? number
            : None;

    public string this[string name] => Given[name];

    public bool Has(string name) => Given.ContainsKey(name);

    public Either<string, Option<T>> Value<T>(string name, Func<string, Either<string, T>> parse) =>
        Given.Find(name).Case is string text ? parse(text).Map(Some) : Right<string, Option<T>>(None);

    public Either<string, T> Required<T>(string name, Func<string, Either<string, T>> parse) =>
        Given.Find(name).Case is string text ? parse(text) : Left<string, T>($"{name} is needed");
}
