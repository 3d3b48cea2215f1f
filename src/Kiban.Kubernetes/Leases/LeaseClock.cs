namespace Kiban.Kubernetes.Leases;

/// <summary>A moment on both clocks of this process.</summary>
internal readonly record struct LeaseClock(long Timestamp, DateTimeOffset WallTime)
{
    public static LeaseClock Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Time gone by since, on the clock that shows more of it.</summary>
    public TimeSpan Elapsed(TimeProvider time)
    {
        var (monotonic, wall) = (time.GetElapsedTime(Timestamp), time.GetUtcNow() - WallTime);
        return monotonic > wall ? monotonic : wall;
    }
}
