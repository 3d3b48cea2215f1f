namespace Kiban.Kubernetes.Events;

/// <summary>
/// Decides which events are one, and how many reach the server; no I/O. As client-go's correlator
/// (<see href="https://github.com/kubernetes/client-go/blob/master/tools/record/events_cache.go"/>): a repetition within six minutes is
/// counted on the first event; more than ten that differ only in their message within ten minutes become one; an object may cause 25 writes
/// at once and one every five minutes from then on. Unlike there, what the limit holds back is not lost: the count goes out with the next write.
/// </summary>
internal sealed class EventAggregator(TimeProvider time)
{
    private const int DifferentMessages = 10;
    private const int Burst = 25;
    private const int RememberedObjects = 4096;
    private const double WritesPerSecond = 1 / 300.0;
    private static readonly TimeSpan SeriesLifetime = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan SimilarLifetime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<object, EventSeries> _series = [];
    private readonly Dictionary<object, Similar> _similar = [];
    private readonly Dictionary<EventSubject, WriteAllowance> _allowances = [];
    private int _sequence;

    /// <summary>Takes up an event; returns the series to write now, or null where the limit holds it back.</summary>
    public EventSeries? Add(RecordedEvent recorded)
    {
        recorded = Combine(recorded);
        var key = Key(recorded, recorded.Message);
        if (_series.GetValueOrDefault(key) is { } series && recorded.Time - series.Last < SeriesLifetime)
        {
            series.Count++;
            series.Last = recorded.Time;
        }
        else
        {
            series = new EventSeries(recorded, EventText.Name(recorded.Subject, recorded.Time, _sequence++));
            _series[key] = series;
        }

        return MayWrite(series) ? series : null;
    }

    /// <summary>The series whose latest count has not been written and may be written now; what is over is forgotten.</summary>
    public IReadOnlyList<EventSeries> TakePending(bool last = false)
    {
        var now = time.GetUtcNow();
        var pending = _series.Values.Where(series => series.IsPending && (last || MayWrite(series))).ToList();
        Forget(_series, series => now - series.Last >= SeriesLifetime && !series.IsPending);
        Forget(_similar, similar => now - similar.Since >= SimilarLifetime);
        Forget(_allowances, allowance => allowance.IsFull);
        if (_allowances.Count > RememberedObjects)
        {
            _allowances.Clear();
        }

        return pending;
    }

    private RecordedEvent Combine(RecordedEvent recorded)
    {
        var key = Key(recorded, null);
        if (_similar.GetValueOrDefault(key) is not { } similar || recorded.Time - similar.Since >= SimilarLifetime)
        {
            _similar[key] = similar = new Similar(recorded.Time);
        }

        similar.Messages.Add(recorded.Message);
        if (similar.Messages.Count <= DifferentMessages)
        {
            return recorded;
        }

        similar.Combined ??= EventText.Message("(combined from similar events): " + recorded.Message);
        similar.Messages.Remove(recorded.Message);
        return recorded with { Message = similar.Combined };
    }

    private bool MayWrite(EventSeries series)
    {
        var subject = series.First.Subject.Identity;
        if (!_allowances.TryGetValue(subject, out var allowance))
        {
            _allowances[subject] = allowance = new WriteAllowance(time, Burst, WritesPerSecond);
        }

        return allowance.TryTake();
    }

    private static object Key(RecordedEvent recorded, string? message) =>
        (recorded.Controller, recorded.Subject.Identity, recorded.Type, recorded.Reason, recorded.Action, message);

    private static void Forget<TKey, TValue>(Dictionary<TKey, TValue> all, Func<TValue, bool> isOver)
        where TKey : notnull
    {
        foreach (var (key, value) in all)
        {
            if (isOver(value))
            {
                all.Remove(key);
            }
        }
    }

    private sealed class Similar(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public HashSet<string> Messages { get; } = [];

        public string? Combined { get; set; }
    }
}
