namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>TCP ports of a control plane.</summary>
public sealed record ControlPlanePorts(int EtcdClient, int EtcdPeer, int ApiServer, int ControllerManager, int Scheduler);
