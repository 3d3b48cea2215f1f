using Kiban.Loader.Stores;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.Loader.Tests.Stores.S3;

/// <summary>What becomes of everything that a server can answer instead of what was asked for.</summary>
public sealed class S3FailureTests : IAsyncLifetime
{
    private StoreBench _bench = null!;
    private TestBucket _bucket = null!;
    private IObjectStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync();
        _bucket = _bench.Server.CreateBucket("data");
        _bucket.Put("dir/file", ObjectContent.Generated(1, 100_000));
        _store = _bench.OpenS3("s3://data/dir/");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(500, "InternalError", "Unavailable")]
    [InlineData(502, "", "Unavailable")]
    [InlineData(503, "ServiceUnavailable", "Unavailable")]
    [InlineData(503, "SlowDown", "Throttled")]
    [InlineData(429, "TooManyRequests", "Throttled")]
    [InlineData(400, "RequestLimitExceeded", "Throttled")]
    [InlineData(408, "RequestTimeout", "Unavailable")]
    [InlineData(403, "AccessDenied", "AccessDenied")]
    [InlineData(403, "InvalidAccessKeyId", "AccessDenied")]
    [InlineData(403, "SignatureDoesNotMatch", "AccessDenied")]
    [InlineData(400, "ExpiredToken", "AccessDenied")]
    [InlineData(400, "InvalidToken", "AccessDenied")]
    [InlineData(403, "AllAccessDisabled", "AccessDenied")]
    [InlineData(403, "InvalidObjectState", "Unreadable")]
    [InlineData(400, "KMS.DisabledException", "Unreadable")]
    [InlineData(404, "NoSuchKey", "Changed")]
    [InlineData(404, "NoSuchVersion", "Changed")]
    [InlineData(404, "NoSuchBucket", "SourceNotFound")]
    [InlineData(412, "PreconditionFailed", "Changed")]
    [InlineData(416, "InvalidRange", "Changed")]
    [InlineData(501, "NotImplemented", "Unsupported")]
    [InlineData(400, "InvalidArgument", "Unsupported")]
    [InlineData(405, "MethodNotAllowed", "Unsupported")]
    public async Task Refusal_of_a_read_becomes_a_failure_of_its_kind(int status, string code, string failure)
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Answer(status, code));
        var e = await Should.ThrowAsync<StoreException>(() => _store.ReadAsync(file, 10, 10));
        e.Failure.ShouldBe(Enum.Parse<StoreFailure>(failure));
        e.Message.ShouldContain("s3://data/dir/file");
        e.Message.ShouldNotContain(StoreBench.SecretAccessKey);
        e.IsPassing.ShouldBe(failure is "Unavailable" or "Throttled" or "Changed");
    }

    [Theory]
    [InlineData(503, "SlowDown", "Throttled")]
    [InlineData(500, "InternalError", "Unavailable")]
    [InlineData(403, "AccessDenied", "AccessDenied")]
    [InlineData(404, "NoSuchBucket", "SourceNotFound")]
    [InlineData(404, "", "SourceNotFound")]
    [InlineData(501, "NotImplemented", "Unsupported")]
    [InlineData(412, "", "Unsupported")]
    public async Task Refusal_of_a_listing_becomes_a_failure_of_its_kind(int status, string code, string failure)
    {
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(status, code)) { Operations = StoreOperation.List });
        (await _store.FailureOfListAsync()).Failure.ShouldBe(Enum.Parse<StoreFailure>(failure));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData(null, null)]
    public async Task How_long_the_server_wants_to_be_left_alone_is_told(string? header, int? seconds)
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Answer(503, "SlowDown") { RetryAfter = header });
        (await _store.FailureOfReadAsync(file)).RetryAfter.ShouldBe(seconds is { } value ? TimeSpan.FromSeconds(value) : null);
    }

    [Fact]
    public async Task Connection_that_breaks_before_the_answer_may_be_better_later()
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.ResetBeforeAnswer());
        (await _store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_given_up()
    {
        var file = await _store.OnlyAsync();
        var impatient = _bench.Open("s3://data/dir/", _bench.Options(_bench.AwsDirectory()) with { AnswerTimeout = TimeSpan.FromMilliseconds(300) });
        _bench.Server.Faults.Add(file.Key, new FaultAction.StallBeforeAnswer());
        (await impatient.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Unavailable);
        _bench.Server.Faults.Add(new Fault(new FaultAction.StallBeforeAnswer()) { Operations = StoreOperation.List });
        (await impatient.FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Cancellation_is_no_failure_of_the_store()
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.StallBeforeAnswer());
        using var cancellation = new CancellationTokenSource();
        var read = _store.OpenRangeAsync(file, 0, file.Size!.Value, cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => read);
    }

    [Theory]
    [InlineData("Content-Range", "bytes 20-29/100000")]
    [InlineData("Content-Range", "bytes 10-20/100000")]
    [InlineData("Content-Range", null)]
    public async Task Other_bytes_than_those_asked_for_are_refused(string header, string? value)
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Header(header, value));
        var e = await Should.ThrowAsync<StoreException>(() => _store.ReadAsync(file, 10, 10));
        e.Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Theory]
    [InlineData("Content-Range", "bytes 10-19/100001")]
    [InlineData("ETag", "\"another\"")]
    public async Task Bytes_of_another_version_are_refused(string header, string value)
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Header(header, value));
        var e = await Should.ThrowAsync<StoreException>(() => _store.ReadAsync(file, 10, 10));
        e.Failure.ShouldBe(StoreFailure.Changed);
    }

    [Fact]
    public async Task Whole_object_where_a_range_was_asked_for_is_refused()
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.IgnoreRange());
        (await Should.ThrowAsync<StoreException>(() => _store.ReadAsync(file, 10, 10))).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Fewer_bytes_than_asked_for_are_refused_where_the_server_says_so()
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Shorten(5, PromisesAll: false));
        (await Should.ThrowAsync<StoreException>(() => _store.ReadAsync(file, 10, 10))).Failure.ShouldBe(StoreFailure.Unavailable);
        (await _store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
    }

    [Fact]
    public async Task Object_that_changed_is_noticed_by_servers_that_look_at_conditions_and_by_others()
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Change(ObjectContent.Generated(2, 100_000)), times: 1);
        (await _store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
        _bench.Server.Faults.Add(file.Key, new FaultAction.IgnoreConditions());
        (await _store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Changed);
        (await Should.ThrowAsync<StoreException>(() => _store.DescribeAsync(file, TestContext.Current.CancellationToken))).Failure.ShouldBe(StoreFailure.Changed);
    }

    [Fact]
    public async Task Archived_and_foreign_encrypted_objects_cannot_be_read()
    {
        _bucket.Put(new StoredObject { Key = "dir/file", Content = ObjectContent.Of("x"), StorageClass = "GLACIER" });
        (await _store.FailureOfReadAsync(await _store.OnlyAsync())).Failure.ShouldBe(StoreFailure.Unreadable);
        _bucket.Put(new StoredObject { Key = "dir/file", Content = ObjectContent.Of("x"), NeedsCustomerKey = true });
        (await _store.FailureOfReadAsync(await _store.OnlyAsync())).Failure.ShouldBe(StoreFailure.Unreadable);
    }

    [Theory]
    [InlineData("<html><body>Gateway</body></html>")]
    [InlineData("<ListBucketResult><Contents><Key>dir/a</Key><Size>many</Size></Contents></ListBucketResult>")]
    [InlineData("<ListBucketResult><Contents><Key>dir/a</Key>")]
    [InlineData("<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><ListBucketResult><Name>&y;</Name></ListBucketResult>")]
    [InlineData("")]
    public async Task Listing_that_is_none_may_be_better_later(string body)
    {
        _bench.Server.Faults.Add(new Fault(new FaultAction.RawAnswer(200, "application/xml", body)) { Operations = StoreOperation.List });
        (await _store.FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Nobody_listening_may_be_better_later_and_no_such_host_not()
    {
        await _bench.Server.DisposeAsync();
        (await _store.FailureOfListAsync()).Failure.ShouldBe(StoreFailure.Unavailable);
        var lost = _bench.Open("s3://data/dir/", _bench.Options(_bench.AwsDirectory()) with
        {
            S3Endpoint = new Uri("http://store.invalid/"),
            Resolve = (_, _) => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
        });
        (await lost.FailureOfListAsync()).Failure.ShouldBe(StoreFailure.SourceNotFound);
    }

    [Fact]
    public async Task Version_with_a_proxys_mark_of_weakness_is_the_same()
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(file.Key, new FaultAction.Header("ETag", "W/" + file.Version));
        (await _store.ReadAsync(file, 10, 10)).Length.ShouldBe(10);
    }

    [Fact]
    public async Task Description_that_is_refused_without_a_word_is_told_as_a_read_would_be()
    {
        _bucket.Put(new StoredObject { Key = "dir/file", Content = ObjectContent.Of("x"), NeedsCustomerKey = true });
        (await FailureOfDescriptionAsync()).ShouldBe(StoreFailure.Unreadable);
        _bucket.Put(new StoredObject { Key = "dir/file", Content = ObjectContent.Of("x"), IsForbidden = true });
        (await FailureOfDescriptionAsync()).ShouldBe(StoreFailure.AccessDenied);
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(400, "ExpiredToken")) { Operations = StoreOperation.Head | StoreOperation.Read });
        (await FailureOfDescriptionAsync()).ShouldBe(StoreFailure.AccessDenied);
        _bench.Server.Faults.Clear();
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(503, "")) { Operations = StoreOperation.Head });
        (await FailureOfDescriptionAsync()).ShouldBe(StoreFailure.Unavailable);
    }

    [Fact]
    public async Task Description_that_is_refused_for_an_old_key_comes_with_the_new_one()
    {
        var file = await _store.OnlyAsync();
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(400, "ExpiredToken")) { Operations = StoreOperation.Head, Times = 1 });
        (await _store.DescribeAsync(file, TestContext.Current.CancellationToken)).Crc32C.ShouldBe(ObjectContent.Generated(1, 100_000).Crc32C);
    }

    private async Task<StoreFailure> FailureOfDescriptionAsync()
    {
        var file = await _store.OnlyAsync();
        return (await Should.ThrowAsync<StoreException>(() => _store.DescribeAsync(file, TestContext.Current.CancellationToken))).Failure;
    }
}
