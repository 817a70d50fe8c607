using System.Linq;

namespace RxRaft.Tests;

/// <summary>§6.3: however often a command of a session is in the log, it is applied once.</summary>
public class SessionsTests
{
    private static readonly Replica<string, string?> Empty = Replica.Of(Diary.Machine);
    private static readonly SessionId First = new(1);
    private static readonly SessionId Second = new(2);

    [Fact]
    public void A_session_is_named_after_the_place_of_the_entry_that_opened_it()
    {
        var replica = Empty.Register().Register();

        Assert.Equal([First, Second], replica.Sessions.ById.Keys.ToArray());
    }

    [Fact]
    public void A_retry_is_applied_once_and_answered_from_the_session_table()
    {
        var replica = Empty.Register().Write(First, 1, "a").Write(First, 2, "b");

        var (after, outcome) = replica.Then(Diary.Write(First, 2, "b"));

        Assert.Equal("ab", after.State);
        Assert.Equal(new Outcome<string?>.Applied("a"), outcome);
    }

    [Fact]
    public void A_retry_whose_answer_was_nothing_is_answered_nothing_again()
    {
        var replica = Empty.Register().Write(First, 1, "a");

        var (after, outcome) = replica.Then(Diary.Write(First, 1, "a"));

        Assert.Equal("a", after.State);
        Assert.Equal(new Outcome<string?>.Applied(null), outcome);
    }

    [Fact]
    public void Several_commands_of_a_session_may_be_under_way_and_come_in_any_order()
    {
        var replica = Empty.Register().Write(First, 3, "c").Write(First, 1, "a").Write(First, 2, "b")
            .Write(First, 3, "c").Write(First, 1, "a");

        Assert.Equal("cab", replica.State);
        Assert.Equal(new Outcome<string?>.Applied("c"), replica.Then(Diary.Write(First, 1, "a")).Outcome);
    }

    [Fact]
    public void What_the_client_has_seen_is_forgotten_and_what_it_may_try_again_is_kept()
    {
        var replica = Empty.Register().Write(First, 1, "a").Write(First, 2, "b").Write(First, 3, "c", firstUnanswered: 2);

        var results = replica.Sessions.ById[First].Results;
        Assert.Equal([2ul, 3ul], results.BySequence.Keys.ToArray());
        Assert.Equal(2ul, results.FirstUnanswered);
    }

    [Fact]
    public void A_copy_of_what_the_client_has_seen_is_neither_applied_nor_answered()
    {
        var replica = Empty.Register().Write(First, 1, "a").Write(First, 2, "b", firstUnanswered: 2);

        var (after, outcome) = replica.Then(Diary.Write(First, 1, "a"));

        Assert.Equal("ab", after.State);
        Assert.True(outcome.IsNone);
    }

    [Fact]
    public void What_is_forgotten_does_not_come_back_with_a_late_command()
    {
        var replica = Empty.Register().Write(First, 2, "b", firstUnanswered: 2).Write(First, 3, "c", firstUnanswered: 1);

        Assert.Equal(2ul, replica.Sessions.ById[First].Results.FirstUnanswered);
        Assert.True(replica.Then(Diary.Write(First, 1, "a")).Outcome.IsNone);
    }

    /// <summary>The third comes behind one that was overtaken, and is overtaken itself.</summary>
    [Fact]
    public void The_first_answer_that_the_client_has_not_seen_is_kept_however_late_it_was()
    {
        var replica = Empty.Register().Write(First, 5, "e").Write(First, 3, "c").Write(First, 2, "b")
            .Write(First, 6, "f", firstUnanswered: 2);

        var (after, outcome) = replica.Then(Diary.Write(First, 2, "b"));

        Assert.Equal("ecbf", after.State);
        Assert.Equal(new Outcome<string?>.Applied("ec"), outcome);
    }

    [Fact]
    public void What_one_command_has_overtaken_is_kept_too_until_the_client_has_seen_it()
    {
        var replica = Empty.Register().Write(First, 5, "e").Write(First, 3, "c").Write(First, 6, "f", firstUnanswered: 2);

        var (after, outcome) = replica.Then(Diary.Write(First, 3, "c"));

        Assert.Equal("ecf", after.State);
        Assert.Equal(new Outcome<string?>.Applied("e"), outcome);
        Assert.True(replica.Write(First, 7, "g", firstUnanswered: 4).Then(Diary.Write(First, 3, "c")).Outcome.IsNone);
    }

    [Fact]
    public void Two_sessions_remember_the_same_only_if_all_their_answers_are_the_same_and_what_their_clients_have_seen()
    {
        static SessionResults<string?> Results(Replica<string, string?> replica) => replica.Sessions.ById[First].Results;
        var one  = Empty.Register().Write(First, 1, "a");
        var two  = one.Write(First, 2, "b");
        var seen = one.Write(First, 2, "b", firstUnanswered: 2);
        var gap  = Empty.Register().Write(SessionId.None, 1, "a").Write(First, 2, "b");

        Assert.Equal(Results(two), Results(Empty.Register().Write(First, 1, "a").Write(First, 2, "b")));
        Assert.NotEqual(Results(one), Results(two));
        Assert.Equal(Results(gap).BySequence, Results(seen).BySequence);
        Assert.NotEqual(Results(gap), Results(seen));
        Assert.False(Results(one).Equals(one));
        Assert.True(Results(one) != Results(two) && !(Results(one) == Results(two)));
    }

    [Fact]
    public void Sessions_do_not_mix()
    {
        var replica = Empty.Register().Register().Write(First, 1, "a").Write(Second, 1, "b");

        Assert.Equal("ab", replica.State);
        Assert.Equal(new Outcome<string?>.Applied("a"), replica.Then(Diary.Write(Second, 1, "b")).Outcome);
    }

    [Fact]
    public void Of_too_many_sessions_the_one_unused_for_longest_goes()
    {
        var replica = Empty.Register(most: 2).Register(most: 2).Write(First, 1, "a").Register(most: 2);

        Assert.Equal([First, new SessionId(4)], replica.Sessions.ById.Keys.ToArray());
    }

    [Fact]
    public void A_command_of_a_session_that_is_gone_does_nothing_and_its_client_is_told()
    {
        var replica = Empty.Register(most: 1).Write(First, 1, "a").Register(most: 1);

        var (after, outcome) = replica.Then(Diary.Write(First, 2, "b"));

        Assert.Equal("a", after.State);
        Assert.Equal(new Outcome<string?>.SessionExpired(First), outcome);
    }

    [Fact]
    public void How_many_sessions_stay_is_in_the_entry_so_that_all_nodes_forget_the_same()
    {
        var replica = Empty.Register(most: 3).Register(most: 3).Register(most: 1);

        Assert.Equal([new SessionId(3)], replica.Sessions.ById.Keys.ToArray());
    }
}

/// <summary>The next entry of a log.</summary>
internal static class NextEntry
{
    public static (Replica<string, string?> Replica, Option<Outcome<string?>> Outcome) Then(
        this Replica<string, string?> replica, Payload payload) =>
        Diary.Machine.Apply(replica, new Entry(new(T(1), replica.Applied.Next), payload));

    public static Replica<string, string?> Register(this Replica<string, string?> replica, int most = 8) =>
        replica.Then(new Payload.Register(Samples.Request(1), most)).Replica;

    public static Replica<string, string?> Write(
        this Replica<string, string?> replica, SessionId session, ulong sequence, string text, ulong firstUnanswered = 1) =>
        replica.Then(Diary.Write(session, sequence, text, firstUnanswered)).Replica;
}
