using System.Collections.Generic;
using System.Linq;
using System.Reactive;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What comes before its reader is kept; what comes after is passed on; the order stays.</summary>
public sealed class MailboxTests
{
    private readonly Mailbox<int> mailbox = new();
    private readonly List<int> read = [];

    [Fact]
    public void What_comes_before_its_reader_is_kept_in_order_and_what_comes_after_follows()
    {
        mailbox.OnNext(1);
        mailbox.OnNext(2);
        using var _ = mailbox.Subscribe(read.Add);
        mailbox.OnNext(3);

        Assert.Equal([1, 2, 3], read);
    }

    [Fact]
    public void What_comes_while_the_kept_is_read_is_read_after_it()
    {
        mailbox.OnNext(1);
        mailbox.OnNext(2);

        using var _ = mailbox.Subscribe(item =>
        {
            read.Add(item);
            if (item < 3) mailbox.OnNext(item + 10);
        });

        Assert.Equal([1, 2, 11, 12], read);
    }

    [Fact]
    public void A_mailbox_has_one_reader()
    {
        using var first = mailbox.Subscribe(read.Add);

        Assert.Throws<InvalidOperationException>(() => mailbox.Subscribe(read.Add));
    }

    [Fact]
    public void After_its_reader_has_gone_nothing_is_kept_and_nobody_else_reads()
    {
        mailbox.Subscribe(read.Add).Dispose();
        mailbox.OnNext(1);

        Assert.Empty(read);
        Assert.Throws<InvalidOperationException>(() => mailbox.Subscribe(read.Add));
    }

    [Fact]
    public void The_end_of_what_is_written_to_it_is_not_its_readers_end()
    {
        var ended = false;
        using var _ = mailbox.Subscribe(Observer.Create<int>(read.Add, _ => ended = true, () => ended = true));

        mailbox.OnError(new InvalidOperationException());
        mailbox.OnCompleted();
        mailbox.OnNext(1);

        Assert.Equal([1], read);
        Assert.False(ended);
    }

    [Fact]
    public async Task However_a_reader_comes_between_many_writers_nothing_is_lost_nor_doubled()
    {
        var writing = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var n = 0; n < 1_000; n++) mailbox.OnNext(writer * 1_000 + n);
        })).ToArray();
        using var _ = mailbox.Subscribe(read.Add);
        await Task.WhenAll(writing).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Enumerable.Range(0, 4_000), read.Order());
        Assert.Equal(Enumerable.Range(0, 1_000), read.Where(item => item < 1_000));       // each writer's in order
    }
}
