using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Controllers;

/// <summary>Something a controller hears of keys from.</summary>
internal interface IControllerSource
{
    Task WaitForSyncAsync(CancellationToken cancellationToken);

    /// <summary>Hands over keys as they need a look, first those of everything that is there.</summary>
    IDisposable Subscribe(Action<NamespacedName> enqueue);
}
