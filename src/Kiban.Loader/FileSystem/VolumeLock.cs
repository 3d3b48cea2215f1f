using System.Runtime.InteropServices;
using Kiban.Loader.Loading;
using Microsoft.Win32.SafeHandles;

namespace Kiban.Loader.FileSystem;

/// <summary>
/// Keeps two loaders off one volume. The file system's own lock (<c>flock</c>, which NFS passes to its server) ends with its holder, however that
/// ends. Where a mount keeps locks to its own node (<c>nolock</c>, <c>local_lock</c>) the holder also counts in a file; a loader on another node
/// waits while that count goes on.
/// </summary>
internal sealed class VolumeLock : IDisposable
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly SafeFileHandle _file;
    private readonly string _holderFile;
    private readonly string _name;
    private readonly ITimer _heartbeat;
    private readonly Lock _beating = new();
    private bool _isReleased;
    private long _beats;

    private VolumeLock(SafeFileHandle file, string holderFile, LoadTiming timing, TimeProvider time)
    {
        (_file, _holderFile) = (file, holderFile);
        _name = $"{BootId()} {Environment.MachineName} {Environment.ProcessId}";
        Beat();
        _heartbeat = time.CreateTimer(_ => Beat(), null, timing.Heartbeat, timing.Heartbeat);
    }

    /// <summary>Waits until no other loader works on the volume.</summary>
    /// <exception cref="LoadException">Another one still does after the longest wait, or the volume cannot be written.</exception>
    public static async Task<VolumeLock> AcquireAsync(
        Volume volume, LoadTiming timing, LoadStatus status, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var holderFile = $"{volume.OwnFolder}/holder";
        var file = OpenFile($"{volume.OwnFolder}/lock");
        try
        {
            var isTold = false;
            while (NativeMethods.Lock(file, NativeMethods.LOCK_EX | NativeMethods.LOCK_NB) != 0)
            {
                if (Marshal.GetLastPInvokeError() is not (NativeMethods.EAGAIN or NativeMethods.EINTR))
                    throw VolumeError.Last($"lock {volume.OwnFolder}/lock");
                await WaitAsync().ConfigureAwait(false);
            }

            // A dead holder on this node was found out by the lock itself.
            var beat = ReadHolder();
            var unchangedSince = time.GetTimestamp();
            while (beat is not null && !beat.StartsWith(BootId(), StringComparison.Ordinal) && time.GetElapsedTime(unchangedSince) < 4 * timing.Heartbeat)
            {
                await WaitAsync().ConfigureAwait(false);
                if (ReadHolder() is var now && now != beat)
                    (beat, unchangedSince) = (now, time.GetTimestamp());
            }

            return new VolumeLock(file, holderFile, timing, time);

            async Task WaitAsync()
            {
                var holder = ReadHolder() is { Length: > 0 } text ? $" (host {text.Split(' ').ElementAtOrDefault(1)}, process {text.Split(' ').ElementAtOrDefault(2)})" : "";
                if (time.GetElapsedTime(since) > timing.LockWait)
                    throw new LoadException(LoadReason.Stalled, $"Another loader works on {volume.Root}{holder}; it did not end in {timing.LockWait.TotalSeconds:F0} s.");
                if (!isTold)
                    status.Enter(LoadReason.Listing, $"Waiting for another loader that works on {volume.Root}{holder}.");
                isTold = true;
                await Task.Delay(timing.Heartbeat / 10, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        string? ReadHolder()
        {
            try
            {
                return File.ReadAllText(holderFile);
            }
            catch (FileNotFoundException)
            {
                return null;
            }
            catch (IOException)
            {
                // It is there, and changes: on NFS a file that is replaced can go stale under its reader.
                return "";
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _heartbeat.Dispose();
        lock (_beating)
        {
            _isReleased = true;
            File.Delete(_holderFile);
        }

        _file.Dispose();
    }

    private static SafeFileHandle OpenFile(string path)
    {
        const int ReadWriteCreate = 0x2 | 0x40 | 0x80000; // O_RDWR, O_CREAT, O_CLOEXEC
        var descriptor = NativeMethods.Open(path, ReadWriteCreate, (int)Volume.FileMode);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw VolumeError.Last($"open {path}");
    }

    private static string BootId() => File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : "unknown";

    /// <summary>A beat that fails is missed, no more: a full volume must not end the load by its lock.</summary>
    private void Beat()
    {
        lock (_beating)
        {
            if (_isReleased)
                return;
            try
            {
                File.WriteAllText(_holderFile + ".new", $"{_name} {++_beats}");
                File.Move(_holderFile + ".new", _holderFile, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // See the summary.
            }
        }
    }
}
