using Kiban.Credentials.Admission;
using Kiban.Testing;

namespace Kiban.Credentials.Tests.Integration;

/// <summary>The final check alone, as if injection had been passed over.</summary>
public sealed class FinalCheckTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task Pod_that_was_not_injected_is_refused_and_one_that_did_not_ask_is_stored()
    {
        await using var server = await CredentialsServer.StartAsync(cluster, handler => handler is not PodInjectionHandler);
        await CredentialsFixture.WebhooksAnswerAsync(cluster);
        var space = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Manifests.Minio, space);

        var asking = await cluster.RunKubectlAsync(["create", "-n", space, "-f", "-"], Manifests.Pod("credentials.kiban.dev/aws: minio"));
        await cluster.ApplyAsync(Manifests.Pod(name: "name: plain"), space);

        asking.Error.ShouldContain($"Pod \"{space}/train\" asks for credentials but lacks volume \"kiban-aws-credentials\"");
    }
}
