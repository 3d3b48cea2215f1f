using k8s.Models;

namespace Kiban.Datasets.Queueing;

/// <summary>The kinds of workloads that are held back in Kueue. Plain Pods are held with their scheduling gate.</summary>
internal static class QueuedKinds
{
    [KubernetesEntity(Group = "batch", ApiVersion = "v1", Kind = "Job", PluralName = "jobs")]
    public sealed class Job : QueuedWorkload<Job>;

    [KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "Deployment", PluralName = "deployments")]
    public sealed class Deployment : QueuedWorkload<Deployment>;

    [KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "StatefulSet", PluralName = "statefulsets")]
    public sealed class StatefulSet : QueuedWorkload<StatefulSet>;

    [KubernetesEntity(Group = "kubeflow.org", ApiVersion = "v1", Kind = "PyTorchJob", PluralName = "pytorchjobs")]
    public sealed class PyTorchJob : QueuedWorkload<PyTorchJob>;

    [KubernetesEntity(Group = "kubeflow.org", ApiVersion = "v1", Kind = "TFJob", PluralName = "tfjobs")]
    public sealed class TensorFlowJob : QueuedWorkload<TensorFlowJob>;

    [KubernetesEntity(Group = "jobset.x-k8s.io", ApiVersion = "v1alpha2", Kind = "JobSet", PluralName = "jobsets")]
    public sealed class JobSet : QueuedWorkload<JobSet>;

    [KubernetesEntity(Group = "leaderworkerset.x-k8s.io", ApiVersion = "v1", Kind = "LeaderWorkerSet", PluralName = "leaderworkersets")]
    public sealed class LeaderWorkerSet : QueuedWorkload<LeaderWorkerSet>;

    [KubernetesEntity(Group = "ray.io", ApiVersion = "v1", Kind = "RayJob", PluralName = "rayjobs")]
    public sealed class RayJob : QueuedWorkload<RayJob>;

    [KubernetesEntity(Group = "ray.io", ApiVersion = "v1", Kind = "RayCluster", PluralName = "rayclusters")]
    public sealed class RayCluster : QueuedWorkload<RayCluster>;
}
