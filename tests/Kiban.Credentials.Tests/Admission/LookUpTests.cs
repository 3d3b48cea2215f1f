using System.Net;
using System.Text.Json.Nodes;
using Kiban.Credentials.Api;
using Kiban.Credentials.Tests.Fakes;
using Kiban.Credentials.Tests.Golden;
using Kiban.Kubernetes.Client;
using Kiban.Testing.Golden;

namespace Kiban.Credentials.Tests.Admission;

/// <summary>Caches answer where they can; where they have nothing, or would refuse, the server is asked.</summary>
public sealed class LookUpTests
{
    private const string Secret = """
        kind: Secret
        metadata: {name: minio, namespace: team-a}
        type: kiban.dev/aws-credentials
        stringData: {aws_access_key_id: minio, aws_secret_access_key: minio123, endpoint_url: "http://minio"}
        """;

    private const string Account = """
        kind: ServiceAccount
        metadata: {name: trainer, namespace: team-a, annotations: {credentials.kiban.dev/aws: minio}}
        """;

    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task Pod_is_admitted_from_the_caches_without_a_request()
    {
        _cluster.Store(Yaml.Document(Account));
        await _cluster.StoreRenderedAsync(Yaml.Document(Secret));

        var outcome = await _cluster.AdmitPodAsync(Pod());

        outcome.Refusal.ShouldBeNull();
        _cluster.Client.Reads.ShouldBeEmpty();
    }

    [Fact]
    public async Task ServiceAccount_and_Secret_that_the_caches_lack_are_read_from_the_server()
    {
        _cluster.Store(Yaml.Document(Account), cached: false);
        await _cluster.StoreRenderedAsync(Yaml.Document(Secret), cached: false);

        var outcome = await _cluster.AdmitPodAsync(Pod());

        outcome.Refusal.ShouldBeNull();
        outcome.Object!.ToJsonString().ShouldContain("kiban-aws-credentials");
        _cluster.Client.Reads.ShouldContain("ServiceAccount team-a/trainer");
        _cluster.Client.Reads.ShouldContain("Secret team-a/minio");
    }

    [Fact]
    public async Task Secret_whose_cached_copy_is_not_rendered_yet_is_read_from_the_server()
    {
        var stale = FakeCluster.MergeStringData(Yaml.Document(Secret));
        _cluster.AwsSecrets.Add(FakeCluster.Read<AwsSecret>(stale));
        _cluster.Store(Yaml.Document(Account));
        await _cluster.StoreRenderedAsync(Yaml.Document(Secret), cached: false);

        (await _cluster.AdmitPodAsync(Pod())).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task Secret_that_was_never_rendered_refuses_the_Pod_with_the_way_out()
    {
        _cluster.Store(Yaml.Document(Account));
        _cluster.Store(Yaml.Document(Secret));

        var outcome = await _cluster.AdmitPodAsync(Pod());

        outcome.Refusal.ShouldBe(
            "Pod \"team-a/train\": annotation credentials.kiban.dev/aws of ServiceAccount \"trainer\" names Secret \"minio\", which lacks the keys credentials and config "
            + "because it was stored while Kiban did not answer; have them written (an immutable Secret has to be created anew) with: "
            + "kubectl -n team-a annotate secret minio credentials.kiban.dev/render=now --overwrite");
    }

    [Fact]
    public async Task Annotation_that_the_cache_still_has_but_the_server_no_longer_does_not_refuse()
    {
        _cluster.ServiceAccounts.Add(FakeCluster.Read<AnnotatedServiceAccount>(Yaml.Document(Account)));
        _cluster.Store(Yaml.Document("""
            kind: ServiceAccount
            metadata: {name: trainer, namespace: team-a}
            """), cached: false);

        var outcome = await _cluster.AdmitPodAsync(Pod());

        outcome.Refusal.ShouldBeNull();
        outcome.Object!["spec"]!["volumes"].ShouldBeNull();
    }

    [Fact]
    public async Task Annotation_that_a_ServiceAccount_was_given_counts_once_the_cache_knows()
    {
        // Not before: to be sure, each Pod that asks for nothing would cost the server a read (docs/credentials.md).
        _cluster.ServiceAccounts.Add(FakeCluster.Read<AnnotatedServiceAccount>(Yaml.Document("""
            kind: ServiceAccount
            metadata: {name: trainer, namespace: team-a}
            """)));
        _cluster.Store(Yaml.Document(Account), cached: false);
        await _cluster.StoreRenderedAsync(Yaml.Document(Secret));

        var outcome = await _cluster.AdmitPodAsync(Pod());

        outcome.Refusal.ShouldBeNull();
        outcome.Object!["spec"]!["volumes"].ShouldBeNull();
        _cluster.Client.Reads.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secret_that_is_gone_from_the_server_refuses_only_once_the_cache_knows()
    {
        // A Pod admitted in between does not start: its volume is not optional.
        _cluster.Store(Yaml.Document(Account));
        await _cluster.StoreRenderedAsync(Yaml.Document(Secret), cached: false);
        _cluster.Lose("Secret", "minio");

        (await _cluster.AdmitPodAsync(Pod())).Refusal!.ShouldContain("which namespace \"team-a\" does not have");
    }

    [Fact]
    public async Task Server_that_does_not_answer_is_no_answer()
    {
        _cluster.Client.Failure = new KubernetesException(HttpStatusCode.InternalServerError, null, "GET /api/v1/namespaces/team-a/serviceaccounts/trainer");

        // The admission server makes a refusal of it: whether the Pod asks is not known.
        await Should.ThrowAsync<KubernetesException>(() => _cluster.AdmitPodAsync(Pod()));
    }

    private static JsonObject Pod() => Yaml.Document("""
        kind: Pod
        metadata: {name: train, namespace: team-a}
        spec: {serviceAccountName: trainer, containers: [{name: train, image: train}]}
        """);
}
