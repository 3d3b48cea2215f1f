using System.Text.Json.Nodes;
using Kiban.Loader.Stores;
using Kiban.Loader.Stores.Google;
using Kiban.ObjectStore.Testing.Faults;
using Kiban.ObjectStore.Testing.Google;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Loader.Tests.Stores.Google;

public sealed class GoogleCredentialTests : IAsyncLifetime
{
    private const string Audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider";
    private const string SubjectToken = "s3cr3t.subject.token";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private StoreBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.StartAsync(new() { Time = _time });
        _bench.Server.CreateBucket("data").Put("file", "content");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Service_account_gets_one_token_for_many_requests()
    {
        var store = Open(_bench.Server.Google.CreateServiceAccount().CredentialsJson);
        var file = await store.OnlyAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.ReadAsync(file)));
        _bench.Server.Google.Issued.ShouldBe(1);
    }

    [Fact]
    public async Task Many_requests_at_once_get_one_token()
    {
        var account = _bench.Server.Google.CreateServiceAccount();
        var file = await Open(account.CredentialsJson).OnlyAsync();
        var store = Open(account.CredentialsJson);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.ReadAsync(file)));
        _bench.Server.Google.Issued.ShouldBe(2);
    }

    [Fact]
    public async Task Token_is_renewed_before_its_end()
    {
        var store = Open(_bench.Server.Google.CreateServiceAccount().CredentialsJson);
        var file = await store.OnlyAsync();
        _time.Advance(TimeSpan.FromMinutes(57));
        await store.ReadAsync(file);
        _bench.Server.Google.Issued.ShouldBe(2);
        _bench.Server.Counts.Requests.Count(request => request.Operation == StoreOperation.Read).ShouldBe(1);
    }

    [Fact]
    public async Task Token_that_is_refused_is_got_anew_once()
    {
        var store = Open(_bench.Server.Google.CreateServiceAccount().CredentialsJson);
        var file = await store.OnlyAsync();
        _bench.Server.Google.RevokeAll();
        (await store.ReadAsync(file)).ShouldBe("content"u8.ToArray());
        _bench.Server.Google.Issued.ShouldBe(2);
    }

    [Fact]
    public async Task Rotated_secret_takes_effect_with_the_next_request()
    {
        var directory = _bench.CreateDirectory(("credentials.json", _bench.Server.Google.CreateServiceAccount("first@p.iam.gserviceaccount.com").CredentialsJson));
        var store = _bench.Open("gs://data/", Options(directory));
        var file = await store.OnlyAsync();
        var path = Path.Combine(directory, "credentials.json");
        File.WriteAllText(path, _bench.Server.Google.CreateServiceAccount("second@p.iam.gserviceaccount.com").CredentialsJson);
        File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await store.ReadAsync(file);
        _bench.Server.Google.Issued.ShouldBe(2);
    }

    [Fact]
    public async Task Key_that_was_removed_is_a_bad_credential()
    {
        var account = _bench.Server.Google.CreateServiceAccount();
        account.IsDisabled = true;
        var e = await Open(account.CredentialsJson).FailureOfListAsync();
        (e.Failure, e.Message.Contains("invalid_grant")).ShouldBe((StoreFailure.BadCredential, true));
    }

    [Theory]
    [InlineData(500, "Unavailable")]
    [InlineData(429, "Throttled")]
    [InlineData(403, "BadCredential")]
    public async Task Refusal_of_the_token_endpoint_becomes_a_failure_of_its_kind(int status, string failure)
    {
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(status, "whatever")) { Operations = StoreOperation.Token });
        (await Open(_bench.Server.Google.CreateServiceAccount().CredentialsJson).FailureOfListAsync()).Failure.ShouldBe(Enum.Parse<StoreFailure>(failure));
    }

    [Theory]
    [InlineData("", "credentials.json")]
    [InlineData("{", "no JSON")]
    [InlineData("""{"type":"impersonated_service_account"}""", "type")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"s3cr3t","token_uri":"https://oauth2.googleapis.com/token"}""", "private_key")]
    [InlineData("""{"type":"service_account","private_key":"s3cr3t","token_uri":"https://oauth2.googleapis.com/token"}""", "client_email")]
    [InlineData("""{"type":"service_account","client_email":"a@b","private_key":"s3cr3t","token_uri":"http://elsewhere/token"}""", "token_uri")]
    [InlineData("""{"type":"service_account","private_key":"s3cr3t""", "no JSON")]
    public async Task File_that_is_no_credential_is_told_without_quoting_it(string file, string expected)
    {
        var e = await Open(file).FailureOfListAsync();
        (e.Failure, e.Message.Contains(expected), e.ToString().Contains("s3cr3t")).ShouldBe((StoreFailure.BadCredential, true, false), e.Message);
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("json", false)]
    [InlineData("text", true)]
    public async Task Workload_of_elsewhere_exchanges_the_token_of_its_file(string format, bool impersonates)
    {
        _bench.Server.Google.TrustSubject(Audience, SubjectToken);
        var tokens = _bench.CreateDirectory(("token", format == "json" ? $$"""{"id_token":"{{SubjectToken}}"}""" : SubjectToken + "\n"));
        var store = Open(ExternalAccount(new JsonObject
        {
            ["file"] = Path.Combine(tokens, "token"),
            ["format"] = new JsonObject { ["type"] = format, ["subject_token_field_name"] = "id_token" },
        }, impersonates));
        (await store.ReadAsync(await store.OnlyAsync())).ShouldBe("content"u8.ToArray());
        _bench.Server.Google.Issued.ShouldBe(impersonates ? 2 : 1);

        // The file is read for each exchange: its token is short-lived, and renewed in place.
        File.WriteAllText(Path.Combine(tokens, "token"), "another");
        _time.Advance(TimeSpan.FromHours(2));
        var e = await store.FailureOfListAsync();
        (e.Failure, e.ToString().Contains(SubjectToken)).ShouldBe((StoreFailure.BadCredential, false));
    }

    [Fact]
    public async Task Workload_of_elsewhere_exchanges_the_token_that_an_address_gives()
    {
        _bench.Server.Google.TrustSubject(Audience, SubjectToken);
        _bench.Server.Faults.Add(new Fault(new FaultAction.RawAnswer(200, "text/plain", SubjectToken)) { Operations = StoreOperation.Token, Times = 1 });
        var store = Open(ExternalAccount(new JsonObject
        {
            ["url"] = new Uri(_bench.Server.GoogleEndpoint, "/identity").ToString(),
            ["headers"] = new JsonObject { ["Metadata-Flavor"] = "Google" },
        }, impersonates: false));
        await store.OnlyAsync();
        _bench.Server.Counts.Requests[0].Headers["Metadata-Flavor"].ShouldBe("Google");
    }

    [Theory]
    [InlineData("token_url", "https://sts.googleapis.com.elsewhere.example/v1/token")]
    [InlineData("token_url", "https://sts.storage.googleapis.com/v1/token")]
    [InlineData("token_url", "http://sts.googleapis.com/v1/token")]
    [InlineData("token_url", "https://sts.googleapis.com:8443/v1/token")]
    [InlineData("service_account_impersonation_url", "https://elsewhere.example/")]
    [InlineData("service_account_impersonation_url", "https://sts.googleapis.com/")]
    [InlineData("credential_source.url", "http://169.254.169.254/latest")]
    public async Task Tokens_go_nowhere_but_to_Google(string field, string address)
    {
        var file = JsonNode.Parse(ExternalAccount(new JsonObject { ["url"] = "https://metadata.googleapis.com/" }, impersonates: true))!.AsObject();
        if (field == "credential_source.url")
            file["credential_source"]!["url"] = address;
        else
            file[field] = address;
        var e = await Open(file.ToJsonString()).FailureOfListAsync();
        (e.Failure, e.Message.Contains(field)).ShouldBe((StoreFailure.BadCredential, true), e.Message);
        _bench.Server.Counts.Total.ShouldBe(0);
    }

    [Fact]
    public async Task What_gcloud_leaves_in_the_home_directory_is_used()
    {
        _bench.Server.Google.Grant("granted", "s3cr3t");
        var home = _bench.CreateDirectory();
        var folder = Directory.CreateDirectory(Path.Combine(home, ".config", "gcloud")).FullName;
        File.WriteAllText(Path.Combine(folder, "application_default_credentials.json"), new JsonObject
        {
            ["type"] = "authorized_user",
            ["client_id"] = "program",
            ["client_secret"] = "s3cr3t",
            ["refresh_token"] = "granted",
            ["token_uri"] = new Uri(_bench.Server.GoogleEndpoint, "/token").ToString(),
        }.ToJsonString());
        _bench.Environment["HOME"] = home;
        await _bench.Open("gs://data/", Options()).OnlyAsync();
    }

    [Theory]
    [InlineData("https://oauth2.googleapis.com/token", true)]
    [InlineData("https://sts.googleapis.com/token", true)]
    [InlineData("https://sts.us-east1.rep.googleapis.com/token", true)]
    [InlineData("https://sts.mtls.googleapis.com/token", true)]
    [InlineData("https://sts-abc.p.googleapis.com/token", true)]
    [InlineData("https://oauth2.googleapis.com.example/token", false)]
    [InlineData("https://bucket.storage.googleapis.com/token", false)]
    [InlineData("https://user@oauth2.googleapis.com/token", false)]
    public void Host_is_Googles_own_or_not(string address, bool isGoogles)
    {
        var service = address.Contains("oauth2", StringComparison.Ordinal) ? "oauth2" : address.Contains("sts", StringComparison.Ordinal) ? "sts" : "storage";
        var hosts = new GoogleHosts(standIn: null);
        if (isGoogles)
            hosts.Service(address, service, "the file", "field").ShouldBe(new Uri(address));
        else
            Should.Throw<StoreException>(() => hosts.Service(address, service, "the file", "field")).Failure.ShouldBe(StoreFailure.BadCredential);
    }

    [Fact]
    public async Task File_that_the_environment_names_is_used_and_missed()
    {
        var directory = _bench.CreateDirectory(("key.json", _bench.Server.Google.CreateServiceAccount().CredentialsJson));
        _bench.Environment["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(directory, "key.json");
        await _bench.Open("gs://data/", Options()).OnlyAsync();
        _bench.Environment["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(directory, "absent.json");
        Should.Throw<StoreException>(() => _bench.Open("gs://data/", Options())).Failure.ShouldBe(StoreFailure.BadCredential);
    }

    [Fact]
    public async Task Outage_of_the_token_endpoint_is_bridged_by_what_is_left_of_the_old_token()
    {
        var store = Open(_bench.Server.Google.CreateServiceAccount().CredentialsJson);
        var file = await store.OnlyAsync();
        _bench.Server.Faults.Add(new Fault(new FaultAction.Answer(503, "")) { Operations = StoreOperation.Token });
        _time.Advance(TimeSpan.FromMinutes(58));
        (await store.ReadAsync(file)).ShouldBe("content"u8.ToArray());
        _time.Advance(TimeSpan.FromMinutes(3));
        (await store.FailureOfReadAsync(file)).Failure.ShouldBe(StoreFailure.Unavailable);
    }

    private string ExternalAccount(JsonObject source, bool impersonates)
    {
        var file = new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = Audience,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
            ["token_url"] = new Uri(_bench.Server.GoogleEndpoint, "/v1/token").ToString(),
            ["credential_source"] = source,
        };
        if (impersonates)
        {
            file["service_account_impersonation_url"] =
                new Uri(_bench.Server.GoogleEndpoint, "/v1/projects/-/serviceAccounts/loader@p.iam.gserviceaccount.com:generateAccessToken").ToString();
        }

        return file.ToJsonString();
    }

    private IObjectStore Open(string credential) => _bench.Open("gs://data/", Options(_bench.CreateDirectory(("credentials.json", credential))));

    private StoreOptions Options(params string[] directories) => _bench.Options(directories) with { Time = _time };
}
