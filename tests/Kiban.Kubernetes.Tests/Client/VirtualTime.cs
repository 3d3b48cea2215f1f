using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Client;

internal static class VirtualTime
{
    /// <summary>Lets virtual time pass, a second at once, until the work is done; real time passes too, for the network in between.</summary>
    public static async Task<T> RunAsync<T>(this FakeTimeProvider time, Task<T> work)
    {
        await time.RunAsync((Task)work);
        return await work;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static async Task RunAsync(this FakeTimeProvider time, Task work)
    {
        while (!work.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }

        await work;
    }
}
