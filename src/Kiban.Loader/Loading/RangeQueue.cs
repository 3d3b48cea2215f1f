using Kiban.Loader.Planning;

namespace Kiban.Loader.Loading;

/// <summary>
/// One queue of ranges over all objects: those that came back after a failure first, then the rest of files that are begun, then the next
/// file. It is empty when nothing is left and no connection can bring anything back.
/// </summary>
internal sealed class RangeQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<FileAssembly> _begun;
    private readonly IReadOnlyList<PlannedFile> _files;
    private readonly Func<PlannedFile, FileAssembly> _begin;
    private readonly long _partSize;
    private readonly TimeProvider _time;
    private readonly HashSet<FileAssembly> _open = [];
    private readonly PriorityQueue<FileRange, long> _returned = new();
    private TaskCompletionSource _changed = NewSignal();
    private int _next;
    private int _active;

    /// <summary>A queue over files in this order.</summary>
    /// <param name="begun">Files that an earlier load began; they come first.</param>
    /// <param name="files">The others, largest first.</param>
    /// <param name="begin">Begins one of them.</param>
    /// <param name="partSize">Longest range, bytes.</param>
    /// <param name="time">Clock of the waits after failures.</param>
    public RangeQueue(IEnumerable<FileAssembly> begun, IReadOnlyList<PlannedFile> files, Func<PlannedFile, FileAssembly> begin, long partSize, TimeProvider time)
    {
        _begun = new Queue<FileAssembly>(begun);
        (_files, _begin, _partSize, _time) = (files, begin, partSize, time);
    }

    /// <summary>The next range, after a wait where all that is left has to rest; null when there is nothing left to do.</summary>
    public async ValueTask<FileRange?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            TimeSpan? wait = null;
            lock (_lock)
            {
                if (TryTake(out wait) is { } range)
                    return range;
                if (_active == 0 && wait is null)
                    return null;
                changed = _changed.Task;
            }

            if (wait is { } rest)
                await Task.WhenAny(changed, Task.Delay(rest, _time, cancellationToken)).ConfigureAwait(false);
            else
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a range back that is done.</summary>
    /// <returns>Whether it was the last of its file, which is complete now.</returns>
    public bool Finish(FileRange range)
    {
        lock (_lock)
        {
            range.File.Users--;
            _active--;
            Signal();
            return range.File is { IsAbandoned: false, Users: 0, IsComplete: true } && _open.Remove(range.File);
        }
    }

    /// <summary>Gives a range back of which this rest is to be fetched again, by any connection, after a wait.</summary>
    public void Return(FileRange rest, TimeSpan wait)
    {
        lock (_lock)
        {
            rest.File.Users--;
            _active--;
            if (!rest.File.IsAbandoned)
                _returned.Enqueue(rest, _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency));
            Signal();
        }
    }

    /// <summary>Takes nothing more of a file. What connections still bring of it is ignored.</summary>
    /// <returns>Whether this call was the first.</returns>
    public bool Abandon(FileAssembly file)
    {
        lock (_lock)
        {
            if (file.IsAbandoned)
                return false;
            file.IsAbandoned = true;
            file.Pending.Clear();
            _open.Remove(file);
            return true;
        }
    }

    /// <summary>Closes files that are not complete, where the load ends before they are.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var file in _open)
                file.Dispose();
        }
    }

    private FileRange? TryTake(out TimeSpan? wait)
    {
        wait = null;
        while (_returned.TryPeek(out var returned, out var due))
        {
            if (returned.File.IsAbandoned)
            {
                _returned.Dequeue();
                continue;
            }

            var rest = due - _time.GetTimestamp();
            if (rest <= 0)
                return Given(_returned.Dequeue());
            wait = TimeSpan.FromSeconds((double)rest / _time.TimestampFrequency) + TimeSpan.FromMilliseconds(1);
            break;
        }

        while (_begun.TryPeek(out var file))
        {
            if (file.Pending.Count > 0)
                return Given(Cut(file));
            _begun.Dequeue();
        }

        if (_next == _files.Count)
            return null;
        var next = _begin(_files[_next++]);
        var range = Cut(next);
        if (next.Pending.Count > 0)
            _begun.Enqueue(next);
        return Given(range);
    }

    private FileRange Given(FileRange range)
    {
        range.File.Users++;
        _open.Add(range.File);
        _active++;
        return range;
    }

    private FileRange Cut(FileAssembly file)
    {
        var (offset, length) = file.Pending.Dequeue();
        if (!file.IsSplit || length <= _partSize)
            return new FileRange(file, offset, length, Failures: 0);

        // What is left comes next again, so that a file is fetched from its front.
        var others = file.Pending.ToArray();
        file.Pending.Clear();
        file.Pending.Enqueue((offset + _partSize, length - _partSize));
        foreach (var other in others)
            file.Pending.Enqueue(other);
        return new FileRange(file, offset, _partSize, Failures: 0);
    }

    private void Signal()
    {
        if (_active > 0 && _returned.Count == 0)
            return;
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
