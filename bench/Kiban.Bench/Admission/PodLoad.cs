using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Kiban.Bench.Reporting;
using Kiban.Kubernetes.Connection;

namespace Kiban.Bench.Admission;

/// <summary>Creates Pods from several clients at once, each with a connection of its own, as that many programs would.</summary>
internal sealed class PodLoad : IDisposable
{
    private readonly HttpClient[] _clients;
    private int _serial;

    /// <summary>Opens the clients' connections at their first request.</summary>
    public PodLoad(KubernetesConnection connection, int clients) =>
        _clients = [.. Enumerable.Range(0, clients).Select(_ => new HttpClient(connection.CreateHandler()) { BaseAddress = connection.Server })];

    /// <summary>
    /// Creates <paramref name="count"/> Pods as fast as the clients can (each sends its next request when the last is answered), or at
    /// <paramref name="rate"/> Pods a second for all clients together, and adds the latencies to <paramref name="sample"/>.
    /// </summary>
    public async Task CreateAsync(string @namespace, string manifest, int count, double? rate, LatencySample sample, CancellationToken cancellationToken)
    {
        var first = Interlocked.Add(ref _serial, count) - count;
        var next = -1;
        var latencies = new ConcurrentBag<double>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(_clients.Select(RunAsync));
        sample.Add(latencies, Stopwatch.GetElapsedTime(start));

        async Task RunAsync(HttpClient client)
        {
            // Away from the caller, so that the clients begin side by side.
            await Task.Yield();
            int index;
            while ((index = Interlocked.Increment(ref next)) < count)
            {
                if (rate is { } perSecond && TimeSpan.FromSeconds(index / perSecond) - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
                    await Task.Delay(early, TimeProvider.System, cancellationToken);
                using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(manifest.Replace("$NAME", $"pod-{first + index}", StringComparison.Ordinal)));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                var sent = Stopwatch.GetTimestamp();
                using var response = await client.PostAsync($"/api/v1/namespaces/{@namespace}/pods", content, cancellationToken);
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                if (!response.IsSuccessStatusCode)
                    throw new InvalidOperationException($"The server refused a Pod: {body}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }
}
