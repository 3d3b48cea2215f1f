using Microsoft.Extensions.Hosting;

namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>
/// The server is a guest in its process: the usual lifetime of a host would take SIGTERM and Ctrl+C for itself, and the process would not end by them.
/// </summary>
internal sealed class GuestLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
