namespace Kiban.LocalCluster.Components;

/// <summary>
/// A part of a cluster that can be brought up and taken down: a daemon, or something in the kernel (a network, a mount). Every
/// method may be called at any time, again, and after a crash in the middle of itself: it looks at what is there and does the rest.
/// </summary>
public interface IClusterComponent
{
    /// <summary>Name for people, also of the log where there is one: <c>kube-apiserver</c>.</summary>
    string Name { get; }

    /// <summary>Starts the component, or takes over what runs already. Does not wait until it serves.</summary>
    Task<StartOutcome> StartAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the component does what others need of it.</summary>
    /// <exception cref="LocalClusterException">It ended, or is not ready after its time; the message holds the end of its log.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken);

    /// <summary>Stops the component and removes what it put into the kernel (not its files).</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>What is to be seen of it now.</summary>
    Task<ComponentStatus> ObserveAsync(CancellationToken cancellationToken);
}
