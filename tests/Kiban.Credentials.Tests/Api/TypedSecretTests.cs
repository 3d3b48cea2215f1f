using System.Text.Json;
using Kiban.Credentials.Api;
using Kiban.Credentials.Tests.Fakes;
using Kiban.Credentials.Tests.Golden;
using Kiban.Kubernetes.Client;
using Kiban.Testing.Golden;

namespace Kiban.Credentials.Tests.Api;

/// <summary>What stays in memory of Secrets and ServiceAccounts.</summary>
public sealed class TypedSecretTests
{
    [Fact]
    public void Secret_in_memory_has_key_names_and_no_values()
    {
        var secret = FakeCluster.Read<AwsSecret>(Yaml.Document("""
            apiVersion: v1
            kind: Secret
            metadata:
              name: minio
              namespace: team-a
              resourceVersion: "7"
              labels: {a: MARKER}
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"aws_secret_access_key":"MARKER"}}'
              managedFields: [{manager: MARKER}]
            type: kiban.dev/aws-credentials
            data: {aws_secret_access_key: TUFSS0VS, nested: {MARKER: [1]}, region: bm8=}
            """));

        secret.Keys.ShouldBe(["aws_secret_access_key", "nested", "region"]);
        secret.Type.ShouldBe("kiban.dev/aws-credentials");
        secret.Metadata.Name.ShouldBe("minio");
        secret.Metadata.ResourceVersion.ShouldBe("7");
        JsonSerializer.Serialize(secret.Metadata, KubernetesJsonOptions.Default).ShouldNotContain("MARKER");
    }

    [Fact]
    public async Task Secret_that_comes_before_the_end_of_a_stream_is_read()
    {
        // Longer than the serializer's first buffer, as a list of Secrets from a server is.
        var list = $$"""[{{string.Join(',', Enumerable.Repeat("""{"kind": "Secret", "data": {"aws_secret_access_key": "TUFSS0VS"}}""", 1000))}}]""";
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(list));

        var secrets = await JsonSerializer.DeserializeAsync<AwsSecret[]>(stream, KubernetesJsonOptions.Default, TestContext.Current.CancellationToken);

        secrets.ShouldNotBeNull().ShouldAllBe(secret => secret.Keys.Single() == "aws_secret_access_key");
    }

    [Fact]
    public void Secret_without_data_has_no_keys() =>
        FakeCluster.Read<GcpSecret>(Yaml.Document("{kind: Secret, metadata: {name: x}, data: null}")).Keys.ShouldBeEmpty();

    [Fact]
    public void End_of_the_initial_events_of_a_watch_is_kept() =>
        FakeCluster.Read<GcpSecret>(Yaml.Document("{kind: Secret, metadata: {annotations: {k8s.io/initial-events-end: 'true'}}}"))
            .Metadata.Annotations.ShouldContainKey("k8s.io/initial-events-end");

    [Fact]
    public void ServiceAccount_in_memory_has_the_annotations_that_are_read()
    {
        var account = FakeCluster.Read<AnnotatedServiceAccount>(Yaml.Document("""
            kind: ServiceAccount
            metadata:
              name: trainer
              annotations:
                credentials.kiban.dev/aws: minio
                eks.amazonaws.com/role-arn: arn
                cloud.google.com/workload-identity-provider: p
                kubectl.kubernetes.io/last-applied-configuration: "{}"
            """));

        account.Metadata.Annotations.Keys.ShouldBe(
            ["credentials.kiban.dev/aws", "eks.amazonaws.com/role-arn", "cloud.google.com/workload-identity-provider"]);
    }
}
