using Xunit;
using Xunit.v3;

namespace Kiban.Testing;

/// <summary>
/// One cluster with a node for all tests of an assembly, brought up when the first test asks for it. Each test makes a namespace of its own;
/// one that stops something takes a cluster of its own.
/// </summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private readonly Lazy<Task<NodeCluster>> _cluster = new(() => NodeCluster.StartAsync(CancellationToken.None));

    /// <summary>The cluster; a test that asks for it is skipped where the tests do not run as root.</summary>
    public Task<NodeCluster> ClusterAsync()
    {
        RequireRoot();
        return _cluster.Value;
    }

    /// <summary>Skips the calling test where a node cannot be made.</summary>
    public static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException(DynamicSkipToken.Value + "a node changes network, mounts and cgroups of the machine, which takes root");
        }
    }

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A start that failed has cleaned up after itself.
        if (_cluster is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _cluster.Value).DisposeAsync();
        }
    }
}
