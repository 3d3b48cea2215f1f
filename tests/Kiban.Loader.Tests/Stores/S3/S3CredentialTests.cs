using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.S3;

namespace Kiban.Loader.Tests.Stores.S3;

/// <summary>Where keys come from, and what happens when they change.</summary>
public sealed class S3CredentialTests : IAsyncLifetime
{
    private StoreBench _bench = null!;
    private TestBucket _bucket = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync();
        _bucket = _bench.Server.CreateBucket("data");
        _bucket.Put("file", "content");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Session_token_goes_with_the_key()
    {
        _bench.Server.Admit(new AccessKey("ASIA", "secret") { SessionToken = "the-token" });
        var directory = _bench.CreateDirectory(("aws_access_key_id", "ASIA"), ("aws_secret_access_key", "secret"), ("aws_session_token", "the-token"));
        await _bench.Open("s3://data/", _bench.Options(directory)).OnlyAsync();
        var without = _bench.CreateDirectory(("aws_access_key_id", "ASIA"), ("aws_secret_access_key", "secret"));
        (await _bench.Open("s3://data/", _bench.Options(without)).FailureOfListAsync()).Failure.ShouldBe(StoreFailure.AccessDenied);
    }

    [Fact]
    public async Task Public_bucket_is_read_without_a_key_and_a_private_one_is_not()
    {
        _bench.Server.CreateBucket("public", isPublic: true).Put("file", "content");
        var file = await _bench.Open("s3://public/", _bench.Options()).OnlyAsync();
        (await _bench.Open("s3://public/", _bench.Options()).ReadAsync(file)).ShouldBe("content"u8.ToArray());
        var e = await _bench.Open("s3://data/", _bench.Options()).FailureOfListAsync();
        e.Failure.ShouldBe(StoreFailure.AccessDenied);
        e.Message.ShouldContain("no credential");
        _bench.Server.Counts.Requests[^1].Headers.ShouldNotContainKey("Authorization");
    }

    [Fact]
    public async Task Anonymous_is_anonymous_whatever_key_there_is()
    {
        var options = _bench.Options(_bench.AwsDirectory()) with { IsAnonymous = true };
        (await _bench.Open("s3://data/", options).FailureOfListAsync()).Failure.ShouldBe(StoreFailure.AccessDenied);
    }

    [Fact]
    public async Task Rotated_secret_takes_effect_with_the_next_request()
    {
        // As a kubelet mounts it: files are links into ..data, which is a link to a directory of that state, and is swapped.
        var directory = _bench.CreateDirectory();
        WriteState(directory, "1", StoreBench.AccessKeyId, StoreBench.SecretAccessKey);
        File.CreateSymbolicLink(Path.Combine(directory, "..data"), "..1");
        File.CreateSymbolicLink(Path.Combine(directory, "aws_access_key_id"), "..data/aws_access_key_id");
        File.CreateSymbolicLink(Path.Combine(directory, "aws_secret_access_key"), "..data/aws_secret_access_key");
        var store = _bench.Open("s3://data/", _bench.Options(directory));
        var file = await store.OnlyAsync();

        _bench.Server.Admit(new AccessKey("SECOND", "second"));
        WriteState(directory, "2", "SECOND", "second");
        File.Delete(Path.Combine(directory, "..data"));
        File.CreateSymbolicLink(Path.Combine(directory, "..data"), "..2");
        await store.ReadAsync(file);
        _bench.Server.Counts.Requests[^1].Headers["Authorization"].ShouldContain("Credential=SECOND/");
    }

    [Fact]
    public async Task Refused_key_is_read_again_once_and_then_denied()
    {
        var directory = _bench.AwsDirectory();
        var store = _bench.Open("s3://data/", _bench.Options(directory));
        var file = await store.OnlyAsync();
        _bench.Server.Admit(new AccessKey(StoreBench.AccessKeyId, StoreBench.SecretAccessKey) { IsExpired = true });
        var before = _bench.Server.Counts.Total;
        var e = await store.FailureOfReadAsync(file);
        e.Failure.ShouldBe(StoreFailure.AccessDenied);
        e.Message.ShouldContain(directory);
        (_bench.Server.Counts.Total - before).ShouldBe(2);
    }

    [Fact]
    public async Task Key_that_is_changed_while_a_request_is_refused_is_used_for_the_second_try()
    {
        var directory = _bench.AwsDirectory();
        var store = _bench.Open("s3://data/", _bench.Options(directory));
        await store.OnlyAsync();
        var time = File.GetLastWriteTimeUtc(Path.Combine(directory, "aws_secret_access_key"));
        _bench.Server.Admit(new AccessKey(StoreBench.AccessKeyId, "renewed"));
        File.WriteAllText(Path.Combine(directory, "aws_secret_access_key"), "renewed");
        File.SetLastWriteTimeUtc(Path.Combine(directory, "aws_secret_access_key"), time);
        await store.OnlyAsync();
    }

    [Theory]
    [InlineData("aws_secret_access_key", "")]
    [InlineData("aws_access_key_id", " \n")]
    public async Task Secret_without_a_needed_key_is_no_credential(string name, string content)
    {
        var directory = _bench.AwsDirectory();
        File.WriteAllText(Path.Combine(directory, name), content);
        var e = await _bench.Open("s3://data/", _bench.Options(directory)).FailureOfListAsync();
        (e.Failure, e.Message.Contains(name)).ShouldBe((StoreFailure.BadCredential, true));
    }

    [Theory]
    [InlineData("store:9000")]
    [InlineData("ftp://store/")]
    [InlineData("https://user:s3cr3t@store/")]
    public async Task Endpoint_that_is_none_is_told_without_quoting_it(string endpoint)
    {
        var directory = _bench.AwsDirectory();
        File.WriteAllText(Path.Combine(directory, "endpoint_url"), endpoint);
        var e = await _bench.Open("s3://data/", _bench.Options(directory) with { S3Endpoint = null }).FailureOfListAsync();
        (e.Failure, e.Message.Contains("endpoint_url"), e.Message.Contains("s3cr3t")).ShouldBe((StoreFailure.BadCredential, true, false));
    }

    [Fact]
    public async Task Endpoint_and_region_of_the_secret_are_used()
    {
        _bucket.Region = "tokyo";
        var directory = _bench.AwsDirectory();
        File.WriteAllText(Path.Combine(directory, "endpoint_url"), _bench.Server.S3Endpoint.ToString());
        File.WriteAllText(Path.Combine(directory, "region"), "tokyo\n");
        await _bench.Open("s3://data/", _bench.Options(directory) with { S3Endpoint = null }).OnlyAsync();
        _bench.Server.Counts.Total.ShouldBe(1);
    }

    [Fact]
    public void Directory_without_a_credential_is_refused_at_once()
    {
        var e = Should.Throw<StoreException>(() => new StoreFactory(_bench.Options(_bench.CreateDirectory(("readme", "")))));
        (e.Failure, e.Message.Contains("aws_access_key_id")).ShouldBe((StoreFailure.BadCredential, true));
    }

    [Fact]
    public async Task Variables_are_used_where_no_directory_is_given()
    {
        _bench.Environment["AWS_ACCESS_KEY_ID"] = StoreBench.AccessKeyId;
        _bench.Environment["AWS_SECRET_ACCESS_KEY"] = StoreBench.SecretAccessKey;
        _bench.Environment["AWS_ENDPOINT_URL"] = _bench.Server.S3Endpoint.ToString();
        await _bench.Open("s3://data/", _bench.Options() with { S3Endpoint = null }).OnlyAsync();
    }

    [Fact]
    public async Task Profile_is_used_where_no_variable_has_a_key()
    {
        var home = _bench.CreateDirectory();
        var folder = Directory.CreateDirectory(Path.Combine(home, ".aws")).FullName;
        File.WriteAllText(Path.Combine(folder, "credentials"), $"""
            [default]
            aws_access_key_id = other
            aws_secret_access_key = other

            # the one
            [loader]
            aws_access_key_id = {StoreBench.AccessKeyId}
            aws_secret_access_key={StoreBench.SecretAccessKey}
            """);
        File.WriteAllText(Path.Combine(folder, "config"), $"""
            [profile loader]
            endpoint_url = {_bench.Server.S3Endpoint}
            s3 =
              endpoint_url = http://elsewhere.invalid
            """);
        _bench.Environment["HOME"] = home;
        _bench.Environment["AWS_PROFILE"] = "loader";
        await _bench.Open("s3://data/", _bench.Options() with { S3Endpoint = null }).OnlyAsync();
    }

    [Fact]
    public async Task Named_profile_without_keys_is_no_credential()
    {
        _bench.Environment["AWS_PROFILE"] = "absent";
        var e = await _bench.Open("s3://data/", _bench.Options()).FailureOfListAsync();
        (e.Failure, e.Message.Contains("absent")).ShouldBe((StoreFailure.BadCredential, true));
    }

    [Fact]
    public async Task Role_that_is_not_taken_is_told()
    {
        _bench.Environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/var/run/secrets/token";
        (await _bench.Open("s3://data/", _bench.Options()).FailureOfListAsync()).Message.ShouldContain("AWS_WEB_IDENTITY_TOKEN_FILE");
    }

    [Fact]
    public async Task Wrong_clock_is_set_by_the_servers()
    {
        var fast = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(3));
        var store = _bench.Open("s3://data/", _bench.Options(_bench.AwsDirectory()) with { Time = fast });
        var file = await store.OnlyAsync();
        _bench.Server.Counts.Total.ShouldBe(2);
        await store.ReadAsync(file);
        _bench.Server.Counts.Total.ShouldBe(3);
    }

    private static void WriteState(string directory, string state, string id, string secret)
    {
        var folder = Directory.CreateDirectory(Path.Combine(directory, ".." + state)).FullName;
        File.WriteAllText(Path.Combine(folder, "aws_access_key_id"), id);
        File.WriteAllText(Path.Combine(folder, "aws_secret_access_key"), secret);
    }
}
