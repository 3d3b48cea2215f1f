using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Nodes;

/// <summary>Tells whether the Node object says Ready, and means it.</summary>
internal sealed class NodeReadiness
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lazy<KubernetesClient> _client;
    private readonly string _node;
    private readonly TimeProvider _time;

    public NodeReadiness(string kubeconfigPath, string node, TimeProvider time)
    {
        _client = new Lazy<KubernetesClient>(() => new KubernetesClient(KubernetesConnection.FromKubeconfig(kubeconfigPath)));
        _node = node;
        _time = time;
    }

    /// <summary>True when the kubelet has reported, since its start, that the node is Ready; after a moment's pause otherwise false.</summary>
    public async Task<bool> IsReadyAsync(ProcessIdentity kubelet, CancellationToken cancellationToken)
    {
        try
        {
            var node = await _client.Value.FindAsync<V1Node>(_node, null, cancellationToken);
            if (IsReady(node, StartOf(kubelet)))
            {
                return true;
            }
        }
        catch (KubernetesException)
        {
            // Not yet: roles are being made, or the server is starting.
        }

        await Task.Delay(PollInterval, _time, cancellationToken);
        return false;
    }

    /// <summary>
    /// The condition is True, and was reported by the kubelet that started at <paramref name="kubeletStart"/>: until a new one reports, the
    /// object holds what the last one said. Times in objects are cut to seconds.
    /// </summary>
    internal static bool IsReady(V1Node? node, DateTimeOffset kubeletStart) =>
        node?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready") is { Status: "True", LastHeartbeatTime: { } heartbeat }
        && new DateTimeOffset(DateTime.SpecifyKind(heartbeat, DateTimeKind.Utc)) >= kubeletStart - TimeSpan.FromSeconds(1);

    private DateTimeOffset StartOf(ProcessIdentity process)
    {
        // The kernel counts in hundredths of a second since boot, in every configuration (USER_HZ).
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        return _time.GetUtcNow() - TimeSpan.FromSeconds(uptime - (process.StartTicks / 100.0));
    }
}
