using Kiban.ObjectStore.Testing;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.S3;

namespace Kiban.Loader.Tests.Stores.Contract;

/// <summary>The tests' own server.</summary>
public sealed class TestServerSubject : IS3Subject, IAsyncLifetime
{
    private readonly Dictionary<string, TestBucket> _buckets = [];
    private TestObjectStore _server = null!;

    public Uri Endpoint => _server.S3Endpoint;

    public (string Id, string Secret) Key => ("AKIACONTRACT", "contract");

    public async ValueTask InitializeAsync()
    {
        _server = await TestObjectStore.StartAsync(TestContext.Current.CancellationToken);
        _server.Admit(new AccessKey(Key.Id, Key.Secret));
    }

    public Task CreateBucketAsync(string bucket)
    {
        _buckets[bucket] = _server.CreateBucket(bucket);
        _buckets[bucket].Listing = new ListingHabits { PageSize = SwiftSubject.PageSize };
        return Task.CompletedTask;
    }

    public Task PutAsync(string bucket, string key, byte[] content)
    {
        _buckets[bucket].Put(key, content);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string bucket, string key)
    {
        _buckets[bucket].Delete(key);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
