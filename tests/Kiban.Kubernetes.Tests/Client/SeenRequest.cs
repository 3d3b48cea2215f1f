using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Tests.Client;

/// <summary>A request as it came to a <see cref="ScriptedServer"/>.</summary>
internal sealed record SeenRequest
{
    public required string Method { get; init; }

    public required string PathAndQuery { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required string Body { get; init; }

    public required string Protocol { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    public JsonNode Json => JsonNode.Parse(Body)!;
}
