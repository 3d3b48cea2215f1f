namespace Kiban.Bench.Admission;

/// <summary>Pods of the size of a plain web service's: two containers with env, probes and limits, about 2 KB.</summary>
internal static class PodManifests
{
    /// <summary>Name of the typed Secret that <see cref="Asking"/> names.</summary>
    public const string SecretName = "bench-aws";

    /// <summary>A Pod that asks for nothing; <c>$NAME</c> stands for its name.</summary>
    public static string Plain { get; } = Manifest("{}");

    /// <summary>A Pod that asks for AWS credentials.</summary>
    public static string Asking { get; } = Manifest($$"""{"credentials.kiban.dev/aws": "{{SecretName}}"}""");

    /// <summary>A typed Secret.</summary>
    public static string Secret(string name) =>
        $$"""
        {
          "apiVersion": "v1", "kind": "Secret", "type": "kiban.dev/aws-credentials", "metadata": {"name": "{{name}}"},
          "stringData": {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "region": "eu-west-1"}
        }
        """;

    private static string Manifest(string annotations) =>
        $$$"""
        {
          "apiVersion": "v1", "kind": "Pod",
          "metadata": {
            "name": "$NAME",
            "labels": {"app.kubernetes.io/name": "shop", "app.kubernetes.io/component": "frontend", "app.kubernetes.io/version": "4.2.0"},
            "annotations": {{{annotations}}}
          },
          "spec": {
            "automountServiceAccountToken": false,
            "containers": [{{{Container("web", 8080)}}}, {{{Container("proxy", 9000)}}}],
            "volumes": [{"name": "scratch", "emptyDir": {}}]
          }
        }
        """;

    private static string Container(string name, int port) =>
        $$$"""
        {
          "name": "{{{name}}}", "image": "registry.example.com/shop/{{{name}}}:4.2.0", "args": ["--listen", ":{{{port}}}", "--verbose"],
          "ports": [{"name": "http-{{{name}}}", "containerPort": {{{port}}} }],
          "env": [
            {"name": "LOG_LEVEL", "value": "info"}, {"name": "DATABASE_HOST", "value": "postgres.shop.svc"}, {"name": "DATABASE_PORT", "value": "5432"},
            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"} } }
          ],
          "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
          "readinessProbe": {"httpGet": {"path": "/ready", "port": {{{port}}} }, "periodSeconds": 5},
          "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}]
        }
        """;
}
