using System.Net;
using Kiban.Testing.ObjectStorage;

namespace Kiban.Loader.Tests.Stores.Contract;

/// <summary>A real server: OpenStack Swift with its S3 front, and small pages so that few objects make many.</summary>
public sealed class SwiftSubject : IS3Subject, IAsyncLifetime
{
    public const int PageSize = 5;

    private static readonly SwiftUser User = new("contract", "loader", "contract-key");

    private SwiftServer? _server;

    public Uri Endpoint => Server.Endpoint;

    public (string Id, string Secret) Key => (User.AccessKeyId, User.Key);

    private SwiftServer Server
    {
        get
        {
            Assert.SkipUnless(SwiftServer.IsInstalled, "Debian's packages swift-proxy, swift-account, swift-container, swift-object and memcached are not installed.");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (SwiftServer.IsInstalled)
            _server = await SwiftServer.StartAsync(IPAddress.Loopback, [User], PageSize, TestContext.Current.CancellationToken);
    }

    public Task CreateBucketAsync(string bucket) =>
        Server.CreateBucketAsync(User, bucket, new Dictionary<string, string>(), TestContext.Current.CancellationToken);

    public Task PutAsync(string bucket, string key, byte[] content) => Server.PutAsync(User, bucket, key, content, TestContext.Current.CancellationToken);

    public Task DeleteAsync(string bucket, string key) => Server.DeleteAsync(User, bucket, key, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
