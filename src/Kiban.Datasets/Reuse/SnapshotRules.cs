using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;

namespace Kiban.Datasets.Reuse;

/// <summary>Which snapshot serves which claim, and which are kept. Pure.</summary>
internal static class SnapshotRules
{
    /// <summary>The snapshot class for a driver: its default, else the first by name; null where the driver has none.</summary>
    public static VolumeSnapshotClass? ClassFor(string? driver, IEnumerable<VolumeSnapshotClass> classes) => classes
        .Where(candidate => candidate.Driver == driver)
        .OrderByDescending(candidate => candidate.IsDefault).ThenBy(candidate => candidate.Metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>The newest snapshot of an equal load that the claim can be filled from.</summary>
    /// <param name="claim">What is claimed.</param>
    /// <param name="driver">Provisioner of the claim's class.</param>
    /// <param name="equal">Snapshots of equal loads in the claim's namespace.</param>
    /// <param name="driverOf">Driver of a snapshot class.</param>
    public static SnapshotChoice Choose(DatasetClaimSpec claim, string? driver, IEnumerable<VolumeSnapshot> equal, Func<string?, string?> driverOf)
    {
        string? refusal = null;
        foreach (var snapshot in equal.Where(candidate => candidate.IsReady).OrderByDescending(candidate => candidate.Metadata.CreationTimestamp))
        {
            var why = Refusal(claim, driver, snapshot, driverOf);
            if (why is null)
                return new SnapshotChoice(snapshot, null);
            refusal ??= why;
        }
        return new SnapshotChoice(null, refusal);
    }

    /// <summary>Which snapshots of a namespace are too old or too many; those that a claim is still to be filled from stay.</summary>
    /// <param name="snapshots">All of the namespace.</param>
    /// <param name="inUse">Names of those that claims without a volume name.</param>
    /// <param name="options">The limits.</param>
    /// <param name="now">The present.</param>
    public static IEnumerable<VolumeSnapshot> Surplus(
        IEnumerable<VolumeSnapshot> snapshots, IReadOnlySet<string> inUse, DatasetCacheOptions options, DateTimeOffset now)
    {
        var count = 0;
        decimal size = 0;
        var budget = new ResourceQuantity(options.MaxSizePerNamespace).ToDecimal();
        foreach (var snapshot in snapshots.OrderByDescending(candidate => candidate.Metadata.CreationTimestamp))
        {
            count++;
            size += SizeOf(snapshot) ?? 0;
            var isSurplus = count > options.MaxSnapshotsPerNamespace || size > budget || snapshot.Metadata.CreationTimestamp + options.MaxAge <= now.UtcDateTime;
            if (isSurplus && !inUse.Contains(snapshot.Metadata.Name) && snapshot.Metadata.DeletionTimestamp is null)
                yield return snapshot;
        }
    }

    /// <summary>The snapshot that a load's claim is to leave behind.</summary>
    public static VolumeSnapshot Of(DatasetClaim claim, DatasetRequest request, string loadKey, string? digest, string className) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = NameOf(loadKey),
            NamespaceProperty = claim.Metadata.NamespaceProperty,
            Labels = new Dictionary<string, string>
            {
                ["app.kubernetes.io/managed-by"] = "kiban",
                [DatasetsApi.SourceLabel] = LoadKey.OfSource(request),
            },
            Annotations = digest is null ? null : new Dictionary<string, string> { [DatasetsApi.Records.Content] = digest },
        },
        Spec = new VolumeSnapshotSpec { VolumeSnapshotClassName = className, Source = new VolumeSnapshotSource { PersistentVolumeClaimName = claim.Metadata.Name } },
    };

    /// <summary>Name of the snapshot of a load; the load's key contains the claim's UID.</summary>
    public static string NameOf(string loadKey) => $"kiban-dataset-{loadKey[..12]}";

    private static string? Refusal(DatasetClaimSpec claim, string? driver, VolumeSnapshot snapshot, Func<string?, string?> driverOf)
    {
        var itsDriver = driverOf(snapshot.Spec.VolumeSnapshotClassName);
        if (itsDriver != driver)
            return $"snapshot {snapshot.Metadata.Name} is of driver {itsDriver ?? "unknown"}, and the claim's StorageClass {claim.StorageClassName} is of {driver ?? "none"}";
        var wanted = claim.Resources?.Requests?.TryGetValue("storage", out var quantity) == true ? quantity.ToDecimal() : 0;
        return SizeOf(snapshot) > wanted
            ? $"snapshot {snapshot.Metadata.Name} needs {snapshot.Status!.RestoreSize}, and the claim asks for less"
            : null;
    }

    private static decimal? SizeOf(VolumeSnapshot snapshot)
    {
        try
        {
            return snapshot.Status?.RestoreSize is { Length: > 0 } size ? new ResourceQuantity(size).ToDecimal() : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }
}
