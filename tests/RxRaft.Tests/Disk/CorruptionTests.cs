using System.Collections.Generic;
using System.Linq;
using RxRaft.Fuzz;

namespace RxRaft.Tests.Disk;

/// <summary>What was durable and is not as it was: the disk refuses to start, or it did not matter.</summary>
public sealed class CorruptionTests
{
    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(40)]
    public void A_bit_that_has_changed_is_refused_or_does_not_matter(int seed)
    {
        var (files, expected) = Disk(seed);
        var (harmless, refused) = (0, 0);
        foreach (var name in files.Names())
        {
            var good = files[name];
            foreach (var bit in BitsToFlip(good))
            {
                var bad = good.ToArray();
                bad[bit / 8] ^= (byte)(1 << bit % 8);
                files[name] = bad;
                if (Refuses(files, expected, $"seed {seed}, {name}, bit {bit % 8} of byte {bit / 8}")) refused++;
                else harmless++;
            }

            files[name] = good;
        }

        Assert.True(refused > 1000 && harmless > 0, $"{refused} refused, {harmless} harmless");
    }

    [Theory]
    [InlineData(34)]
    [InlineData(35)]
    public void A_sector_that_is_lost_is_refused_unless_it_is_of_the_last_frame(int seed)
    {
        var (files, expected) = Disk(seed);
        var driver = new Driver(files.Killed());
        var last = driver.Recovered;
        var story = Story.Of(seed, episodes: 12);
        foreach (var name in files.Names().Filter(name => name.StartsWith("log-", StringComparison.Ordinal)))
        {
            var good = files[name];
            for (var sector = 0; sector < good.Length / 512; sector++)
            {
                var bad = good.ToArray();
                bad.AsSpan(sector * 512, 512).Clear();
                files[name] = bad;
                var (state, torn) = Read(files);
                Assert.True(
                    state is null || CrashTests.Same(state, last) || (torn && story.States.Exists(some => CrashTests.Same(some, state))),
                    $"seed {seed}, {name}, sector {sector}: {state}, not {expected}");
            }

            files[name] = good;
        }
    }

    [Theory]
    [InlineData(36)]
    [InlineData(37)]
    public void A_file_that_is_missing_is_refused_unless_nothing_was_in_it(int seed)
    {
        var (files, expected) = Disk(seed);
        foreach (var name in files.Names().Filter(name => name != DiskNames.Lock))
        {
            var left = files.Killed();
            left.Remove(name);

            var used = !name.StartsWith("log-", StringComparison.Ordinal) || files[name].AsSpan(512).ContainsAnyExcept((byte)0);
            Assert.True(Refuses(left, expected, $"seed {seed}, {name}") == used || name == First(files), $"seed {seed}: without {name}");
        }
    }

    [Fact]
    public void A_file_that_is_shorter_or_longer_is_refused()
    {
        var (files, expected) = Disk(38);
        foreach (var name in files.Names().Filter(name => name != DiskNames.Lock))
        {
            var good = files[name];
            int[] lengths = [0, 1, 63, good.Length - 512, good.Length - 1, good.Length + 1, good.Length + 512];
            foreach (var length in lengths.Where(length => length >= 0))
            {
                var bad = new byte[length];
                good.AsSpan(0, Math.Min(length, good.Length)).CopyTo(bad);
                files[name] = bad;
                Assert.True(Refuses(files, expected, $"{name} with {length} bytes"), $"{name} with {length} of {good.Length} bytes");
            }

            files[name] = good;
        }
    }

    [Fact]
    public void A_blank_sector_with_a_part_of_the_last_frame_takes_every_frame_in_it_and_cannot_be_told_from_a_crash()
    {
        var files  = new SimulatedFiles();
        var driver = new Driver(files);
        for (ulong term = 1; term <= 3; term++) driver.Do(FailureTests.Vote(term));     // one frame each, in one sector
        files[DiskNames.Segment(1)].AsSpan(512, 512).Clear();

        var contents = new DiskReader(files, Driver.Cluster, Driver.Self).Read();

        Assert.Equal((3, PersistentState.Fresh, None), (driver.Acknowledged, contents.State, contents.Found.Torn));
    }

    /// <summary>The first segment may be one that is not needed any more, but was kept for the room in it.</summary>
    private static string First(SimulatedFiles files) =>
        files.Names().Find(name => name.StartsWith("log-", StringComparison.Ordinal)).IfNone("");

    private static (SimulatedFiles Files, PersistentState State) Disk(int seed)
    {
        var story  = Story.Of(seed, episodes: 12);
        var files  = new SimulatedFiles();
        var driver = new Driver(files);
        foreach (var episode in story.Episodes) driver.Do(episode);
        Assert.Null(driver.Fault);
        var left = files.Crashed(() => false);
        new Driver(left).Core.Dispose();                                    // what was left over is gone
        return (left, story.States[^1]);
    }

    /// <summary>All of them where something is written; where nothing is, one a sector.</summary>
    private static IEnumerable<int> BitsToFlip(byte[] bytes)
    {
        for (var unit = 0; unit < bytes.Length; unit += 32)
        {
            var blank = !bytes.AsSpan(unit, Math.Min(32, bytes.Length - unit)).ContainsAnyExcept((byte)0);
            if (!blank || unit % 512 == 0)
                for (var bit = unit * 8; bit < Math.Min(unit + 32, bytes.Length) * 8; bit += blank ? 97 : 1)
                    yield return bit;
        }
    }

    private static bool Refuses(SimulatedFiles files, PersistentState expected, string where)
    {
        try
        {
            var contents = new DiskReader(files, Driver.Cluster, Driver.Self).Read();
            Assert.True(CrashTests.Same(contents.State, expected), $"{where}: {contents.State}, not {expected}");
            return false;
        }
        catch (DiskCorruptionException damage)
        {
            Assert.True(damage.File.StartsWith("/disk/", StringComparison.Ordinal) && damage.Offset >= 0, where);
            Assert.Contains($"{damage.File} is damaged at byte {damage.Offset}: ", damage.Message, StringComparison.Ordinal);
            return true;
        }
        catch (DiskRefusedException)
        {
            return true;                                                    // another name, or another version
        }
        catch (System.IO.FileNotFoundException)
        {
            return true;                                                    // the identity; who opens has looked before
        }
    }

    private static (PersistentState?, bool Torn) Read(SimulatedFiles files)
    {
        try
        {
            var contents = new DiskReader(files, Driver.Cluster, Driver.Self).Read();
            return (contents.State, contents.Found.Torn.IsSome);
        }
        catch (DiskCorruptionException)
        {
            return (null, false);
        }
    }
}
