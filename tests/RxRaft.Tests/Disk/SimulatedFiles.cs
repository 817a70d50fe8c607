using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace RxRaft.Tests.Disk;

/// <summary>A directory in memory that loses in a crash whatever it may, and fails when it is told to.</summary>
/// <remarks>
/// What is not synced is lost sector by sector, and of the names any; a sync that fails leaves bytes that can be read,
/// count as written, and are gone after a crash, as on Linux.
/// </remarks>
internal sealed class SimulatedFiles : IFileSystem
{
    private readonly SortedDictionary<string, Inode> names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Inode> durable = new(StringComparer.Ordinal);
    private readonly List<Action<SortedDictionary<string, Inode>>> unsynced = [];
    private bool held;
    private ulong salt = 1;

    public string Directory => "/disk";

    /// <summary>Whether names can be made durable.</summary>
    public bool CanSyncNames { get; init; } = true;

    /// <summary>How many calls that change something there were.</summary>
    public int Calls { get; private set; }

    /// <summary>Called before each of them, with what it is; it may throw.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Called before a file is opened.</summary>
    public Action Opening { get; set; } = () => { };

    /// <summary>What was to be removed and is still there, if removals wait until <see cref="Remove()"/>.</summary>
    public Queue<string>? Condemned { get; set; }

    public IEnumerable<string> Sizes => names.Select(name => $"{name.Key} {name.Value.Now.Length}");

    public string PathOf(string name) => $"/disk/{name}";

    public ulong NextSalt() => salt = salt * 6364136223846793005 + 1442695040888963407;

    public Seq<string> Names() => toSeq(names.Keys.ToArray());

    public IFile Create(string name)
    {
        Call($"create {name}");
        if (names.ContainsKey(name)) throw new IOException($"{name} exists");
        var inode = new Inode();
        Change(directory => directory[name] = inode);
        return new Handle(this, name, inode);
    }

    public IFile Open(string name)
    {
        Opening();
        return names.TryGetValue(name, out var inode)
            ? new Handle(this, name, inode)
            : throw new FileNotFoundException($"{name} is not there");
    }

    public void Rename(string from, string to)
    {
        Call($"rename {from} {to}");
        var inode = names[from];
        Change(directory =>
        {
            directory.Remove(from);
            directory[to] = inode;
        });
    }

    public void Delete(string name)
    {
        Call($"delete {name}");
        if (!names.ContainsKey(name)) throw new IOException($"{name} is not there");
        if (Condemned is { } later) later.Enqueue(name);
        else Change(directory => directory.Remove(name));
    }

    /// <summary>Removes what waits for it.</summary>
    public void Remove()
    {
        while (Condemned?.TryDequeue(out var name) == true) Change(directory => directory.Remove(name));
    }

    public void SyncNames()
    {
        Call("sync names");
        durable.Clear();
        foreach (var (name, inode) in names) durable[name] = inode;
        unsynced.Clear();
    }

    public IDisposable? TryLock(string name)
    {
        if (held) return null;
        if (!names.ContainsKey(name)) Change(directory => directory[name] = new Inode());
        held = true;
        return System.Reactive.Disposables.Disposable.Create(() => held = false);
    }

    /// <summary>What is there after the power went; <paramref name="keeps"/> says of each unsynced thing whether it is.</summary>
    public SimulatedFiles Crashed(Func<bool> keeps)
    {
        var left = new SimulatedFiles { salt = salt + 1 };
        var directory = new SortedDictionary<string, Inode>(durable, StringComparer.Ordinal);
        foreach (var change in unsynced.Where(_ => keeps())) change(directory);
        foreach (var (name, inode) in directory) left.names[name] = left.durable[name] = inode.Crashed(keeps);
        return left;
    }

    /// <summary>What is there after the process was killed: all, and what was not synced is not synced yet.</summary>
    public SimulatedFiles Killed()
    {
        var left = new SimulatedFiles { salt = salt + 1 };
        var copies = names.Values.Concat(durable.Values).Distinct().ToDictionary(inode => inode, inode => inode.Copy());
        foreach (var (name, inode) in names) left.names[name] = copies[inode];
        foreach (var (name, inode) in durable) left.durable[name] = copies[inode];
        if (unsynced.Count > 0) left.unsynced.Add(directory =>
        {
            directory.Clear();
            foreach (var (name, inode) in left.names.ToList()) directory[name] = inode;
        });
        return left;
    }

    /// <summary>The bytes of a file, to look at or to change behind the disk's back.</summary>
    public byte[] this[string name]
    {
        get => names[name].Now;
        set => names[name] = durable[name] = new Inode(value);
    }

    public void Remove(string name)
    {
        names.Remove(name);
        durable.Remove(name);
    }

    private void Call(string what)
    {
        Calls++;
        Before(what);
    }

    private void Change(Action<SortedDictionary<string, Inode>> change)
    {
        change(names);
        unsynced.Add(change);
    }

    private sealed class Handle(SimulatedFiles files, string name, Inode inode) : IFile
    {
        public long Length => inode.Now.Length;

        public int Read(Span<byte> into, long offset)
        {
            var count = (int)Math.Clamp(inode.Now.Length - offset, 0, into.Length);
            inode.Now.AsSpan((int)Math.Min(offset, inode.Now.Length), count).CopyTo(into);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            try
            {
                files.Call($"write {name}");
            }
            catch (IOException)
            {
                var end = (offset + bytes.Length / 2) / 512 * 512;         // as far as there was room, in whole sectors
                if (end > offset) inode.Write(bytes[..(int)(end - offset)], offset);
                throw;
            }

            inode.Write(bytes, offset);
        }

        public void Sync()
        {
            try
            {
                files.Call($"sync {name}");
            }
            catch (IOException)
            {
                inode.Forget();
                throw;
            }

            inode.Sync();
        }

        public void Dispose() { }
    }

    /// <summary>A file's bytes as they are read, as they are on the platter, and which sectors are to be written.</summary>
    private sealed class Inode(byte[] bytes)
    {
        private byte[] durable = bytes.ToArray();
        private SortedSet<int> dirty = [];

        public Inode() : this([]) { }

        public byte[] Now { get; private set; } = bytes;

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            var now = Now.ToArray();
            if (offset + bytes.Length > now.Length) System.Array.Resize(ref now, (int)offset + bytes.Length);
            bytes.CopyTo(now.AsSpan((int)offset));
            Now = now;
            for (var sector = (int)offset / 512; sector * 512 < offset + bytes.Length; sector++) dirty.Add(sector);
        }

        public void Sync()
        {
            durable = With(dirty);
            dirty.Clear();
        }

        /// <summary>The kernel tried, and does not try again.</summary>
        public void Forget() => dirty.Clear();

        public Inode Crashed(Func<bool> keeps) => new(With(dirty.Where(_ => keeps())));

        public Inode Copy() => new(Now) { durable = durable, dirty = [.. dirty] };

        private byte[] With(IEnumerable<int> sectors)
        {
            var bytes = durable.ToArray();
            foreach (var sector in sectors)
            {
                var from = sector * 512;
                var count = Math.Min(512, Now.Length - from);
                if (from + count > bytes.Length) System.Array.Resize(ref bytes, from + count);
                Now.AsSpan(from, count).CopyTo(bytes.AsSpan(from));
            }

            return bytes;
        }
    }
}
