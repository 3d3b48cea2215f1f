using System.Text.Json;
using Kiban.LocalCluster.Binaries;

namespace Kiban.LocalCluster;

/// <summary>What a cluster was brought up with, so that later commands need not be told again (<c>settings.json</c>).</summary>
/// <param name="Version">Release of Kubernetes.</param>
/// <param name="BinariesFolder">Folder of its programs.</param>
/// <param name="Node">Whether it has a node.</param>
public sealed record ClusterSettings(string Version, string BinariesFolder, bool Node)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The programs, whether they are still there or not.</summary>
    public KubernetesBinaries Binaries => new(BinariesFolder, KubernetesVersion.Parse(Version));

    /// <summary>Reads the settings, or null for a directory that has none that are readable.</summary>
    public static ClusterSettings? Load(ClusterDirectory cluster)
    {
        try
        {
            return JsonSerializer.Deserialize<ClusterSettings>(File.ReadAllText(PathOf(cluster)), Json);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps the settings.</summary>
    public void Save(ClusterDirectory cluster) => AtomicFile.Write(PathOf(cluster), JsonSerializer.Serialize(this, Json) + "\n", AtomicFile.Public);

    private static string PathOf(ClusterDirectory cluster) => cluster.Combine("settings.json");
}
