using System.Linq;
using RxRaft.KillTable;

namespace RxRaft.Architecture;

/// <summary>The kill table keeps up with the sources.</summary>
public sealed class DefectTests
{
    private static readonly Seq<Defect> Defects = Defect.All(Repository.Read("tests/RxRaft.KillTable/defects.txt"));

    [Fact]
    public void There_are_at_least_sixty_in_order() =>
        Assert.Equal(Enumerable.Range(1, Math.Max(60, Defects.Count)), Defects.Map(defect => defect.Number));

    [Fact]
    public void Each_fits_one_place_of_the_sources() => Findings.None(Defects.AsEnumerable().SelectMany(Misfits));

    [Fact]
    public void None_is_there_twice() =>
        Assert.Equal(Defects.Count, Defects.Map(defect => (defect.File, defect.Sound, defect.Broken)).Distinct().Count);

    [Theory]
    [InlineData("a line", "no 'a line' any more")]
    [InlineData("twice", "has 'twice' more than once")]
    public void One_that_fits_none_is_named(string sound, string words) => Assert.Contains(
        words, Assert.Throws<FormatException>(() => new Defect(1, "x", "f.cs", sound, "").Break("twice, twice")).Message);

    [Theory]
    [InlineData("1. x\n- y\n", "1. x / - y")]
    [InlineData("1. x\n  f.cs\n- y\n+ z\n? nobody", "1. x /   f.cs / - y / + z / ? nobody")]
    public void What_is_no_defect_is_named(string text, string words) =>
        Assert.Contains($"no defect: '{words}'", Assert.Throws<FormatException>(() => Defect.All(text)).Message);

    [Fact]
    public void Who_cannot_see_a_defect_is_told_with_it() =>
        Assert.Equal("why: so", Defect.All("1. x\n  f.cs\n- y\n+ z\n? swarm: why: so")[0].Blind["swarm"]);

    private static string[] Misfits(Defect defect)
    {
        try
        {
            defect.Break(Repository.Read(defect.File));
            return [];
        }
        catch (FormatException wrong)
        {
            return [wrong.Message];
        }
    }
}
