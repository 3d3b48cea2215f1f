using System.CommandLine;

namespace Kiban.Cli.Local;

/// <summary><c>kiban local</c>: real Kubernetes clusters on this machine.</summary>
internal static class LocalCommand
{
    public static Command Create() => new Command("local", "A real Kubernetes on this machine, from binaries: no container engine, no virtual machine.")
    {
        UpCommand.Create(),
        DownCommand.Create(),
        StatusCommand.Create(),
        KubeconfigCommand.Create(),
        LogsCommand.Create(),
        DoctorCommand.Create(),
        BinariesCommand.Create(),
        AgentCommand.Create(),
    }.WithExamples(
        ("kiban local up", "bring up the cluster 'kiban', or what of it does not run"),
        ("export KUBECONFIG=$(kiban local kubeconfig --path)", "let kubectl use it"),
        ("kiban local down", "stop and remove it"));
}
