namespace Kiban.LocalCluster.Nodes.Configuration;

/// <summary>
/// containerd's configuration in format 2, which 1.6, 1.7 and 2.x read
/// (<see href="https://github.com/containerd/containerd/blob/main/docs/cri/config.md"/>).
/// </summary>
public static class ContainerdConfiguration
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "containerd.toml";

    /// <summary>Name of the folder with the CNI configuration, the only one containerd reads.</summary>
    public const string CniFolderName = "cni";

    /// <summary>Renders the file.</summary>
    /// <param name="pauseImage">Image of sandbox containers; it is never pulled.</param>
    /// <param name="runc">Path of runc.</param>
    /// <param name="cniFolder">Folder with the CNI plugins.</param>
    /// <param name="canRaiseOomScore">
    /// False where this process lacks CAP_SYS_RESOURCE: runc then dies when it is asked for an oom_score_adj below its own ("can't get final child's PID from pipe").
    /// </param>
    public static string Render(string pauseImage, string runc, string cniFolder, bool canRaiseOomScore) => $"""
        version = 2
        root = "/var/lib/containerd"
        state = "/run/containerd"

        [grpc]
          address = "{NodeLayout.InnerContainerdSocket}"

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "{pauseImage}"
          restrict_oom_score_adj = {(canRaiseOomScore ? "false" : "true")}
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "{cniFolder}"
            conf_dir = "{NodeLayout.Inner(CniFolderName)}"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "overlayfs"
            default_runtime_name = "runc"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                BinaryName = "{runc}"

        """;
}
