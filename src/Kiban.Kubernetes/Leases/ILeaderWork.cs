namespace Kiban.Kubernetes.Leases;

/// <summary>Work of a program that only one replica may do at a time; <see cref="LeaderService"/> runs all there is under one lease.</summary>
public interface ILeaderWork
{
    /// <summary>
    /// Works through one term of leadership: returns when <see cref="LeadershipToken.CancellationToken"/> is cancelled, and soon. Called again for
    /// each further term.
    /// </summary>
    /// <exception cref="Exception">A fault that only a new process can mend: the term is ended, and the host stopped.</exception>
    Task RunAsync(LeadershipToken leadership);
}
