using System.Text;

namespace RxRaft.Tests;

/// <summary>The bytes of snapshots: one in use, and beside it one that was taken and one that is coming.</summary>
public sealed class ShelfTests
{
    private static readonly Snapshot At5 = At(5, size: 4);
    private static readonly Snapshot At9 = At(9, size: 4);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Parts_follow_each_other_without_a_gap_and_without_coming_twice(int offset)
    {
        var half = Shelf.Empty.With(Part(At5, 0, "ab"));

        var failure = Assert.Throws<InvalidOperationException>(() => half.With(Part(At5, offset, "c")));

        Assert.Equal($"A part at byte {offset} of the snapshot at T1#5 follows 2 bytes", failure.Message);
    }

    [Fact]
    public void A_first_part_begins_anew_and_what_there_was_of_another_goes()
    {
        var shelf = Shelf.Empty.With(Part(At5, 0, "ab")).With(Part(At9, 0, "12")).With(Part(At9, 2, "34"));

        Assert.Equal("1234", Text(shelf.After(Naming(At9)).InUse));
        Assert.Throws<InvalidOperationException>(() => shelf.After(Naming(At5)));
    }

    [Fact]
    public void A_part_of_another_snapshot_does_not_go_on_with_this_one()
    {
        var half = Shelf.Empty.With(Part(At5, 0, "ab"));

        Assert.Throws<InvalidOperationException>(() => half.With(Part(At9, 2, "34")));
    }

    [Fact]
    public void A_snapshot_of_which_parts_are_missing_is_not_one()
    {
        var half = Shelf.Empty.With(Part(At5, 0, "ab"));

        Assert.Throws<InvalidOperationException>(() => half.After(Naming(At5)));
    }

    [Fact]
    public void A_write_that_names_no_snapshot_leaves_the_shelf_as_it_is()
    {
        var shelf = Shelf.Empty.With(Part(At5, 0, "ab")).With(At9, Bytes("1234"));

        Assert.Same(shelf, shelf.After(Naming(At5) with { Snapshot = None }));
    }

    [Fact]
    public void What_was_taken_and_what_is_coming_are_beside_each_other()
    {
        var shelf = Shelf.Empty.With(At5, Bytes("own!")).With(Part(At9, 0, "12"));

        var own = shelf.After(Naming(At5));

        Assert.Equal("own!", Text(own.InUse));
        Assert.Equal("1234", Text(own.With(Part(At9, 2, "34")).After(Naming(At9)).InUse));      // it went on coming
    }

    [Fact]
    public void What_is_older_than_the_one_in_use_goes()
    {
        var shelf = Shelf.Empty.With(At5, Bytes("own!")).With(Part(At9, 0, "1234")).After(Naming(At9));

        Assert.Equal((true, true), (shelf.Saved.IsNone, shelf.Incoming.IsNone));
    }

    [Fact]
    public void An_empty_snapshot_needs_no_bytes()
    {
        var empty = At(5, size: 0);

        var shelf = Shelf.Empty.After(Naming(empty));

        Assert.Equal(empty, shelf.InUse.Snapshot);
        Assert.True(shelf.Read(empty, 0, 0).Exists(bytes => bytes.IsEmpty));
    }

    [Fact]
    public void Only_the_one_in_use_is_read()
    {
        var shelf = Shelf.Empty.With(At5, Bytes("abcd"));
        Assert.True(shelf.Read(At5, 0, 4).IsNone);

        var named = shelf.After(Naming(At5));
        Assert.Equal("bc", named.Read(At5, 1, 2).Match(bytes => Encoding.UTF8.GetString(bytes.Span), () => "nothing"));
        Assert.True(named.Read(At9, 0, 4).IsNone);
    }

    [Fact]
    public void A_shelf_is_a_value_that_later_parts_do_not_change()
    {
        var half = Shelf.Empty.With(Part(At5, 0, "ab"));

        var whole = half.With(Part(At5, 2, "cd"));

        Assert.Equal("ab", half.Incoming.Match(Text, () => "nothing"));             // what a crash goes back to
        Assert.Equal("abcd", Text(whole.After(Naming(At5)).InUse));
        Assert.Equal(Snapshot.Nothing, whole.InUse.Snapshot);
    }

    private static string Text(Stored stored) => Encoding.UTF8.GetString(stored.Bytes.Span);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Snapshot At(ulong index, long size) => new(new(new Term(1), new LogIndex(index)), Configuration.Of(1, 2, 3), size);

    private static Effect.StoreChunk Part(Snapshot snapshot, long offset, string bytes) => new(snapshot, offset, Bytes(bytes));

    private static Effect.Persist Naming(Snapshot snapshot) =>
        new(new Term(1), None, snapshot, snapshot.Last, snapshot.Last.Index, [], snapshot.Last);
}
