using k8s.Models;

namespace Kiban.LocalCluster.Storage;

/// <summary>What is to be done for a claim.</summary>
internal abstract record ClaimDecision
{
    private ClaimDecision()
    {
    }

    /// <summary>Nothing: it is another provisioner's, already bound, being deleted, or waits for its first Pod.</summary>
    public sealed record Leave : ClaimDecision;

    /// <summary>It asks for something a directory is not; the claim's owner is told by an event.</summary>
    public sealed record Refuse(string Message) : ClaimDecision;

    /// <summary>What it is to be filled from is not there or not ready; the claim's owner is told by an event.</summary>
    public sealed record Wait(string Message) : ClaimDecision;

    /// <summary>
    /// Make the directory with what it begins with, then this PersistentVolume. Both are named after the claim's UID, so doing it again
    /// changes nothing.
    /// </summary>
    public sealed record Provision(V1PersistentVolume Volume, ClaimSource Source) : ClaimDecision;
}
