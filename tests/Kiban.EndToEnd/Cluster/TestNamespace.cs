using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Kiban.EndToEnd.Cluster;

/// <summary>A namespace of one test, and what tests do in it.</summary>
public sealed class TestNamespace(string name, Kubectl kubectl)
{
    /// <summary>How long a Pod may take on a machine that is busy with everything at once.</summary>
    private static readonly TimeSpan PodLimit = TimeSpan.FromMinutes(3);

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Makes a namespace that nobody else uses, in which Pods can be created at once.</summary>
    public static async Task<TestNamespace> CreateAsync(Kubectl kubectl, string prefix, CancellationToken cancellationToken)
    {
        var created = new TestNamespace($"{prefix}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}", kubectl);
        await kubectl.RunAsync(["create", "namespace", created.Name], cancellationToken: cancellationToken);
        await kubectl.WaitAsync(
            $"the default service account of {created.Name}",
            ["-n", created.Name, "get", "serviceaccount", "default", "-o", "name"],
            _ => true,
            PodLimit,
            cancellationToken);
        return created;
    }

    /// <summary>Applies manifests in YAML.</summary>
    public Task ApplyAsync(string manifests, CancellationToken cancellationToken) => RunAsync(["apply", "-f", "-"], cancellationToken, manifests);

    /// <summary>Applies manifests with fields that this release of Kubernetes may not know.</summary>
    public Task ApplyUnvalidatedAsync(string manifests, CancellationToken cancellationToken) =>
        RunAsync(["apply", "--validate=false", "-f", "-"], cancellationToken, manifests);

    /// <summary>Applies manifests that must be refused, and returns the refusal.</summary>
    public async Task<string> ApplyRefusedAsync(string manifests, CancellationToken cancellationToken)
    {
        var result = await kubectl.TryAsync(["-n", name, "apply", "-f", "-"], manifests, cancellationToken);
        return result.Succeeded ? throw new InvalidOperationException($"This should have been refused:\n{manifests}") : result.Error;
    }

    /// <summary>Runs kubectl in the namespace.</summary>
    public Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken, string? input = null) =>
        kubectl.RunAsync(["-n", name, .. arguments], input, cancellationToken);

    /// <summary>Waits until the Pod has ended in either way.</summary>
    /// <returns><c>Succeeded</c> or <c>Failed</c>.</returns>
    public Task<string> WaitForEndAsync(string pod, CancellationToken cancellationToken) =>
        WaitAsync($"the end of Pod {pod}", ["get", "pod", pod, "-o", "jsonpath={.status.phase}"], phase => phase is "Succeeded" or "Failed", cancellationToken);

    /// <summary>Waits until the output of the Pod holds a text, and returns all of it.</summary>
    public Task<string> WaitForLogAsync(string pod, string text, CancellationToken cancellationToken) =>
        WaitAsync($"\"{text}\" in the output of Pod {pod}", ["logs", pod, "--all-containers"], log => log.Contains(text, StringComparison.Ordinal), cancellationToken);

    /// <summary>Waits until a kubectl command in the namespace answers as wanted.</summary>
    public Task<string> WaitAsync(string what, string[] arguments, Func<string, bool> isAsWanted, CancellationToken cancellationToken) =>
        kubectl.WaitAsync(what, ["-n", name, .. arguments], isAsWanted, PodLimit, cancellationToken);

    /// <summary>All output of a Pod.</summary>
    public Task<string> LogsAsync(string pod, CancellationToken cancellationToken) => RunAsync(["logs", pod, "--all-containers"], cancellationToken);

    /// <summary>An object as JSON.</summary>
    public async Task<JsonNode> GetAsync(string kind, string objectName, CancellationToken cancellationToken) =>
        JsonNode.Parse(await RunAsync(["get", kind, objectName, "-o", "json"], cancellationToken))!;
}
