using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Controllers;

/// <summary>
/// Lets a part queue keys for another reason than that an object changed, such as a place that became free. Keys queued while the controller does
/// not run are forgotten: when it starts it looks at every object anyway.
/// </summary>
public sealed class ControllerTrigger
{
    private event Action<NamespacedName>? Queued;

    /// <summary>Has the controller look at the object.</summary>
    public void Queue(NamespacedName key) => Queued?.Invoke(key);

    internal IControllerSource ToSource() => new Source(this);

    private sealed class Source(ControllerTrigger trigger) : IControllerSource
    {
        public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public IDisposable Subscribe(Action<NamespacedName> enqueue)
        {
            trigger.Queued += enqueue;
            return new Subscription(trigger, enqueue);
        }
    }

    private sealed class Subscription(ControllerTrigger trigger, Action<NamespacedName> enqueue) : IDisposable
    {
        public void Dispose() => trigger.Queued -= enqueue;
    }
}
