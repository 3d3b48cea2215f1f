using System.Text;
using System.Text.Json.Nodes;

namespace Kiban.Credentials.Tests.Integration;

/// <summary>Manifests that several tests use.</summary>
internal static class Manifests
{
    public const string Minio = """
        apiVersion: v1
        kind: Secret
        metadata: {name: minio}
        type: kiban.dev/aws-credentials
        stringData:
          aws_access_key_id: minio
          aws_secret_access_key: minio123
          region: tokyo-1
          endpoint_url: http://minio.storage:9000

        """;

    public static string Pod(string annotations = "", string name = "name: train", string spec = "") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { {{name}}, annotations: { {{annotations}} } }
        spec:
          {{spec}}
          containers: [{name: train, image: train}]

        """;

    public static string Value(JsonObject secret, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string)secret["data"]![key]!));

    public static IEnumerable<string> Mounts(JsonNode? container) =>
        (container?["volumeMounts"] as JsonArray ?? []).Select(mount => (string)mount!["mountPath"]!);

    public static IEnumerable<string> Env(JsonNode? container) =>
        (container?["env"] as JsonArray ?? []).Select(variable => (string)variable!["name"]!);
}
