using System.Text.Json.Nodes;
using Kiban.Credentials.Tests.Fakes;
using Kiban.Credentials.Tests.Golden;
using Kiban.Kubernetes.Admission;
using Kiban.Testing.Golden;

namespace Kiban.Credentials.Tests.Admission;

/// <summary><c>kubectl debug</c> on Pods that have credentials, and on Pods that have not.</summary>
public sealed class EphemeralContainerTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task Debugging_container_gets_what_the_Pod_has()
    {
        var running = await RunningAsync("{credentials.kiban.dev/aws: minio}");

        var debugged = await DebugAsync(running);

        var container = debugged["spec"]!["ephemeralContainers"]![0]!;
        container["volumeMounts"]!.ToJsonString().ShouldContain("/var/run/secrets/kiban.dev/aws");
        container["env"]!.ToJsonString().ShouldContain("AWS_SHARED_CREDENTIALS_FILE");
    }

    [Fact]
    public async Task Debugging_container_of_a_Pod_without_credentials_is_left_alone()
    {
        var running = await RunningAsync("{}");
        running["metadata"]!["annotations"] = new JsonObject { ["credentials.kiban.dev/aws"] = "minio" };

        (await DebugAsync(running))["spec"]!["ephemeralContainers"]![0]!["env"].ShouldBeNull();
    }

    [Fact]
    public async Task Debugging_container_outside_the_Pods_restriction_is_left_alone()
    {
        var running = await RunningAsync("{credentials.kiban.dev/aws: minio, credentials.kiban.dev/containers: train}");

        (await DebugAsync(running))["spec"]!["ephemeralContainers"]![0]!["env"].ShouldBeNull();
    }

    [Fact]
    public async Task Pod_whose_Secret_has_gone_can_still_be_debugged()
    {
        var running = await RunningAsync("{credentials.kiban.dev/aws: minio}");
        running["metadata"]!["annotations"]!["credentials.kiban.dev/aws"] = "gone";

        (await DebugAsync(running))["spec"]!["ephemeralContainers"]![0]!["env"].ShouldBeNull();
    }

    [Fact]
    public async Task Container_that_runs_already_is_not_touched()
    {
        var running = await RunningAsync("{credentials.kiban.dev/aws: minio}");
        running["spec"]!["ephemeralContainers"] = new JsonArray(new JsonObject { ["name"] = "first" });

        var debugged = await DebugAsync(running);

        debugged["spec"]!["ephemeralContainers"]![0]!.ToJsonString().ShouldBe("""{"name":"first"}""");
        debugged["spec"]!["ephemeralContainers"]![1]!["env"].ShouldNotBeNull();
    }

    private async Task<JsonObject> RunningAsync(string annotations)
    {
        _cluster.Store(Yaml.Document("{kind: ServiceAccount, metadata: {name: default, namespace: team-a}}"));
        await _cluster.StoreRenderedAsync(Yaml.Document("""
            kind: Secret
            metadata: {name: minio, namespace: team-a}
            type: kiban.dev/aws-credentials
            stringData: {aws_access_key_id: minio, aws_secret_access_key: minio123, endpoint_url: "http://minio"}
            """));
        return (await _cluster.AdmitPodAsync(Yaml.Document($$"""
            kind: Pod
            metadata: {name: train, namespace: team-a, annotations: {{annotations}} }
            spec: {containers: [{name: train, image: train}]}
            """))).Object!;
    }

    private async Task<JsonObject> DebugAsync(JsonObject running)
    {
        var changed = (JsonObject)running.DeepClone();
        var containers = changed["spec"]!["ephemeralContainers"] as JsonArray ?? (JsonArray)(changed["spec"]!["ephemeralContainers"] = new JsonArray());
        containers.Add(new JsonObject { ["name"] = "debugger", ["image"] = "aws-cli" });
        var review = FakeCluster.Review("pods", changed, running, "ephemeralcontainers");

        (await _cluster.PodInjection.HandleAsync(review, CancellationToken.None)).Allowed.ShouldBeTrue();
        (await _cluster.PodValidation.HandleAsync(review, CancellationToken.None)).Allowed.ShouldBeTrue();
        review.Operation.ShouldBe(AdmissionOperation.Update);
        return changed;
    }
}
