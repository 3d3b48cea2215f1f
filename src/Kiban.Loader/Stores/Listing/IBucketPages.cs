namespace Kiban.Loader.Stores.Listing;

/// <summary>Asks a bucket for pages of its listing.</summary>
internal interface IBucketPages
{
    /// <summary>One page.</summary>
    /// <exception cref="StoreException">The bucket is not there, access is denied, …</exception>
    Task<BucketPage> ReadAsync(PageRequest request, CancellationToken cancellationToken);
}
