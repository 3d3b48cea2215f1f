using Kiban.Processes;

namespace Kiban.LocalCluster.Binaries;

/// <summary>A folder with the programs of one Kubernetes release.</summary>
/// <param name="Folder">Absolute path.</param>
/// <param name="Version">The release, as the API server there says.</param>
public sealed record KubernetesBinaries(string Folder, KubernetesVersion Version)
{
    /// <summary>Programs that a control plane needs beside etcd.</summary>
    public static IReadOnlyList<string> ControlPlanePrograms { get; } = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

    /// <summary>Programs that a node needs beside them.</summary>
    public static IReadOnlyList<string> NodePrograms { get; } = ["kubelet", "kube-proxy"];

    /// <summary>kube-apiserver.</summary>
    public string ApiServer => Program("kube-apiserver");

    /// <summary>kube-controller-manager.</summary>
    public string ControllerManager => Program("kube-controller-manager");

    /// <summary>kube-scheduler.</summary>
    public string Scheduler => Program("kube-scheduler");

    /// <summary>kubelet.</summary>
    public string Kubelet => Program("kubelet");

    /// <summary>kube-proxy.</summary>
    public string KubeProxy => Program("kube-proxy");

    /// <summary>etcd: beside the others, or the machine's own.</summary>
    public string Etcd => BesideOrOnPath("etcd", "etcd-server");

    /// <summary>kubectl: beside the others, or the machine's own.</summary>
    public string Kubectl => BesideOrOnPath("kubectl", "kubernetes-client");

    /// <summary>True when the folder holds the program.</summary>
    public bool Has(string program) => Command.IsExecutable(Path.Combine(Folder, program));

    /// <summary>Asks the API server in the folder for its release.</summary>
    public static async Task<KubernetesBinaries> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(folder);
        var apiServer = Path.Combine(path, "kube-apiserver");
        if (!Command.IsExecutable(apiServer))
        {
            throw new LocalClusterException($"Folder {path} holds no program kube-apiserver.");
        }

        var result = await Command.RunAsync(apiServer, ["--version"], cancellationToken);
        if (!result.Succeeded || !KubernetesVersion.TryParse(result.Output, out var version))
        {
            throw new LocalClusterException($"{apiServer} --version did not print a version (exit code {result.ExitCode}): {(result.Output + result.Error).Trim()}");
        }

        return new KubernetesBinaries(path, version);
    }

    private string Program(string name)
    {
        var path = Path.Combine(Folder, name);
        return Command.IsExecutable(path) ? path : throw new LocalClusterException($"Folder {Folder} holds no program {name}.");
    }

    private string BesideOrOnPath(string name, string package)
    {
        var beside = Path.Combine(Folder, name);
        return Command.IsExecutable(beside)
            ? beside
            : Command.Locate(name) ?? throw new LocalClusterException($"Program {name} is neither in {Folder} nor on PATH; Debian has it in package {package}.");
    }
}
