using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.Loader.Tests.Stores.S3;

/// <summary>Which of S3's headers say something about the bytes.</summary>
public sealed class S3ChecksumTests : IAsyncLifetime
{
    private static readonly ObjectContent Content = ObjectContent.Generated(1, 100_000);

    private StoreBench _bench = null!;
    private TestBucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync();
        _bucket = _bench.Server.CreateBucket("data", isPublic: true);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public Task Every_checksum_of_the_whole_is_known() =>
        ExpectAsync(new StoredObject { Key = "file", Content = Content, HasCrc64Nvme = true },
            new ObjectChecksums { Crc32C = Content.Crc32C, Crc64Nvme = Content.Crc64Nvme, Md5 = Content.Md5 });

    [Fact]
    public Task Object_without_checksums_has_its_MD5() =>
        ExpectAsync(new StoredObject { Key = "file", Content = Content, HasCrc32C = false }, new ObjectChecksums { Md5 = Content.Md5 });

    [Fact]
    public Task Checksum_of_the_parts_checksums_says_nothing() =>
        ExpectAsync(new StoredObject { Key = "file", Content = Content, HasCompositeChecksum = true, IsComposite = true }, ObjectChecksums.None);

    [Fact]
    public Task ETag_of_an_upload_in_parts_says_nothing() =>
        ExpectAsync(new StoredObject { Key = "file", Content = Content, IsComposite = true }, new ObjectChecksums { Crc32C = Content.Crc32C });

    [Fact]
    public Task ETag_that_only_looks_like_an_MD5_says_nothing() =>
        ExpectAsync(new StoredObject { Key = "file", Content = Content, IsKmsEncrypted = true, HasCrc32C = false }, ObjectChecksums.None);

    [Fact]
    public async Task Range_has_the_MD5_and_no_other()
    {
        _bucket.Put(new StoredObject { Key = "file", Content = Content, HasCrc64Nvme = true });
        var store = _bench.Open("s3://data/file", _bench.Options());
        var file = await store.OnlyAsync();
        file.Checksums.ShouldBe(ObjectChecksums.None);
        using var part = await store.OpenRangeAsync(file, 10, 10, TestContext.Current.CancellationToken);
        part.Checksums.ShouldBe(new ObjectChecksums { Md5 = Content.Md5 });
    }

    private async Task ExpectAsync(StoredObject stored, ObjectChecksums expected)
    {
        _bucket.Put(stored);
        var store = _bench.Open("s3://data/file", _bench.Options());
        var file = await store.OnlyAsync();
        (await store.DescribeAsync(file, TestContext.Current.CancellationToken)).ShouldBe(expected);
        using var whole = await store.OpenRangeAsync(file, 0, file.Size!.Value, TestContext.Current.CancellationToken);
        whole.Checksums.ShouldBe(expected);
    }
}
