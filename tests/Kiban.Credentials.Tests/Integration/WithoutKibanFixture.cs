using Kiban.Testing;

namespace Kiban.Credentials.Tests.Integration;

/// <summary>A control plane on which the webhooks are registered and nothing answers them any more.</summary>
public sealed class WithoutKibanFixture : ControlPlaneFixture
{
    /// <summary>Whether the server serves ValidatingAdmissionPolicies; then deploy/admission-policy is applied.</summary>
    public bool HasAdmissionPolicies => Version.IsAtLeast(1, 30);

    /// <summary>A namespace with the Secret <c>minio</c>, and the ServiceAccount <c>trainer</c> that asks for it.</summary>
    public string Space { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var server = await CredentialsServer.StartAsync(this);
        await CredentialsFixture.WebhooksAnswerAsync(this);
        Space = await CreateNamespaceAsync();
        await ApplyAsync(Manifests.Minio, Space);
        await ApplyAsync("""
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: trainer, annotations: {credentials.kiban.dev/aws: minio}}
            """, Space);
        if (HasAdmissionPolicies)
            await ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "deploy", "pods-with-credentials.yaml")));
    }
}
