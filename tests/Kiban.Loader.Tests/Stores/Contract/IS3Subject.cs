namespace Kiban.Loader.Tests.Stores.Contract;

/// <summary>An S3 server that the contract is held against.</summary>
public interface IS3Subject : IAsyncDisposable
{
    /// <summary>Base address.</summary>
    Uri Endpoint { get; }

    /// <summary>A key that may read and list.</summary>
    (string Id, string Secret) Key { get; }

    /// <summary>Makes a private bucket.</summary>
    Task CreateBucketAsync(string bucket);

    /// <summary>Puts an object, in the place of the one with the same key if there is one.</summary>
    Task PutAsync(string bucket, string key, byte[] content);

    /// <summary>Takes an object away.</summary>
    Task DeleteAsync(string bucket, string key);
}
