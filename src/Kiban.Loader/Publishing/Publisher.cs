using System.Threading.Channels;
using Kiban.Loader.FileSystem;
using Kiban.Loader.Journals;
using Kiban.Loader.Loading;
using Kiban.Loader.Planning;

namespace Kiban.Loader.Publishing;

/// <summary>
/// Gives complete, verified files their names. A name is given only after the bytes are on the disk: a few large files are synced one by one, many
/// small ones by a single call for the whole file system, so that ten thousand of them cost a handful of waits for the disk. The journal is told
/// before the first rename of a batch, and knows the inode: a file that a killed loader had already renamed is recognised by it.
/// </summary>
internal sealed class Publisher(Volume volume, Journal journal, LoadCounters counters, LoadTiming timing, TimeProvider time)
{
    /// <summary>Fewer files than these are synced one by one.</summary>
    private const int FewFiles = 4;

    /// <summary>More are not held back: the directory of temporary files and the work lost by a power cut stay small.</summary>
    private const int ManyFiles = 4096;

    private readonly Channel<FileAssembly> _complete = Channel.CreateUnbounded<FileAssembly>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<LoadedFile> _published = [];

    /// <summary>What has its name.</summary>
    public IReadOnlyList<LoadedFile> Published => _published;

    /// <summary>Hands over a complete, verified, closed file.</summary>
    public void Add(FileAssembly file) => _complete.Writer.TryWrite(file);

    /// <summary>Says that no more files come.</summary>
    public void Complete() => _complete.Writer.TryComplete();

    /// <summary>Publishes until no more files come.</summary>
    /// <exception cref="LoadException">The volume refuses.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<FileAssembly>();
        while (await _complete.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            await GatherAsync(batch, cancellationToken).ConfigureAwait(false);
            Publish(batch);
            batch.Clear();
        }
    }

    private async Task GatherAsync(List<FileAssembly> batch, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            while (batch.Count < ManyFiles && _complete.Reader.TryRead(out var file))
                batch.Add(file);
            var left = timing.PublishEvery - time.GetElapsedTime(since);
            if (batch.Count >= ManyFiles || left <= TimeSpan.Zero)
                return;

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var more = _complete.Reader.WaitToReadAsync(enough.Token).AsTask();
            var first = await Task.WhenAny(more, Task.Delay(left, time, enough.Token)).ConfigureAwait(false);
            await enough.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (first != more || !await more.ConfigureAwait(false))
                return;
        }
    }

    private void Publish(List<FileAssembly> batch)
    {
        if (batch.Count <= FewFiles)
            batch.ForEach(SyncFile);
        else
            volume.Sync();

        var verified = new JournalRecord[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            var file = batch[i];
            file.Begin(journal);
            var state = Volume.StateOfFull(file.PartialPath);
            if (state.Kind != FileKind.File || state.Size != (file.File.Object.Size ?? file.Whole.Length))
                throw new LoadException(LoadReason.VolumeNotWritable, $"The temporary file of {file.File.Path} is not what was written to it; does something else write to {volume.OwnFolder}?");
            verified[i] = new JournalRecord.Verified(file.Id, state.Size, state.ModifiedNanoseconds, state.Inode, file.KnownCrc32C);
        }

        journal.Append(verified);
        for (var i = 0; i < batch.Count; i++)
        {
            var (file, record) = (batch[i], (JournalRecord.Verified)verified[i]);
            volume.Publish(file.PartialPath, file.File.Path);
            _published.Add(Loaded(file.File, record));
        }

        counters.AddFiles(batch.Count);
    }

    /// <summary>The line of the manifest for a file that has its name.</summary>
    public static LoadedFile Loaded(PlannedFile file, JournalRecord.Verified verified) => new()
    {
        Path = file.Path,
        Size = verified.Size,
        Version = file.Object.Version,
        ModifiedNanoseconds = verified.ModifiedNanoseconds,
        Crc32C = verified.Crc32C,
    };

    private static void SyncFile(FileAssembly file)
    {
        using var handle = File.OpenHandle(file.PartialPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (NativeMethods.Sync(handle) != 0)
            throw VolumeError.Last($"make {file.File.Path} durable");
    }
}
