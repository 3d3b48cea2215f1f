using System.Runtime.InteropServices;
using Kiban.Loader.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace Kiban.Loader.Journals;

/// <summary>
/// The journal of a running load. A record is in the hands of the kernel when a call returns, so it outlives the process; it outlives a power
/// cut from the next <see cref="MarkDurable"/> on. What is appended without that says only "this was written, look whether it still is".
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<byte> _buffer = [];
    private readonly SafeFileHandle _file;

    private Journal(SafeFileHandle file) => _file = file;

    /// <summary>Bytes so far; what is appended from now on lies at or behind it.</summary>
    public long Position { get; private set; }

    /// <summary>Path of a volume's journal.</summary>
    public static string PathIn(Volume volume) => $"{volume.OwnFolder}/journal";

    /// <summary>Reads what an earlier load left; an unreadable journal counts as none.</summary>
    public static JournalState Read(Volume volume)
    {
        var path = PathIn(volume);
        return File.Exists(path) ? JournalState.Read(File.ReadAllBytes(path)) : JournalState.Empty;
    }

    /// <summary>
    /// Begins a journal in place of the earlier one at one stroke.
    /// </summary>
    /// <param name="volume">The volume.</param>
    /// <param name="begin">Which load.</param>
    /// <param name="durable">Records of data that is on the disk.</param>
    /// <param name="written">Records of data that a power cut could still take.</param>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public static Journal Begin(Volume volume, JournalRecord.Begin begin, IEnumerable<JournalRecord> durable, IEnumerable<JournalRecord> written)
    {
        var path = PathIn(volume);
        try
        {
            var journal = new Journal(File.OpenHandle(path + ".new", FileMode.Create, FileAccess.Write, FileShare.ReadWrite));
            File.SetUnixFileMode(journal._file, Volume.FileMode);
            journal.Write(JournalFormat.Magic);
            journal.Append([begin, .. durable]);
            journal.Append([new JournalRecord.Durable(journal.Position), .. written]);
            if (NativeMethods.SyncData(journal._file) != 0)
                throw VolumeError.Last("make the journal durable");
            File.Move(path + ".new", path, overwrite: true);
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VolumeError.From(e, $"write the journal {path}");
        }
    }

    /// <summary>Removes a volume's journal: its load is finished.</summary>
    public static void Remove(Volume volume) => File.Delete(PathIn(volume));

    /// <summary>Writes records, all or none of them whole.</summary>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public void Append(params ReadOnlySpan<JournalRecord> records)
    {
        lock (_lock)
        {
            _buffer.Clear();
            foreach (var record in records)
                JournalFormat.Write(_buffer, record);
            Write(CollectionsMarshal.AsSpan(_buffer));
            if (_buffer.Capacity > 1024 * 1024)
                _buffer.Capacity = 0;
        }
    }

    /// <summary>Says that all data spoken of below <paramref name="position"/> is on the disk, and puts the journal itself there.</summary>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public void MarkDurable(long position)
    {
        Append(new JournalRecord.Durable(position));
        if (NativeMethods.SyncData(_file) != 0)
            throw VolumeError.Last("make the journal durable");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, Position);
        }
        catch (IOException e)
        {
            // What is torn is written over by the next record, or is the tail that a reader stops at.
            throw VolumeError.From(e, "write the journal");
        }

        Position += bytes.Length;
    }
}
