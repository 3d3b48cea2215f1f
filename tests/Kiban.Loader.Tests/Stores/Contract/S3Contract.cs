using System.Security.Cryptography;
using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.Loader.Tests.Stores.Contract;

/// <summary>
/// What the client relies on in an S3 server. Held against a real one and against the tests' own, so that what the tests' own server does is what
/// servers do.
/// </summary>
public abstract class S3Contract(IS3Subject subject) : IDisposable
{
    private static readonly byte[] Content = ObjectContent.Generated(7, 300_000).ToArray();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kiban-contract-");
    private readonly List<IObjectStore> _opened = [];
    private readonly string _bucket = $"bucket-{Guid.NewGuid():N}";

    [Fact]
    public async Task Tree_is_listed_to_its_boundary_with_whatever_letters()
    {
        string[] keys = ["tree/a", "tree/b c/+%&=.txt", "tree/ü/\U0001F40D", "tree/empty", "tree/z/1", "tree/z/2"];
        await PutAsync([.. keys, "tree", "tree-2/x", "trea/x"]);
        await subject.PutAsync(_bucket, "tree/empty", []);
        await subject.PutAsync(_bucket, "tree/z/", []);
        var listed = await Open($"s3://{_bucket}/tree/").ListAsync();
        listed.Keys.ShouldBe(keys, ignoreOrder: true);
        listed["tree/empty"].Size.ShouldBe(0);
        foreach (var found in listed.Values)
            (await Open($"s3://{_bucket}/tree/").ReadAsync(found)).Length.ShouldBe((int)found.Size!);
    }

    [Fact]
    public async Task Many_pages_with_directories_are_listed_whole()
    {
        var keys = Enumerable.Range(0, 60).Select(i => $"many/{i % 6}/{i:D3}").ToArray();
        await PutAsync(keys);
        (await Open($"s3://{_bucket}/many/").ListAsync()).Keys.ShouldBe(keys, ignoreOrder: true);
        (await Open($"s3://{_bucket}/many/3/").ListAsync()).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Many_pages_in_one_directory_are_listed_whole()
    {
        var keys = Enumerable.Range(0, 23).Select(i => $"flat/{i:D3}").ToArray();
        await PutAsync(keys);
        (await Open($"s3://{_bucket}/flat/").ListAsync()).Keys.ShouldBe(keys, ignoreOrder: true);
    }

    [Fact]
    public async Task Source_without_a_slash_is_the_object_or_else_the_tree()
    {
        await PutAsync("a/file", "a/file.old", "b/tree/x/y", "b/tree.old");
        (await Open($"s3://{_bucket}/a/file").OnlyAsync()).RelativePath.ShouldBe("file");
        (await Open($"s3://{_bucket}/b/tree").OnlyAsync()).RelativePath.ShouldBe("x/y");
        (await Open($"s3://{_bucket}/b/tre").ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whole_and_every_part_are_the_objects_bytes()
    {
        var (store, file) = await PutOneAsync();
        file.Size.ShouldBe(Content.Length);
        (await store.ReadAsync(file)).ShouldBe(Content);
        (await store.ReadAsync(file, 0, 1)).ShouldBe(Content[..1]);
        (await store.ReadAsync(file, 99_999, 100_001)).ShouldBe(Content[99_999..200_000]);
        (await store.ReadAsync(file, Content.Length - 1, 1)).ShouldBe(Content[^1..]);
    }

    [Fact]
    public async Task Md5_comes_with_every_answer()
    {
        var (store, file) = await PutOneAsync();
#pragma warning disable CA5351 // What S3's ETags are.
        var md5 = Convert.ToHexStringLower(MD5.HashData(Content));
#pragma warning restore CA5351
        (await store.DescribeAsync(file, TestContext.Current.CancellationToken)).Md5.ShouldBe(md5);
        using var part = await store.OpenRangeAsync(file, 10, 10, TestContext.Current.CancellationToken);
        part.Checksums.Md5.ShouldBe(md5);
        using var whole = await store.OpenRangeAsync(file, 0, Content.Length, TestContext.Current.CancellationToken);
        whole.Checksums.Md5.ShouldBe(md5);
    }

    [Fact]
    public async Task Object_that_was_replaced_or_removed_has_changed()
    {
        var (store, file) = await PutOneAsync();
        await subject.PutAsync(_bucket, file.Key, Content[1..]);
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
        (await Should.ThrowAsync<StoreException>(() => store.ReadAsync(file, 0, 10))).Failure.ShouldBe(StoreFailure.Changed);
        (await Should.ThrowAsync<StoreException>(() => store.DescribeAsync(file, TestContext.Current.CancellationToken))).Failure.ShouldBe(StoreFailure.Changed);
        await subject.DeleteAsync(_bucket, file.Key);
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
    }

    [Fact]
    public async Task Object_that_became_shorter_has_changed_whatever_its_version()
    {
        var (store, file) = await PutOneAsync();
        await subject.PutAsync(_bucket, file.Key, Content[..100]);
        var anyVersion = file with { Version = null };
        (await Should.ThrowAsync<StoreException>(() => store.ReadAsync(anyVersion, 50, 100))).Failure.ShouldBe(StoreFailure.Changed);
        (await Should.ThrowAsync<StoreException>(() => store.ReadAsync(anyVersion, 200, 100))).Failure.ShouldBe(StoreFailure.Changed);
        (await store.FailureOfReadAsync(anyVersion)).Failure.ShouldBe(StoreFailure.Changed);
    }

    [Fact]
    public async Task Nobody_without_a_credential_reads_a_private_bucket()
    {
        await PutOneAsync();
        var e = await Open($"s3://{_bucket}/", null).FailureOfListAsync();

        // Swift takes a request that is not signed for one of its own API, which has no such address.
        e.Failure.ShouldBeOneOf(StoreFailure.AccessDenied, StoreFailure.Unsupported);
        e.IsPassing.ShouldBeFalse();
    }

    [Fact]
    public async Task Unknown_key_and_wrong_secret_are_denied()
    {
        var (_, file) = await PutOneAsync();
        foreach (var store in new[] { Open($"s3://{_bucket}/", ("unknown:one", "secret")), Open($"s3://{_bucket}/", (subject.Key.Id, "wrong")) })
        {
            (await store.FailureOfListAsync()).Failure.ShouldBe(StoreFailure.AccessDenied);
            (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.AccessDenied);
        }
    }

    [Fact]
    public async Task Bucket_that_is_not_there_is_told() =>
        (await Open($"s3://{_bucket}-absent/").FailureOfListAsync()).Failure.ShouldBe(StoreFailure.SourceNotFound);

    [Fact]
    public async Task Wrong_region_is_put_right()
    {
        var (_, file) = await PutOneAsync();
        var directory = CreateCredential(subject.Key);
        File.WriteAllText(Path.Combine(directory, "region"), "eu-nowhere-1");
        var store = OpenWith($"s3://{_bucket}/", directory);
        (await store.ReadAsync(file, 5, 5)).ShouldBe(Content[5..10]);
        (await store.ListAsync()).Count.ShouldBe(1);
    }

    public void Dispose()
    {
        foreach (var store in _opened)
            store.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task<(IObjectStore Store, SourceObject File)> PutOneAsync()
    {
        await subject.CreateBucketAsync(_bucket);
        await subject.PutAsync(_bucket, "dir/one file", Content);
        var store = Open($"s3://{_bucket}/dir/");
        return (store, await store.OnlyAsync());
    }

    private async Task PutAsync(params string[] keys)
    {
        await subject.CreateBucketAsync(_bucket);
        foreach (var key in keys)
            await subject.PutAsync(_bucket, key, System.Text.Encoding.UTF8.GetBytes(key));
    }

    private IObjectStore Open(string source) => Open(source, subject.Key);

    private IObjectStore Open(string source, (string Id, string Secret)? key) => OpenWith(source, key is { } given ? CreateCredential(given) : null);

    private IObjectStore OpenWith(string source, string? credential)
    {
        var options = new StoreOptions
        {
            S3Endpoint = subject.Endpoint,
            CredentialDirectories = credential is null ? [] : [credential],
            Environment = _ => null,
        };
        var store = new StoreFactory(options).Create(StoreReader.Source(source));
        _opened.Add(store);
        return store;
    }

    private string CreateCredential((string Id, string Secret) key)
    {
        var directory = _folder.CreateSubdirectory(Path.GetRandomFileName()).FullName;
        File.WriteAllText(Path.Combine(directory, "aws_access_key_id"), key.Id);
        File.WriteAllText(Path.Combine(directory, "aws_secret_access_key"), key.Secret);
        return directory;
    }
}
