namespace Kiban.Loader.Loading;

/// <summary>
/// What a load may fetch in all, over every attempt. A loop that fetches the same bytes again and again costs money that nobody sees; this ends it.
/// </summary>
/// <param name="factor">How many times the size of the data.</param>
/// <param name="fetchedBefore">What earlier attempts fetched, bytes.</param>
internal sealed class EgressBudget(double factor, long fetchedBefore)
{
    /// <summary>Of small data sets a few repeated objects are no loop.</summary>
    private const long Least = 64 * 1024 * 1024;

    private long _fetched = fetchedBefore;
    private long _limit = long.MaxValue;

    /// <summary>Bytes fetched over all attempts.</summary>
    public long Fetched => Interlocked.Read(ref _fetched);

    /// <summary>Bytes that may be fetched.</summary>
    public long Limit => Interlocked.Read(ref _limit);

    /// <summary>Sets the bound from what is to be loaded.</summary>
    /// <param name="totalBytes">Bytes of the whole data set.</param>
    public void SetSize(long totalBytes) => Interlocked.Exchange(ref _limit, (long)Math.Max(totalBytes * factor, Least));

    /// <summary>Counts bytes that arrived.</summary>
    /// <exception cref="LoadException">The budget is used up.</exception>
    public void Add(int bytes)
    {
        var fetched = Interlocked.Add(ref _fetched, bytes);
        if (fetched > Limit)
            throw new LoadException(
                LoadReason.EgressBudgetExceeded,
                $"{ByteText.Of(fetched)} were fetched over all attempts, the budget is {ByteText.Of(Limit)}; find out why the data is fetched again and again, then load with a new load id or a larger --egress-budget.");
    }
}
