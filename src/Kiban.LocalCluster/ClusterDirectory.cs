namespace Kiban.LocalCluster;

/// <summary>
/// Where one cluster keeps everything it has: keys, kubeconfigs, logs, data. The path is also the cluster's identity: every
/// process of the cluster carries it in its environment (see <see cref="Processes.ClusterProcess"/>).
/// </summary>
public sealed record ClusterDirectory
{
    /// <summary>Uses <paramref name="path"/>, which need not exist yet.</summary>
    public ClusterDirectory(string path) => Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>Absolute path of the directory.</summary>
    public string Path { get; }

    /// <summary>Last part of the path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Kubeconfig of the administrator (group <c>system:masters</c>), for people.</summary>
    public string KubeconfigPath => Combine("kubeconfig");

    /// <summary>What was chosen when the cluster was made (ports, versions, networks); read again at every start.</summary>
    public string ConfigurationPath => Combine("cluster.json");

    /// <summary>Certificates and keys; readable by the owner only.</summary>
    public string PkiPath => Combine("pki");

    /// <summary>Kubeconfigs of components.</summary>
    public string KubeconfigsPath => Combine("kubeconfigs");

    /// <summary>One log file per daemon.</summary>
    public string LogsPath => Combine("logs");

    /// <summary>Data of etcd.</summary>
    public string EtcdPath => Combine("etcd");

    /// <summary>Everything that belongs to the node: configuration and state of containerd, kubelet and so on.</summary>
    public string NodePath => Combine("node");

    /// <summary>Held with an exclusive lock while a command changes the cluster.</summary>
    public string LockPath => Path + ".lock";

    /// <summary>Log file of the daemon called <paramref name="name"/>.</summary>
    public string LogPath(string name) => System.IO.Path.Combine(LogsPath, name + ".log");

    /// <summary>A path below the directory.</summary>
    public string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes the directory, for the owner only, since keys lie below it.</summary>
    public void Create()
    {
        Directory.CreateDirectory(Path);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(LogsPath);
    }
}
