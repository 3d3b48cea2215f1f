namespace Kiban.Loader.Loading;

/// <summary>Waits between attempts: random between nothing and a bound that doubles, so that many loaders do not come back together.</summary>
internal static class Backoff
{
    /// <summary>The wait before the next attempt.</summary>
    /// <param name="failures">Failures in a row so far, at least one.</param>
    /// <param name="retryAfter">What the server asks for, if it does: it is never cut short.</param>
    /// <param name="timing">The bounds.</param>
    /// <param name="random">A number from 0 to 1.</param>
    public static TimeSpan Before(int failures, TimeSpan? retryAfter, LoadTiming timing, double random)
    {
        var bound = Math.Min(timing.FirstBackoff.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30)), timing.LongestBackoff.TotalSeconds);
        var wait = TimeSpan.FromSeconds(bound * random);
        return retryAfter is { } asked && asked > TimeSpan.Zero ? asked + wait : wait;
    }
}
