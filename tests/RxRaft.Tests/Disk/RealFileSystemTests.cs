using System.IO;

namespace RxRaft.Tests.Disk;

/// <summary>What only a real file system shows.</summary>
public sealed class RealFileSystemTests
{
    /// <summary>The system is asked indeed: no test can take the power away, but one can take the directory away.</summary>
    [Fact]
    public void Names_are_made_durable_by_the_system_which_cannot_do_it_for_a_directory_that_is_gone()
    {
        if (OperatingSystem.IsWindows()) return;                // there is no such call there: Disk/README.md

        using var temporary = new TemporaryDirectory();
        var files = RealFileSystem.At(temporary.Path);
        files.SyncNames();

        Directory.Delete(files.Directory);

        Assert.Contains(files.Directory, Assert.Throws<IOException>(files.SyncNames).Message, StringComparison.Ordinal);
    }
}
