using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CsCheck;

namespace RxRaft.Samples.KeyValue;

/// <summary>Requests into plans, and errors in Redis's words.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("get", "ERR wrong number of arguments for 'get' command")]
    [InlineData("GET a b", "ERR wrong number of arguments for 'get' command")]
    [InlineData("mset a", "ERR wrong number of arguments for 'mset' command")]
    [InlineData("mset a b c", "ERR wrong number of arguments for 'mset' command")]
    [InlineData("nope a b", "ERR unknown command 'NOPE', with args beginning with: 'a' 'b' ")]
    [InlineData("set a b NX XX", "ERR syntax error")]
    [InlineData("set a b EX", "ERR syntax error")]
    [InlineData("set a b EX 1 PX 1", "ERR syntax error")]
    [InlineData("set a b EX 1 KEEPTTL", "ERR syntax error")]
    [InlineData("set a b whatever", "ERR syntax error")]
    [InlineData("set a b EX x", "ERR value is not an integer or out of range")]
    [InlineData("set a b EX 0", "ERR invalid expire time in 'set' command")]
    [InlineData("setex a -1 b", "ERR invalid expire time in 'setex' command")]
    [InlineData("set a b EX 9223372036854775807", "ERR invalid expire time in 'set' command")]
    [InlineData("expire a 9223372036854775807", "ERR invalid expire time in 'expire' command")]
    [InlineData("incrby a x", "ERR value is not an integer or out of range")]
    [InlineData("decrby a -9223372036854775808", "ERR decrement would overflow")]
    [InlineData("scan x", "ERR invalid cursor")]
    [InlineData("scan 0 COUNT 0", "ERR syntax error")]
    [InlineData("scan 0 MATCH", "ERR syntax error")]
    [InlineData("select 1", "ERR DB index is out of range")]
    [InlineData("cluster nodes", "ERR This instance has cluster support disabled")]
    [InlineData("subscribe a", "ERR SUBSCRIBE is not supported: this store has no channels")]
    [InlineData("multi", "ERR MULTI is not supported: use CAS, SET NX or MSET, each of which is atomic")]
    public void A_request_that_cannot_be_is_refused_as_in_Redis(string request, string error) =>
        Assert.Equal(error, Assert.IsType<Reply.Error>(Planned(request).Case).Text);

    [Fact]
    public void The_options_of_SET_come_in_any_order()
    {
        var set = Assert.IsType<Change.Set>(ChangeOf("SET k v get px 5 xx"));
        Assert.Equal(new Change.Set(Key.Of("k"), Bytes.Of("v"), When.Present, new Lifetime.For(5), Fetch: true), set);
        Assert.Equal(new Lifetime.Until(7000), Assert.IsType<Change.Set>(ChangeOf("set k v EXAT 7")).Lifetime);
        Assert.Equal(new Lifetime.AsBefore(), Assert.IsType<Change.Set>(ChangeOf("set k v keepttl")).Lifetime);
    }

    [Theory]
    [InlineData("SET k v NX", "Nothing", "Null")]
    [InlineData("SETNX k v", "Nothing", "0")]
    [InlineData("SETNX k v", "Done", "1")]
    public void A_condition_that_does_not_hold_is_no_error(string request, string answer, string reply)
    {
        var write = Assert.IsType<Plan.Write>(Planned(request).Case);
        var told = write.Tell(answer == "Done" ? StoreMachine.Done : StoreMachine.Nothing);
        Assert.Equal(reply, told is Reply.Number(var number) ? $"{number}" : told.GetType().Name);
    }

    [Fact]
    public void How_long_a_key_has_to_live_is_by_the_stores_clock()
    {
        var store = (Store.Empty with { Now = 1000 })
            .Put(Key.Of("k"), new Held(Bytes.Empty, Some(3400L))).Put(Key.Of("e"), new Held(Bytes.Empty, None));

        Assert.Equal(("2", "2400"), (Seen(store, "TTL k"), Seen(store, "PTTL k")));
        Assert.Equal(("-1", "-2"), (Seen(store, "TTL e"), Seen(store, "TTL none")));
    }

    [Fact]
    public void What_is_there_all_the_while_is_in_exactly_one_page_whatever_comes_and_goes() =>
        Gen.Select(Gen.Int[0, 300].HashSet[0, 60], Gen.Int[0, 300].Array[0, 60], Gen.Int[1, 9]).Sample((stays, others, count) =>
        {
            var store = stays.Aggregate(Store.Empty, (all, i) => all.Put(Key.Of($"stays{i}"), new Held(Bytes.Empty, None)));
            var seen = new List<string>();
            for (var (cursor, page) = ("0", 0); page == 0 || cursor != "0"; page++)
            {
                var reply = Assert.IsType<Reply.Many>(Plan(store, $"SCAN {cursor} COUNT {count}"));
                seen.AddRange(((Reply.Many)reply.Items[1]).Items.Select(Text));
                cursor = Text(reply.Items[0]);
                if (page >= others.Length) continue;
                var other = Key.Of($"other{others[page]}");
                store = store.Find(other).IsSome ? store.Remove(other) : store.Put(other, new Held(Bytes.Empty, None));
            }

            Assert.Equal(stays.Count, seen.Count(name => name.StartsWith("stays", StringComparison.Ordinal)));
            Assert.Equal(seen.Count, seen.Distinct().Count());
        }, iter: 200);

    [Fact]
    public void A_scan_takes_patterns_and_passes_over_what_has_ended()
    {
        var store = Seq("a1", "a2", "b1").Fold(Store.Empty with { Now = 5 }, (all, name) =>
            all.Put(Key.Of(name), new Held(Bytes.Empty, name == "a2" ? Some(5L) : None)));

        Assert.Equal("[0 [a1]]", Text(Plan(store, "SCAN 0 MATCH a* COUNT 100")));
        Assert.Equal("[0 []]", Text(Plan(store, "SCAN 0 COUNT 100 TYPE hash")));
        Assert.Equal(["a1", "b1"], Text(Plan(store, "KEYS ?1")).Trim('[', ']').Split(' ').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abcb", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("[c-a]x", "bx", true)]
    [InlineData(@"[\]]", "]", true)]
    [InlineData(@"a\*", "a*", true)]
    [InlineData(@"a\*", "ab", false)]
    [InlineData("[a", "a", true)]
    [InlineData("", "a", false)]
    [InlineData("a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Patterns_are_Rediss(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.Matches(Bytes.Of(pattern).Span, Bytes.Of(text).Span));

    [Fact]
    public void No_pattern_is_too_strange() => Gen.Select(Gen.Char["*?[]^-\\ab"].Array[0, 12], Gen.Char["ab]-"].Array[0, 12]).Sample(
        (pattern, text) => { Glob.Matches(Bytes.Of(new string(pattern)).Span, Bytes.Of(new string(text)).Span); }, iter: 5000);

    private static Either<Reply, Plan> Planned(string request) =>
        CommandTable.PlanOf(new Request([.. request.Split(' ').Select(Bytes.Of)]));

    private static Change ChangeOf(string request) => Assert.IsType<Plan.Write>(Planned(request).Case).Change;

    private static Reply Plan(Store store, string request) => Assert.IsType<Plan.Read>(Planned(request).Case).See(store);

    private static string Seen(Store store, string request) => Text(Plan(store, request));

    private static string Text(Reply reply) => reply switch
    {
        Reply.Bulk(var bytes) => $"{bytes}",
        Reply.Number(var number) => number.ToString(CultureInfo.InvariantCulture),
        Reply.Many(var items) => $"[{string.Join(' ', items.Select(Text))}]",
        _ => $"{reply}",
    };
}
