using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Leases;

/// <summary>
/// The way from one simulated process to the server and back, in virtual time. Requests under way arrive although their sender is paused or
/// has given them up; either direction may be slow or lose what it carries.
/// </summary>
internal sealed class SimulatedNetwork(FakeKubernetes server, FakeTimeProvider world, Random random) : IKubernetesClient
{
    public double RequestLoss { get; set; }

    public double AnswerLoss { get; set; }

    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    public Uri Server => server.Server;

    public Task<T?> FindAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CarryAsync(() => server.FindAsync<T>(name, @namespace, CancellationToken.None), cancellationToken);

    public Task<T> CreateAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CarryAsync(() => server.CreateAsync(value, CancellationToken.None, options), cancellationToken);

    public Task<T> ReplaceAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        CarryAsync(() => server.ReplaceAsync(value, CancellationToken.None, options), cancellationToken);

    public Task<T> GetAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<ObjectPage<T>> ListPageAsync<T>(string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(string? @namespace, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<T> ApplyAsync<T>(T value, string fieldManager, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<T> PatchAsync<T>(string name, string? @namespace, ObjectPatch patch, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<bool> DeleteAsync<T>(string name, string? @namespace, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    public Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null) =>
        throw new NotSupportedException();

    private async Task<T> CarryAsync<T>(Func<Task<T>> serve, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>();
        using var givenUp = cancellationToken.UnsafeRegister(source => ((TaskCompletionSource<T>)source!).TrySetCanceled(cancellationToken), answer);
        if (random.NextDouble() >= RequestLoss)
        {
            var (there, back, isLost) = (Delay(), Delay(), random.NextDouble() < AnswerLoss);
            After(there, () =>
            {
                var served = serve();
                if (!isLost)
                    After(back, () => Complete(served, answer));
            });
        }
        return await answer.Task;
    }

    private static void Complete<T>(Task<T> served, TaskCompletionSource<T> answer)
    {
        if (served.IsFaulted)
            answer.TrySetException(served.Exception.InnerExceptions);
        else
            answer.TrySetResult(served.Result);
    }

    private TimeSpan Delay() => LongestDelay * random.NextDouble();

    private void After(TimeSpan delay, Action action)
    {
        // The fake clock drops a timer that nobody refers to; this one refers to itself.
        ITimer? timer = null;
        timer = world.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                action();
            },
            null,
            delay + TimeSpan.FromMilliseconds(1),
            Timeout.InfiniteTimeSpan);
    }
}
