using System.Text.Json;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>What is chosen once for a cluster and must stay, since clients and certificates refer to it (<c>cluster.json</c>).</summary>
public sealed record ControlPlaneConfiguration(ControlPlanePorts Ports)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>
    /// Reads what was chosen for the cluster, or chooses. A port that somebody else took while the daemon it belongs to was down is
    /// chosen anew.
    /// </summary>
    public static ControlPlaneConfiguration LoadOrCreate(ClusterDirectory cluster)
    {
        var fresh = FreePorts.Choose(5);
        var stored = Load(cluster)?.Ports;
        var running = ProcessTable.Find(cluster).Where(process => process.IsDaemon).Select(process => process.Component).ToHashSet();
        var configuration = new ControlPlaneConfiguration(new ControlPlanePorts(
            Keep(stored?.EtcdClient, ControlPlaneFlags.EtcdName, fresh[0]),
            Keep(stored?.EtcdPeer, ControlPlaneFlags.EtcdName, fresh[1]),
            Keep(stored?.ApiServer, ControlPlaneFlags.ApiServerName, fresh[2]),
            Keep(stored?.ControllerManager, ControlPlaneFlags.ControllerManagerName, fresh[3]),
            Keep(stored?.Scheduler, ControlPlaneFlags.SchedulerName, fresh[4])));
        AtomicFile.Write(cluster.ConfigurationPath, JsonSerializer.Serialize(configuration, Json) + "\n", AtomicFile.Public);
        return configuration;

        int Keep(int? port, string component, int otherwise) =>
            port is { } number && (running.Contains(component) || FreePorts.IsFree(number)) ? number : otherwise;
    }

    /// <summary>Reads what was chosen, or null for a cluster that was never started.</summary>
    public static ControlPlaneConfiguration? Load(ClusterDirectory cluster)
    {
        if (!File.Exists(cluster.ConfigurationPath))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ControlPlaneConfiguration>(File.ReadAllText(cluster.ConfigurationPath), Json);
        }
        catch (JsonException e)
        {
            throw new LocalClusterException($"{cluster.ConfigurationPath} is not what Kiban wrote ({e.Message}); remove the cluster with 'kiban local down'.", e);
        }
    }
}
