using System.Collections.Generic;
using System.Linq;
using static RxRaft.Testing.KeyValueCommand;
using KeyValueHistory = RxRaft.Testing.History<RxRaft.Testing.KeyValueCommand, LanguageExt.Option<string>>;
using KeyValueOperation = RxRaft.Testing.Operation<RxRaft.Testing.KeyValueCommand, LanguageExt.Option<string>>;
using KeyValueVerdict = RxRaft.Testing.Verdict<RxRaft.Testing.KeyValueCommand, LanguageExt.Option<string>>;
using Returned = RxRaft.Testing.Ending<LanguageExt.Option<string>>.Returned;
using Store = LanguageExt.Map<string, string>;

namespace RxRaft.Tests;

/// <summary>The search against histories that really happened, and against trying every order.</summary>
public sealed class LinearizabilitySearchTests
{
    [Fact]
    public void What_really_happened_is_always_linearizable()
    {
        for (var seed = 1UL; seed <= 300; seed++)
        {
            var history = Happened(new Dice(seed), clients: 6, operations: 60, keys: 2, lossOneIn: 12);
            var verdict = Linearizability.Check(history, KeyValueModel.Instance);

            Assert.True(verdict is KeyValueVerdict.Linearizable, $"seed {seed}: {verdict}");
            Explains(history, ((KeyValueVerdict.Linearizable)verdict).Order, $"seed {seed}");
        }
    }

    [Fact]
    public void One_wrong_answer_is_found_unless_another_order_explains_it()
    {
        var wrong = 0;
        for (var seed = 1UL; seed <= 3_000; seed++)
        {
            var dice = new Dice(seed);
            var history = Mutated(dice, Happened(dice, clients: 3, operations: 6, keys: 2, lossOneIn: 6));
            wrong += AgreesWithBruteForce(history, seed) ? 0 : 1;
        }

        Assert.InRange(wrong, 1_000, 2_900);
    }

    [Fact]
    public void The_search_and_trying_every_order_agree_on_random_answers()
    {
        var wrong = 0;
        for (var seed = 1UL; seed <= 5_000; seed++)
            wrong += AgreesWithBruteForce(Random(new Dice(seed), clients: 4, operations: 6), seed) ? 0 : 1;

        Assert.InRange(wrong, 1_000, 4_500);
    }

    [Fact]
    public void Two_thousand_operations_of_ten_clients_on_one_key_take_little_work()
    {
        var history = Happened(new Dice(1), clients: 10, operations: 2_000, keys: 1, lossOneIn: 0);

        Assert.IsType<KeyValueVerdict.Linearizable>(Linearizability.Check(history, KeyValueModel.Instance, workLimit: 100_000));
        Assert.IsType<KeyValueVerdict.NotLinearizable>(
            Linearizability.Check(Mutated(new Dice(2), history), KeyValueModel.Instance, workLimit: 100_000));
    }

    [Fact]
    public void Of_many_that_were_never_answered_only_those_are_placed_that_somebody_saw()
    {
        var history = NeverAnswered(20);
        foreach (var seen in new[] { "<17>", "<17><4>", "<17><4><12>" })
            history = history.Invoked(21, new Get("x"), TimeSpan.Zero).Returned(21, seen, TimeSpan.Zero);

        Assert.IsType<KeyValueVerdict.Linearizable>(Linearizability.Check(history, KeyValueModel.Instance, workLimit: 10_000));
    }

    [Fact]
    public void Of_many_that_were_never_answered_several_come_in_a_row_where_somebody_saw_them_so()
    {
        var history = NeverAnswered(20);
        history = history.Invoked(21, new Get("x"), TimeSpan.Zero).Returned(21, "<17><4><12>", TimeSpan.Zero);

        Assert.IsType<KeyValueVerdict.Linearizable>(Linearizability.Check(history, KeyValueModel.Instance, workLimit: 100_000));
    }

    [Fact]
    public void What_has_no_order_though_many_were_never_answered_is_told_so_with_half_as_much_work_again_as_trying_all()
    {
        var history = NeverAnswered(9);
        history = history.Invoked(10, new Get("x"), TimeSpan.Zero).Returned(10, "<10>", TimeSpan.Zero);

        // 986,410 rows of some of nine, and after each of them the read is tried.
        Assert.IsType<KeyValueVerdict.NotLinearizable>(Linearizability.Check(history, KeyValueModel.Instance, workLimit: 3_000_000));
    }

    /// <summary>Each of so many clients appends its number to x, and hears nothing.</summary>
    private static KeyValueHistory NeverAnswered(int clients) => Enumerable.Range(1, clients).Aggregate(
        KeyValueHistory.Empty, (history, client) => history.Invoked(client, new Append("x", $"<{client}>"), TimeSpan.Zero));

    [Fact]
    public void A_few_lost_answers_among_two_thousand_operations_take_little_work()
    {
        var history = Happened(new Dice(3), clients: 10, operations: 2_000, keys: 10, lossOneIn: 50);

        Assert.Contains(history.Operations, operation => operation.Ending is not Returned);
        Assert.IsType<KeyValueVerdict.Linearizable>(Linearizability.Check(history, KeyValueModel.Instance, workLimit: 200_000));
    }

    /// <summary>Whether it is linearizable: by the search, in parts and as a whole, and by brute force.</summary>
    private static bool AgreesWithBruteForce(KeyValueHistory history, ulong seed)
    {
        var expected = BruteForce(history.Operations, KeyValueModel.Instance.Initial, Set<int>());
        var told = $"seed {seed}:\n{string.Join('\n', history.Events)}";

        foreach (var verdict in new[]
            { Linearizability.Check(history, KeyValueModel.Instance), Linearizability.Check(history, new Whole()) })
        {
            Assert.True(verdict is KeyValueVerdict.Linearizable == expected, $"{told}\n{verdict}");
            if (verdict is KeyValueVerdict.Linearizable(var order)) Explains(history, order, told);
            if (verdict is KeyValueVerdict.NotLinearizable no) Follows(no.Prefix, told);
        }

        return expected;
    }

    private static bool BruteForce(Seq<KeyValueOperation> operations, Store state, Set<int> placed)
    {
        var open = operations.Where(operation => !placed.Contains(operation.Number)).ToList();
        if (open.TrueForAll(operation => operation.Ending is not Returned)) return true;

        var firstReturn = open.Min(operation => operation.End);
        return open.Exists(operation =>
        {
            var (after, found) = KeyValueModel.Instance.Step(state, operation.Command);
            return operation.Begin < firstReturn
                && (operation.Ending is not Returned(var told, _) || told == found)
                && BruteForce(operations, after, placed.Add(operation.Number));
        });
    }

    /// <summary>The order holds all that was answered, once, and follows the rules.</summary>
    private static void Explains(KeyValueHistory history, Seq<KeyValueOperation> order, string told)
    {
        Assert.True(order.Distinct().Count() == order.Count, told);
        Assert.True(history.Operations.Where(operation => operation.Ending is Returned).All(each => order.Contains(each)), told);
        Follows(order, told);
    }

    /// <summary>Nobody comes after somebody who began when it had returned, and everybody finds what it was told.</summary>
    private static void Follows(Seq<KeyValueOperation> order, string told)
    {
        var (state, latest) = (KeyValueModel.Instance.Initial, -1);
        foreach (var operation in order)
        {
            (state, var found) = KeyValueModel.Instance.Step(state, operation.Command);
            latest = Math.Max(latest, operation.Begin);
            Assert.True(operation.End > latest, told);
            Assert.True(operation.Ending is not Returned(var answer, _) || answer == found, told);
        }
    }

    /// <summary>A store really runs: each command takes effect at one moment, and every client sees what it may.</summary>
    private static KeyValueHistory Happened(Dice dice, int clients, int operations, int keys, int lossOneIn)
    {
        var (history, state) = (KeyValueHistory.Empty, KeyValueModel.Instance.Initial);
        var asked   = new Dictionary<int, KeyValueCommand>();       // and not done yet
        var done    = new Dictionary<int, Option<string>>();        // and not answered yet
        var limbo   = new List<KeyValueCommand>();                  // not done yet, and nobody waits any more
        while (operations > 0 || asked.Count + done.Count > 0)
        {
            var client = dice.Below(clients);
            var lost = lossOneIn > 0 && dice.Below(2 * lossOneIn) == 0;
            if (limbo.Count > 0 && dice.Below(20) == 0)
            {
                state = KeyValueModel.Instance.Step(state, limbo[0]).State;
                limbo.RemoveAt(0);
            }

            if (asked.Remove(client, out var command))
            {
                if (lost) limbo.Add(command); else (state, done[client]) = KeyValueModel.Instance.Step(state, command);
                if (lost) history = history.Lost(client);
            }
            else if (done.Remove(client, out var found)) history = lost ? history.Lost(client) : history.Told(client, found);
            else if (operations-- > 0) history = history.Ask(client, asked[client] = Command(dice, keys, values: 3));
        }

        return history;
    }

    /// <summary>Any answers at all.</summary>
    private static KeyValueHistory Random(Dice dice, int clients, int operations)
    {
        var history = KeyValueHistory.Empty;
        var waiting = new SortedSet<int>();
        while (operations > 0 || waiting.Count > 0)
        {
            var client = dice.Below(clients);
            if (waiting.Remove(client))
                history = dice.Below(8) == 0 ? history.Lost(client) : history.Told(client, Answer(dice, values: 1));
            else if (operations-- > 0 && waiting.Add(client))
                history = history.Ask(client, Command(dice, keys: 1, values: 1));
        }

        return history;
    }

    private static KeyValueHistory Mutated(Dice dice, KeyValueHistory history)
    {
        var answers = history.Events.OfType<HistoryEvent<KeyValueCommand, Option<string>>.Returned>().ToList();
        if (answers.Count == 0) return history;

        var wrong  = answers[dice.Below(answers.Count)];
        var answer = wrong.Result;
        while (answer == wrong.Result) answer = Answer(dice, values: 3);
        return history.Events.Fold(KeyValueHistory.Empty, (all, happened) =>
            all.Add(ReferenceEquals(happened, wrong) ? wrong with { Result = answer } : happened));
    }

    private static KeyValueCommand Command(Dice dice, int keys, int values)
    {
        var key = $"k{dice.Below(keys)}";
        var value = $"{dice.Below(values)}";
        return dice.Below(8) switch
        {
            0 => new Put(key, value),
            1 => new Append(key, value),
            2 => new Cas(key, Answer(dice, values), value),
            3 => new Delete(key),
            _ => new Get(key),
        };
    }

    private static Option<string> Answer(Dice dice, int values) =>
        dice.Below(values + 1) == 0 ? None : Some($"{dice.Below(values)}");

    /// <summary>The same store, all keys at once, its states hard to tell apart.</summary>
    private sealed class Whole : IModel<Store, KeyValueCommand, Option<string>>, IEqualityComparer<Store>
    {
        public IEqualityComparer<Store> States => this;

        public bool Equals(Store x, Store y) => x == y;

        public int GetHashCode(Store obj) => 0;

        public Store Initial => KeyValueModel.Instance.Initial;

        public (Store State, Option<string> Result) Step(Store state, KeyValueCommand command) =>
            KeyValueModel.Instance.Step(state, command);
    }
}
