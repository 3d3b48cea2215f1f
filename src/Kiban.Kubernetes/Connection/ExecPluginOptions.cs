using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// A program that hands out credentials
/// (<see href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins"/>).
/// </summary>
public sealed record ExecPluginOptions
{
    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>…/v1beta1</c>; the plugin must answer in the same version.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The program: a path, or a name looked up on PATH.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables besides those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What a person should do when the program is missing.</summary>
    public string? InstallHint { get; init; }

    /// <summary>Whether the plugin is told about the cluster.</summary>
    public bool ProvideClusterInfo { get; init; }

    /// <summary>Configuration of the plugin in the cluster's entry (extension <c>client.authentication.k8s.io/exec</c>).</summary>
    public JsonNode? ClusterConfig { get; init; }

    /// <summary>Whether the plugin may talk to a person on standard input.</summary>
    public ExecInteractiveMode InteractiveMode { get; init; } = ExecInteractiveMode.IfAvailable;

    /// <summary>Time the plugin gets; a person may have to log in meanwhile.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);
}
