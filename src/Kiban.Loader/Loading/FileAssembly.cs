using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Kiban.Loader.Checksums;
using Kiban.Loader.FileSystem;
using Kiban.Loader.Journals;
using Kiban.Loader.Planning;
using Kiban.Loader.Stores;
using Microsoft.Win32.SafeHandles;

namespace Kiban.Loader.Loading;

/// <summary>One file while it is fetched: its temporary file, and what of it is in place. Its ranges are written by many tasks at once.</summary>
internal sealed class FileAssembly : IDisposable
{
    private const int ReadWriteCreate = 0x2 | 0x40 | 0x80000; // O_RDWR, O_CREAT, O_CLOEXEC

    /// <summary>Files beyond this are written back and dropped from memory as they arrive.</summary>
    private const long LargeFile = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly SegmentSet _segments = new();
    private readonly SemaphoreSlim _asking = new(1);
    private volatile ObjectChecksums? _checksums;
    private SafeFileHandle? _handle;
    private IncrementalHash? _md5;
    private long _md5Position;
    private bool _isBegun;
    private bool _hasEnded;

    /// <summary>A file of which nothing, or what an earlier load left, is in place.</summary>
    /// <param name="id">Its number in the journal.</param>
    /// <param name="file">What it is to be.</param>
    /// <param name="partialPath">Path of its temporary file.</param>
    /// <param name="present">What is in place already, proven.</param>
    public FileAssembly(uint id, PlannedFile file, string partialPath, IEnumerable<Segment> present)
    {
        (Id, File, PartialPath) = (id, file, partialPath);
        foreach (var segment in present)
            _segments.Add(segment);
        _isBegun = _segments.Length > 0;
        Pending = new Queue<(long, long?)>(IsSplit
            ? _segments.Gaps(file.Object.Size!.Value).Select(gap => (gap.Offset, (long?)gap.Length))
            : [(0, file.Object.Size)]);
        // Empty, or whole before it was verified: a range of no bytes brings it to its end.
        if (Pending.Count == 0)
            Pending.Enqueue((0, 0));
    }

    /// <summary>Its number in the journal.</summary>
    public uint Id { get; }

    /// <summary>What it is to be.</summary>
    public PlannedFile File { get; }

    /// <summary>Path of its temporary file.</summary>
    public string PartialPath { get; }

    /// <summary>
    /// Whether its ranges can be read one by one. Where no version pins them, or the server gives no ranges, the object is read in one stream,
    /// from its start again after a break: parts of two versions must never meet.
    /// </summary>
    public bool IsSplit => File.Object is { HasRanges: true, Version: not null, Size: not null };

    /// <summary>Stretches that no connection has yet; guarded by the queue.</summary>
    public Queue<(long Offset, long? Length)> Pending { get; }

    /// <summary>Connections that work on it; guarded by the queue.</summary>
    public int Users { get; set; }

    /// <summary>Whether it is given up: it changed at its source. What is still on its way is of no use.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>What its source says of the content; null while it was not asked.</summary>
    public ObjectChecksums? Checksums => _checksums;

    /// <summary>Whether all its bytes are known by their MD5 alone, which needs them in order.</summary>
    public bool ChecksMd5 => _checksums is { Md5: not null, Crc32C: null, Crc64Nvme: null };

    /// <summary>Bytes in place.</summary>
    public long Length
    {
        get
        {
            lock (_lock)
                return _segments.Length;
        }
    }

    /// <summary>A complete file as one stretch, with its checksums; of no bytes where it is empty.</summary>
    public Segment Whole
    {
        get
        {
            lock (_lock)
                return _segments.Segments is [var whole] ? whole : default;
        }
    }

    /// <summary>CRC-32C that the seed's manifest gives, where the file was copied from there and its bytes were not read.</summary>
    public uint? SeedCrc32C { get; set; }

    /// <summary>CRC-32C of a complete file, as far as it is known.</summary>
    public uint? KnownCrc32C => Whole is { Length: > 0 } whole ? whole.Crc32C : File.Object.Size == 0 ? 0 : SeedCrc32C;

    /// <summary>The open temporary file.</summary>
    public SafeFileHandle Handle => _handle ?? throw new InvalidOperationException($"The temporary file of {File.Path} is not open.");

    /// <summary>What the journal says when it is begun.</summary>
    public JournalRecord.Begun BegunRecord => new(Id, File.Path, File.Object.Size, File.Object.Version);

    /// <summary>What of it is in place.</summary>
    public IReadOnlyList<Segment> Segments
    {
        get
        {
            lock (_lock)
                return [.. _segments.Segments];
        }
    }

    /// <summary>
    /// Learns what the source says of the content, before the first byte is read: with the answer that brings all of it, else by a request that
    /// one of its ranges makes while the others wait.
    /// </summary>
    /// <param name="answered">What came with an answer; null to ask.</param>
    /// <param name="ask">Asks the store.</param>
    public async ValueTask LearnChecksumsAsync(ObjectChecksums? answered, Func<Task<ObjectChecksums>> ask)
    {
        if (_checksums is not null)
            return;
        if (answered is not null && answered != ObjectChecksums.None)
        {
            _checksums = answered;
            return;
        }

        await _asking.WaitAsync().ConfigureAwait(false);
        try
        {
            _checksums ??= File.Object.Checksums == ObjectChecksums.None ? await ask().ConfigureAwait(false) : File.Object.Checksums;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Opens the temporary file, and on its first opening asks for all its space at once.</summary>
    /// <exception cref="LoadException">The volume is full, or refuses.</exception>
    public void Open()
    {
        lock (_lock)
        {
            if (_handle is not null)
                return;
            var descriptor = NativeMethods.Open(PartialPath, ReadWriteCreate, (int)Volume.FileMode);
            if (descriptor < 0)
                throw VolumeError.Last($"make a temporary file for {File.Path}");
            _handle = new SafeFileHandle(descriptor, ownsHandle: true);
            if (File.Object.Size is > PartSize.Smallest and var size)
                Allocate(size);
        }
    }

    /// <summary>Writes bytes at their place.</summary>
    /// <exception cref="LoadException">The volume is full, or refuses.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_handle!, bytes, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VolumeError.From(e, $"write {File.Path}");
        }

        if (ChecksMd5)
            AppendMd5(bytes, offset);
    }

    /// <summary>Records the file before anything is said of it.</summary>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public void Begin(Journal journal)
    {
        lock (_lock)
        {
            if (!_isBegun)
                journal.Append(BegunRecord);
            _isBegun = true;
        }
    }

    /// <summary>
    /// Notes, and records, that a stretch is in place. Those of one stream are not recorded: they are of no use without its end.
    /// </summary>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public void Add(Segment segment, Journal journal)
    {
        lock (_lock)
        {
            _segments.Add(segment);
            if (!IsSplit)
                return;
            var written = new JournalRecord.Written(Id, segment);
            if (_isBegun)
                journal.Append(written);
            else
                journal.Append(BegunRecord, written);
            _isBegun = true;
        }
    }

    /// <summary>Whether every byte of the object is in place.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
                return _hasEnded || _segments.Length == File.Object.Size;
        }
    }

    /// <summary>Notes that the one stream of an object came to its end.</summary>
    public void MarkEnded()
    {
        lock (_lock)
            _hasEnded = true;
    }

    /// <summary>Forgets what is in place: the object is read from its start.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _segments.Clear();
            _md5?.Dispose();
            (_md5, _md5Position) = (null, 0);
        }
    }

    /// <summary>
    /// Begins to write a stretch of a large file to the disk, and lets go of the memory of the one before, so that a load never fills the page
    /// cache with what nobody reads yet.
    /// </summary>
    /// <param name="before">Where the stretch before begins.</param>
    /// <param name="start">Where this one begins.</param>
    /// <param name="end">Where it ends.</param>
    public void WriteBehind(long before, long start, long end)
    {
        if (File.Object.Size is null or < LargeFile)
            return;
        NativeMethods.SyncFileRange(_handle!, start, end - start, NativeMethods.SYNC_FILE_RANGE_WRITE);
        // What an MD5 is still to be made of stays; the kernel drops it when it needs room.
        if (before == start || ChecksMd5)
            return;
        const uint Wait = NativeMethods.SYNC_FILE_RANGE_WAIT_BEFORE | NativeMethods.SYNC_FILE_RANGE_WRITE | NativeMethods.SYNC_FILE_RANGE_WAIT_AFTER;
        NativeMethods.SyncFileRange(_handle!, before, start - before, Wait);
        _ = NativeMethods.Advise(_handle!, before, start - before, NativeMethods.POSIX_FADV_DONTNEED);
    }

    /// <summary>The MD5 of a complete file: of what passed by in order, and for the rest of what is in the file.</summary>
    public string Md5(Span<byte> buffer, CancellationToken cancellationToken)
    {
        _md5 ??= IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        while (_md5Position < Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = RandomAccess.Read(_handle!, buffer, _md5Position);
            if (count == 0)
                throw new LoadException(LoadReason.VolumeNotWritable, $"{File.Path} is shorter than what was written to it.");
            _md5.AppendData(buffer[..count]);
            _md5Position += count;
        }

        return Convert.ToHexStringLower(_md5.GetHashAndReset());
    }

    /// <summary>Gives a complete file its time and closes it.</summary>
    public unsafe void Close()
    {
        if (File.Object.LastModified is { } modified)
        {
            var ticks = modified.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
            var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
            var times = stackalloc NativeMethods.TimeSpec[2];
            times[0] = new NativeMethods.TimeSpec { Nanoseconds = NativeMethods.UTIME_OMIT };
            times[1] = new NativeMethods.TimeSpec { Seconds = rest < 0 ? seconds - 1 : seconds, Nanoseconds = (rest < 0 ? rest + TimeSpan.TicksPerSecond : rest) * 100 };
            if (NativeMethods.SetTimes(_handle!, times) != 0)
                throw VolumeError.Last($"set the time of {File.Path}");
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _handle?.Dispose();
            _handle = null;
            _md5?.Dispose();
            _md5 = null;
        }
    }

    private void Allocate(long size)
    {
        int result;
        do
        {
            result = NativeMethods.Allocate(_handle!, 0, 0, size);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == NativeMethods.EINTR);

        // NFS before 4.2 and some others cannot; the file then grows as it is written.
        if (result != 0 && Marshal.GetLastPInvokeError() is NativeMethods.ENOSPC or NativeMethods.EDQUOT)
            throw VolumeError.Last($"reserve {size} bytes for {File.Path}");
    }

    private void AppendMd5(ReadOnlySpan<byte> bytes, long offset)
    {
        lock (_lock)
        {
            if (offset != _md5Position)
                return;
            _md5 ??= IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            _md5.AppendData(bytes);
            _md5Position += bytes.Length;
        }
    }
}
