using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace RxRaft.Samples.KeyValue;

/// <summary>Writes of many clients on their way into the log.</summary>
public sealed class WritingTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<(Seq<Change> Changes, TaskCompletionSource<Either<Reply, Seq<Answer>>> Told)> asked = [];
    private readonly Writing writing;
    private readonly FakeTimeProvider clock = new();

    private readonly SemaphoreSlim more = new(0);

    public WritingTests() => writing = new(changes =>
    {
        var told = new TaskCompletionSource<Either<Reply, Seq<Answer>>>();
        asked.Add((changes, told));
        more.Release();
        return told.Task;
    }, Patience, clock);

    [Fact]
    public async Task What_comes_while_others_are_on_their_way_goes_together_and_each_is_told_its_own()
    {
        var all = Enumerable.Range(0, 6).Select(i => Write(i, count: i == 3 ? 2 : 1)).ToList();
        Assert.Equal(1, await Asked());

        Answer(0, [10]);
        Assert.Equal(6, await Asked());
        Assert.Equal([1L, 2L, 3L, 3L, 4L, 5L], asked[1].Changes.Select(change => ((Change.Add)change).By).ToArray());
        Answer(1, [11, 12, 13, 113, 14, 15]);

        var told = await Task.WhenAll(all);
        Assert.Equal(["10", "11", "12", "13 113", "14", "15"], told.Select(Text));
    }

    [Fact]
    public async Task Of_those_that_went_together_each_hears_of_the_failure_and_the_next_go_on()
    {
        var all = Enumerable.Range(0, 4).Select(i => Write(i)).ToList();
        await Asked();
        asked[0].Told.SetResult(Reply.Err("no"));
        await Asked();
        asked[1].Told.SetResult(Reply.Err("no"));
        foreach (var one in await Task.WhenAll(all)) Assert.IsType<Reply.Error>(one.Case);

        var last = Write(9);
        await Asked();
        Answer(2, [19]);
        Assert.Equal("19", Text(await last));
    }

    [Fact]
    public async Task No_command_is_too_large_for_the_log()
    {
        for (var i = 0; i < 6; i++) _ = Write(i, size: RequestLimits.Client.TotalBytes / 2);
        int[] sizes = [1, 2, 2, 1];
        for (var i = 0; i < sizes.Length; i++)
        {
            Assert.Equal(sizes[i], await Asked());
            Answer(i, new long[sizes[i]]);
        }
    }

    [Fact]
    public async Task Who_asks_and_fails_in_whatever_way_does_not_have_all_others_wait_for_ever()
    {
        var (first, second) = (Write(1), Write(2));
        await Asked();

        asked[0].Told.SetException(new FormatException("odd"));
        Assert.StartsWith("UNKNOWN odd", Assert.IsType<Reply.Error>((await first.WaitAsync(Generous)).Case).Text, StringComparison.Ordinal);
        await Asked();
        Answer(1, [12]);
        Assert.Equal("12", Text(await second));
    }

    [Fact]
    public async Task Who_has_waited_long_for_its_turn_is_told_that_nothing_was_done_and_is_not_asked_for_any_more()
    {
        var (first, late) = (Write(1), Write(2));
        clock.Advance(TimeSpan.FromSeconds(1));
        var soon = Write(3);
        clock.Advance(TimeSpan.FromSeconds(4));
        await Asked();
        Answer(0, [11]);

        Assert.Equal("11", Text(await first));
        Assert.StartsWith("TRYAGAIN", Assert.IsType<Reply.Error>((await late.WaitAsync(Generous)).Case).Text, StringComparison.Ordinal);
        Assert.Equal(1, await Asked());
        Answer(1, [13]);
        Assert.Equal("13", Text(await soon));
    }

    /// <summary>How many changes are in the next command.</summary>
    private async Task<int> Asked()
    {
        Assert.True(await more.WaitAsync(Generous), "no command came");
        return asked[^1].Changes.Count;
    }

    private Task<Either<Reply, Seq<Answer>>> Write(long by, int count = 1, int size = 10) => writing.Write(
        toSeq(Enumerable.Repeat((Change)new Change.Add(Key.Of("k"), by), count)).Strict(), size);

    private void Answer(int place, long[] numbers) =>
        asked[place].Told.SetResult(toSeq(numbers.Select(number => (Answer)new Answer.Number(number))).Strict());

    private static string Text(Either<Reply, Seq<Answer>> came) =>
        string.Join(' ', ((Seq<Answer>)came.Case!).Select(answer => ((Answer.Number)answer).Value));
}
