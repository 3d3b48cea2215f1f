using Kiban.LocalCluster.Nodes.Configuration;

namespace Kiban.LocalCluster.Nodes.Sandboxing;

/// <summary>
/// What the first process of the node does before it becomes the node's init: it runs in new mount, network, PID and UTS namespaces and
/// makes them a machine of their own.
/// </summary>
public static class SandboxScript
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "init.sh";

    /// <summary>Exists, as the node sees it, when the namespaces are arranged.</summary>
    public const string InnerReadyFile = "/run/kiban.ready";

    /// <summary>Interface by which traffic leaves the machine.</summary>
    public const string EgressInterface = "tap0";

    // Kubelets insist on these and set them where they differ. They belong to the whole machine, so each is covered with a file that
    // already holds what the kubelet wants (pkg/kubelet/cm/container_manager_linux.go, setupKernelTunables).
    private static readonly (string Path, string Value)[] KernelSettings =
    [
        ("vm/overcommit_memory", "1"),
        ("vm/panic_on_oom", "0"),
        ("kernel/panic", "10"),
        ("kernel/panic_on_oops", "1"),
        ("kernel/keys/root_maxkeys", "1000000"),
        ("kernel/keys/root_maxbytes", "25000000"),
    ];

    /// <summary>Renders the script, for <c>sh</c> of any kind.</summary>
    /// <param name="layout">The node.</param>
    /// <param name="init">Path of catatonit: as PID 1 it reaps what containerd's shims leave behind.</param>
    /// <param name="iptables">Path of iptables.</param>
    public static string Render(NodeLayout layout, string init, string iptables) => $$"""
        set -eu
        echo {{Quote(layout.NodeName)}} >/proc/sys/kernel/hostname

        # What is mounted from here on is seen by nobody outside, and goes when the last process in here ends.
        mount --make-rprivate /

        # /run and /var of the node's own: kubelet, containerd, shims and CNI plugins have many fixed paths below them. They are put together
        # in the working directory first, since what goes into them may itself lie below the machine's /run or /var.
        mkdir -p {{Quote(layout.Stage)}}
        cd {{Quote(layout.Stage)}}
        mount -t tmpfs -o mode=755 tmpfs .
        cd {{Quote(layout.Stage)}}
        mkdir -p run/lock .{{NodeLayout.InnerConfiguration}} .{{NodeLayout.InnerPrograms}} var
        mount --bind {{Quote(layout.Configuration)}} .{{NodeLayout.InnerConfiguration}}
        mount --bind {{Quote(layout.Binaries.Folder)}} .{{NodeLayout.InnerPrograms}}
        mount --bind {{Quote(layout.Var)}} var
        mkdir -p var/lib var/log var/tmp .{{NodeLayout.InnerVolumes}}
        chmod 1777 var/tmp
        ln -sfn /run var/run
        ln -sfn /run/lock var/lock
        mount --rbind run /run
        mount --rbind var /var

        # resolv.conf may be a link into the /run that was just covered.
        resolver=$(readlink -m /etc/resolv.conf)
        case $resolver in /run/*) mkdir -p "$(dirname "$resolver")"; touch "$resolver" ;; esac
        mount --bind {{NodeLayout.Inner(ResolverConfiguration.FileName)}} "$resolver"

        cover() {
          value=/run/kiban-sysctl/${1##*/}
          echo "$2" >"$value"
          if [ -e "/proc/sys/$1" ]; then mount --bind "$value" "/proc/sys/$1"; fi
        }
        mkdir -p /run/kiban-sysctl
        {{string.Join('\n', KernelSettings.Select(setting => $"cover {setting.Path} {setting.Value}"))}}

        # Volumes may be mounted with propagation between Pods and kubelet, inside the node.
        mount --make-rshared /

        ip link set lo up
        echo 1 >/proc/sys/net/ipv4/ip_forward
        {{iptables}} -w -t nat -A POSTROUTING -o {{EgressInterface}} -j MASQUERADE

        touch {{InnerReadyFile}}
        exec {{init}} -P

        """;

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
