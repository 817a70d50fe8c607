using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace RxRaft;

/// <summary>What .NET cannot do: fsync of a directory, without which a new file may lose its name.</summary>
internal static class Libc
{
    /// <summary>Makes the names in a directory durable.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void SyncDirectory(string path)
    {
        var descriptor = Open(Encoding.UTF8.GetBytes(path + "\0"), flags: 0);       // O_RDONLY, everywhere
        if (descriptor < 0) throw Failed("open", path);

        try
        {
            if (Fsync(descriptor) != 0) throw Failed("fsync", path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string call, string path)
    {
        var cause = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{call} of the directory {path} failed: {cause.Message}", cause);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
