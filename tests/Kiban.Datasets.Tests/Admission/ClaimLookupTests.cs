using System.Text.Json.Nodes;
using Kiban.Datasets.Tests.Fakes;
using Kiban.Testing.Golden;

namespace Kiban.Datasets.Tests.Admission;

/// <summary>When the cache's word about a claim is enough, and when the server is asked.</summary>
public sealed class ClaimLookupTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task Pod_on_a_plain_claim_costs_no_request()
    {
        _cluster.Store(Claim(""));

        (await CreatePodAsync()).ShouldBeFalse();

        _cluster.Server.Reads.ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_that_the_cache_lacks_is_read_from_the_server()
    {
        _cluster.Store(Claim(""), cached: false);

        (await CreatePodAsync()).ShouldBeFalse();

        _cluster.Server.Reads.ShouldBe(["PersistentVolumeClaim team-a/data"]);
    }

    [Fact]
    public async Task Claim_that_was_made_anew_is_waited_for_though_the_cache_has_the_loaded_one()
    {
        _cluster.Store(Claim("dataset.kiban.dev/source: s3://bucket/a/, dataset.kiban.dev/loaded: (its key)"));
        _cluster.Lose("data");
        _cluster.Store(Claim("dataset.kiban.dev/source: s3://bucket/a/"), cached: false);

        (await CreatePodAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Copied_record_of_another_claim_means_nothing()
    {
        _cluster.Store(Claim("dataset.kiban.dev/source: s3://bucket/a/, dataset.kiban.dev/loaded: 0123456789abcdef0123"));

        (await CreatePodAsync()).ShouldBeTrue();
    }

    private async Task<bool> CreatePodAsync()
    {
        var pod = Yaml.Document("""
            kind: Pod
            metadata: {name: train}
            spec: {containers: [{name: train, image: train}], volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}
            """);
        (await _cluster.CreatePodAsync(pod)).Allowed.ShouldBeTrue();
        return pod["spec"]!["schedulingGates"] is not null;
    }

    private static JsonObject Claim(string annotations) => Yaml.Document($$"""
        kind: PersistentVolumeClaim
        metadata: {name: data, uid: 11111111-0000-4000-8000-000000000000, annotations: { {{annotations}} } }
        spec: {accessModes: [ReadWriteOnce]}
        status: {phase: Bound}
        """);
}
