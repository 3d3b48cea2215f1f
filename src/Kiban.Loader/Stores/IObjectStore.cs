namespace Kiban.Loader.Stores;

/// <summary>
/// What one source names: part of an S3 or Google Cloud Storage bucket, or a file on a web server. Safe for use by many tasks at once.
/// Every failure is a <see cref="StoreException"/>, whose kind says whether the same call can succeed later; a store itself retries nothing
/// but an expired credential, once.
/// </summary>
internal interface IObjectStore : IDisposable
{
    /// <summary>
    /// All objects of the source, in the pages in which they arrive, in no promised order. Keys are whole: the prefix is not cut off.
    /// Directory markers (size zero, key ends in a slash) are left out.
    /// </summary>
    /// <exception cref="StoreException">The bucket is not there, access is denied, …</exception>
    IAsyncEnumerable<IReadOnlyList<SourceObject>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Opens <paramref name="length"/> bytes from <paramref name="offset"/> of exactly the version that was listed. The answer's headers are
    /// checked against what was asked; its body may still end early or never come, which the reader must notice. An object whose size is not known,
    /// or of which the server gives no parts, is opened whole: the offset must be 0, and the length of one of unknown size is not looked at.
    /// </summary>
    /// <exception cref="StoreException">The object changed (<see cref="StoreFailure.Changed"/>), is gone, …</exception>
    Task<RangeBody> OpenRangeAsync(SourceObject source, long offset, long length, CancellationToken cancellationToken);

    /// <summary>
    /// What the source says of the content of exactly the version that was listed, where the listing does not tell it all (S3); costs a request
    /// there, and is worth it for objects that are read in several ranges. Empty where the source has nothing that can be checked.
    /// </summary>
    /// <exception cref="StoreException">The object changed (<see cref="StoreFailure.Changed"/>), is gone, …</exception>
    Task<ObjectChecksums> DescribeAsync(SourceObject source, CancellationToken cancellationToken) => Task.FromResult(source.Checksums);
}
