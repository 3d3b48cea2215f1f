using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Waiting;

/// <summary>
/// The init container that waits: it reads from a file, which the kubelet keeps equal to an annotation of the Pod, which claims are loaded. It needs
/// neither the network nor a token.
/// </summary>
internal static class WaitContainer
{
    /// <summary>Volume with the file.</summary>
    public const string VolumeName = "kiban-waiting";

    private const string MountPath = "/var/run/kiban.dev/waiting";
    private const string FileName = "claims";
    private const string PodNameVariable = "POD_NAME";

    /// <summary>
    /// Name of the claim that is made for a generic ephemeral volume, as an argument: the Pod's name may not be chosen yet, so the kubelet puts it in.
    /// </summary>
    public static string EphemeralClaimName(string volume) => $"$({PodNameVariable})-{volume}";

    /// <summary>Arguments to wait for these claims.</summary>
    public static JsonArray Arguments(IEnumerable<string> claims)
    {
        var arguments = new JsonArray("wait", "--annotations", $"{MountPath}/{FileName}");
        foreach (var claim in claims)
        {
            arguments.Add((JsonNode)"--claim");
            arguments.Add((JsonNode)claim);
        }
        return arguments;
    }

    /// <summary>The container, within the restricted Pod security standard.</summary>
    public static JsonObject Of(JsonObject pod, IEnumerable<string> claims, LoaderOptions options)
    {
        var resources = new JsonObject { ["cpu"] = options.WaitCpu, ["memory"] = options.WaitMemory };
        return new JsonObject
        {
            ["name"] = DatasetsApi.WaitContainer,
            ["image"] = options.Image,
            ["imagePullPolicy"] = options.ImagePullPolicy,
            ["args"] = Arguments(claims),
            ["env"] = new JsonArray(new JsonObject
            {
                ["name"] = PodNameVariable, ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "metadata.name" } },
            }),
            ["resources"] = new JsonObject { ["requests"] = resources, ["limits"] = resources.DeepClone() },
            ["securityContext"] = SecurityContext(pod, options.User),
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = VolumeName, ["mountPath"] = MountPath, ["readOnly"] = true }),
        };
    }

    /// <summary>The volume with the file.</summary>
    public static JsonObject Volume() => new()
    {
        ["name"] = VolumeName,
        ["downwardAPI"] = new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject
            {
                ["path"] = FileName,
                ["fieldRef"] = new JsonObject { ["fieldPath"] = $"metadata.annotations['{DatasetsApi.Records.LoadedClaims}']" },
            }),
        },
    };

    /// <summary>Whether a volume is the one with the file, whatever defaults the server has added.</summary>
    public static bool IsItsVolume(JsonObject volume) =>
        PodDocument.Items(volume["downwardAPI"]?["items"]).Any(item => PodDocument.Text(item["path"]) == FileName
            && PodDocument.Text(item["fieldRef"]?["fieldPath"]) == $"metadata.annotations['{DatasetsApi.Records.LoadedClaims}']");

    private static JsonObject SecurityContext(JsonObject pod, long user)
    {
        var context = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            ["readOnlyRootFilesystem"] = true,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        if (user > 0)
            context["runAsUser"] = user;
        // A Pod that runs as root, where the settings name no other user, would be kept from starting by this.
        if (user > 0 || pod["spec"]?["securityContext"]?["runAsUser"] is not JsonValue value || !value.TryGetValue<long>(out var own) || own != 0)
            context["runAsNonRoot"] = true;
        return context;
    }
}
