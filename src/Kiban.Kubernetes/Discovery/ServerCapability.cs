namespace Kiban.Kubernetes.Discovery;

/// <summary>What servers of different releases and settings can and cannot do.</summary>
public enum ServerCapability
{
    /// <summary><c>events.k8s.io/v1</c> is served.</summary>
    EventsV1,

    /// <summary>A watch can begin with the objects that exist (KEP-3157).</summary>
    WatchList,

    /// <summary><c>spec.schedulingGates</c> of Pods is kept (KEP-3521; on by default since 1.27).</summary>
    SchedulingGates,

    /// <summary>Init containers with <c>restartPolicy: Always</c> are kept as such (KEP-753; on by default since 1.29).</summary>
    SidecarContainers,

    /// <summary>Generic ephemeral volumes of Pods are kept (KEP-1698; on by default since 1.21).</summary>
    EphemeralVolumes,
}
