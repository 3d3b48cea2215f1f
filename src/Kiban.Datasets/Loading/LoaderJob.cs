using System.Globalization;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;

namespace Kiban.Datasets.Loading;

/// <summary>The Job that fills a claim.</summary>
internal static class LoaderJob
{
    /// <summary>Name of its container.</summary>
    public const string Container = "load";

    private const string DataVolume = "data";
    private const string DataDirectory = "/data";
    private const string CredentialsDirectory = "/var/run/secrets/kiban.dev/dataset";
    private const int LongestName = 63;

    /// <summary>Name of the Job for a load of a claim: the same each time it is asked for, and of another claim or load never.</summary>
    public static string NameOf(string claim, string loadKey)
    {
        const string Prefix = "kiban-load-";
        var room = LongestName - Prefix.Length - 1 - LoadDigits;
        var cut = (claim.Length <= room ? claim : claim[..room]).Replace('.', '-').TrimEnd('-');
        return $"{Prefix}{cut}-{loadKey[..LoadDigits]}";
    }

    private const int LoadDigits = 12;

    /// <summary>The Job.</summary>
    /// <param name="claim">What is filled.</param>
    /// <param name="request">What with.</param>
    /// <param name="loadKey">Key of the load.</param>
    /// <param name="secretsVersion">Fingerprint of the Secrets it starts with.</param>
    /// <param name="placement">Where it may run.</param>
    /// <param name="options">How loaders are made.</param>
    public static V1Job Of(
        DatasetClaim claim, DatasetRequest request, string loadKey, string secretsVersion, LoaderPlacement placement, LoaderOptions options)
    {
        var labels = new Dictionary<string, string>
        {
            ["app.kubernetes.io/name"] = "kiban-loader",
            ["app.kubernetes.io/managed-by"] = "kiban",
            [DatasetsApi.RoleLabel] = DatasetsApi.LoaderRole,
            [DatasetsApi.ClaimUidLabel] = claim.Metadata.Uid,
        };
        return new V1Job
        {
            Metadata = new V1ObjectMeta
            {
                Name = NameOf(claim.Metadata.Name, loadKey),
                NamespaceProperty = claim.Metadata.NamespaceProperty,
                Labels = labels,
                Annotations = new Dictionary<string, string>
                {
                    [DatasetsApi.Records.LoadKey] = loadKey,
                    [DatasetsApi.Records.Credentials] = secretsVersion,
                },
                OwnerReferences =
                [
                    new V1OwnerReference
                    {
                        ApiVersion = claim.ApiVersion,
                        Kind = claim.Kind,
                        Name = claim.Metadata.Name,
                        Uid = claim.Metadata.Uid,
                        Controller = true,
                        // The claim may go while its Job is still being stopped.
                        BlockOwnerDeletion = false,
                    },
                ],
            },
            Spec = new V1JobSpec
            {
                BackoffLimit = options.BackoffLimit,
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta
                    {
                        Labels = new Dictionary<string, string>(labels)
                        {
                            // A proxy that does not end with the loader would keep the Job from completing.
                            ["sidecar.istio.io/inject"] = "false",
                        },
                        Annotations = new Dictionary<string, string>
                        {
                            ["sidecar.istio.io/inject"] = "false",
                            ["linkerd.io/inject"] = "disabled",
                            // The Secrets are mounted below; those of the namespace's default ServiceAccount are somebody else's.
                            ["credentials.kiban.dev/aws"] = "none",
                            ["credentials.kiban.dev/gcp"] = "none",
                        },
                    },
                    Spec = PodOf(claim, request, loadKey, placement, options),
                },
            },
        };
    }

    private static V1PodSpec PodOf(DatasetClaim claim, DatasetRequest request, string loadKey, LoaderPlacement placement, LoaderOptions options)
    {
        var user = placement.User ?? (options.User > 0 ? options.User : null);
        return new V1PodSpec
        {
            RestartPolicy = "Never",
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            NodeSelector = placement.NodeSelector,
            Affinity = placement.ToAffinity(),
            Tolerations = placement.Tolerations,
            ImagePullSecrets = options.ImagePullSecrets.Count == 0 ? null : [.. options.ImagePullSecrets.Select(name => new V1LocalObjectReference { Name = name })],
            SecurityContext = new V1PodSecurityContext
            {
                RunAsNonRoot = true,
                RunAsUser = user,
                FsGroup = placement.FileSystemGroup ?? user,
                // Changing the owner of millions of files at each start takes longer than comparing them.
                FsGroupChangePolicy = "OnRootMismatch",
                SupplementalGroups = placement.SupplementalGroups,
                SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
            },
            Containers =
            [
                new V1Container
                {
                    Name = Container,
                    Image = options.Image,
                    ImagePullPolicy = options.ImagePullPolicy,
                    Args = [.. Arguments(request, loadKey, options)],
                    Env = options.Environment.Count == 0 ? null : [.. options.Environment.Select(pair => new V1EnvVar { Name = pair.Key, Value = pair.Value })],
                    Resources = Resources(options.Cpu, options.Memory),
                    SecurityContext = new V1SecurityContext
                    {
                        AllowPrivilegeEscalation = false,
                        ReadOnlyRootFilesystem = true,
                        Capabilities = new V1Capabilities { Drop = ["ALL"] },
                    },
                    VolumeMounts =
                    [
                        new V1VolumeMount { Name = DataVolume, MountPath = DataDirectory },
                        .. request.Credentials.Select((_, i) => new V1VolumeMount { Name = SecretVolume(i), MountPath = SecretDirectory(i), ReadOnlyProperty = true }),
                    ],
                },
            ],
            Volumes =
            [
                new V1Volume { Name = DataVolume, PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim.Metadata.Name } },
                .. request.Credentials.Select((name, i) => new V1Volume
                {
                    Name = SecretVolume(i),
                    // 0444: the group that would make 0440 readable is not set where the cluster chooses the user.
                    Secret = new V1SecretVolumeSource { SecretName = name, DefaultMode = Convert.ToInt32("444", 8) },
                }),
            ],
        };
    }

    private static IEnumerable<string> Arguments(DatasetRequest request, string loadKey, LoaderOptions options) =>
    [
        "load",
        .. request.Sources.Select(source => $"--source={source}"),
        $"--into={DataDirectory}",
        .. request.Path.Length == 0 ? Array.Empty<string>() : [$"--path={request.Path}"],
        .. request.Include.Select(glob => $"--include={glob}"),
        .. request.Exclude.Select(glob => $"--exclude={glob}"),
        .. request.AllowsEmpty ? ["--allow-empty"] : Array.Empty<string>(),
        .. request.Prunes ? ["--prune"] : Array.Empty<string>(),
        .. request.Credentials.Count == 0 ? ["--anonymous"] : request.Credentials.Select((_, i) => $"--credentials={SecretDirectory(i)}"),
        $"--load-id={loadKey}",
        $"--egress-budget={options.EgressBudget.ToString(CultureInfo.InvariantCulture)}",
        "--output=json",
    ];

    private static V1ResourceRequirements Resources(string cpu, string memory)
    {
        var both = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu), ["memory"] = new(memory) };
        return new V1ResourceRequirements { Requests = both, Limits = both };
    }

    private static string SecretVolume(int index) => string.Create(CultureInfo.InvariantCulture, $"credentials-{index}");

    private static string SecretDirectory(int index) => string.Create(CultureInfo.InvariantCulture, $"{CredentialsDirectory}/{index}");
}
