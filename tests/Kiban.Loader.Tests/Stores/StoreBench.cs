using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing;
using Kiban.ObjectStore.Testing.S3;

namespace Kiban.Loader.Tests.Stores;

/// <summary>A test server with what a client needs to talk to it, and nothing from the machine's own environment.</summary>
internal sealed class StoreBench : IAsyncDisposable
{
    public const string AccessKeyId = "AKIATESTS";
    public const string SecretAccessKey = "s3cr3t/of+tests";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kiban-stores-");
    private readonly List<IObjectStore> _opened = [];

    private StoreBench(TestObjectStore server) => Server = server;

    public TestObjectStore Server { get; }

    /// <summary>Variables that clients see.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public static async Task<StoreBench> StartAsync(TestObjectStoreOptions? options = null)
    {
        var server = await TestObjectStore.StartAsync(options ?? new TestObjectStoreOptions(), TestContext.Current.CancellationToken);
        server.Admit(new AccessKey(AccessKeyId, SecretAccessKey));
        return new StoreBench(server);
    }

    /// <summary>Options that lead to the server, with the credential directories of the test.</summary>
    public StoreOptions Options(params string[] credentialDirectories) => new()
    {
        S3Endpoint = Server.S3Endpoint,
        GoogleEndpoint = Server.GoogleEndpoint,
        CredentialDirectories = credentialDirectories,
        Environment = Environment.GetValueOrDefault,
    };

    /// <summary>A directory with these files.</summary>
    public string CreateDirectory(params (string Name, string Content)[] files)
    {
        var directory = _folder.CreateSubdirectory(Path.GetRandomFileName()).FullName;
        foreach (var (name, content) in files)
            File.WriteAllText(Path.Combine(directory, name), content);
        return directory;
    }

    /// <summary>A directory with the server's access key.</summary>
    public string AwsDirectory() => CreateDirectory(("aws_access_key_id", AccessKeyId), ("aws_secret_access_key", SecretAccessKey + "\n"));

    public IObjectStore Open(string source, StoreOptions options)
    {
        var store = new StoreFactory(options).Create(StoreReader.Source(source));
        _opened.Add(store);
        return store;
    }

    /// <summary>A store that signs with the server's access key.</summary>
    public IObjectStore OpenS3(string source) => Open(source, Options(AwsDirectory()));

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
            store.Dispose();
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
