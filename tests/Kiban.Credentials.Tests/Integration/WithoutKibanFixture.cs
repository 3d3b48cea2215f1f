using Kiban.Testing;

namespace Kiban.Credentials.Tests.Integration;

/// <summary>A control plane on which the webhooks are registered and nothing answers them any more.</summary>
public sealed class WithoutKibanFixture : ControlPlaneFixture
{
    /// <summary>A namespace with the Secret <c>minio</c>.</summary>
    public string Space { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var server = await CredentialsServer.StartAsync(this);
        await CredentialsFixture.WebhooksAnswerAsync(this);
        Space = await CreateNamespaceAsync();
        await ApplyAsync(Manifests.Minio, Space);
    }
}
