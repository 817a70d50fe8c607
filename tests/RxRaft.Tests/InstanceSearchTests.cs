using LanguageExt.ClassInstances;

namespace RxRaft.Tests;

/// <summary>What a process leaves out of its start.</summary>
public class InstanceSearchTests
{
    [Fact]
    public void What_is_compared_is_compared_as_dotnet_does_where_LanguageExt_has_not_searched()
    {
        InstanceSearch.Skip();

        Assert.Empty(ClassInstancesAssembly.Default.Types);
        Assert.Equal(new Rank[] { new(1), new(2), new(3) }, toSet(Seq(new Rank(3), new Rank(1), new Rank(2), new Rank(1))));
        Assert.Equal("two", Map((new Rank(2), "two"), (new Rank(1), "one"))[new(2)]);
        Assert.Equal("two", HashMap((new Rank(2), "two"), (new Rank(1), "one"))[new(2)]);
        Assert.Equal(Seq1(Some(new Rank(1))), Seq1(Some(new Rank(1))));
        Assert.NotEqual(Seq1(Some(new Rank(1))), Seq1(Some(new Rank(2))));
        Assert.Equal(Seq1(new Rank(1)).GetHashCode(), Seq1(new Rank(1)).GetHashCode());
    }

    /// <summary>Of this test alone: how a type is compared is settled once in a process.</summary>
    private readonly record struct Rank(int Value) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => Value.CompareTo(other.Value);
    }
}
