using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Bench.Caching;

/// <summary>A stream of events: Pods as deployments make them, created and then changed again and again.</summary>
internal static class PodStream
{
    private const int Writers = 16;

    /// <summary>Creates the Pods and changes them until there are as many events as asked for.</summary>
    public static async Task WriteAsync(IKubernetesClient client, string ns, int pods, int events, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, pods), options, async (number, token) =>
            await client.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/{ns}/pods", Pod(number), "application/json", token));
        await Parallel.ForEachAsync(Enumerable.Range(0, Math.Max(0, events - pods)), options, async (change, token) =>
            await client.SendAsync(
                HttpMethod.Patch,
                $"/api/v1/namespaces/{ns}/pods/{Name(change % pods)}",
                new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["bench/change"] = $"{change}" } } },
                "application/merge-patch+json",
                token));
    }

    private static string Name(int number) => $"web-7d4b9c6f5d-{number:00000}";

    private static JsonNode Pod(int number) => JsonNode.Parse($$"""
        {
          "apiVersion": "v1", "kind": "Pod",
          "metadata": {
            "name": "{{Name(number)}}",
            "labels": { "app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "shop", "pod-template-hash": "7d4b9c6f5d" },
            "annotations": { "prometheus.io/scrape": "true", "prometheus.io/port": "8080", "checksum/config": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" }
          },
          "spec": {
            "automountServiceAccountToken": false,
            "containers": [
              {
                "name": "web", "image": "registry.example/shop/web:1.42.0", "ports": [{ "containerPort": 8080 }],
                "env": [
                  { "name": "DATABASE_HOST", "value": "db.shop.svc" }, { "name": "CACHE_HOST", "value": "cache.shop.svc" }, { "name": "LOG_LEVEL", "value": "info" },
                  { "name": "POD_IP", "valueFrom": { "fieldRef": { "fieldPath": "status.podIP" } } }
                ],
                "resources": { "requests": { "cpu": "250m", "memory": "256Mi" }, "limits": { "memory": "512Mi" } },
                "readinessProbe": { "httpGet": { "path": "/ready", "port": 8080 } },
                "livenessProbe": { "httpGet": { "path": "/live", "port": 8080 }, "initialDelaySeconds": 10 },
                "volumeMounts": [{ "name": "config", "mountPath": "/etc/web" }, { "name": "tmp", "mountPath": "/tmp" }]
              },
              {
                "name": "proxy", "image": "registry.example/mesh/proxy:2.7.1", "args": ["--listen", "15001", "--upstream", "127.0.0.1:8080"],
                "resources": { "requests": { "cpu": "50m", "memory": "64Mi" } },
                "readinessProbe": { "httpGet": { "path": "/healthz", "port": 15021 } }
              }
            ],
            "volumes": [{ "name": "config", "configMap": { "name": "web" } }, { "name": "tmp", "emptyDir": {} }]
          }
        }
        """)!;
}
