using System.Text.Json.Nodes;
using CsCheck;
using Kiban.Credentials.Injection;

namespace Kiban.Credentials.Tests.Injection;

/// <summary>What holds for every Pod, whatever its author, other webhooks and future servers have written into it.</summary>
public sealed class PodInjectionPropertyTests
{
    private static readonly CredentialInjection[] Both =
    [
        AwsSecretInjection.Of("minio", ["credentials", "config", "region", "endpoint_url", "ca_bundle"]),
        GcpSecretInjection.Of("vertex", ["credentials.json", "rendered_project"]),
    ];

    private static readonly Gen<string> EnvName = OneOf(
        "MODE", "PATH", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL",
        "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT");

    private static readonly Gen<string> Path = OneOf(
        "/data", "/var", "/var/run", "/var/run/secrets/", "/var/run/secrets/kiban.dev", "/var/run/secrets/kiban.dev/aws",
        "/var/run/secrets/kiban.dev/aws/cli", "/var/run/secrets/kiban.dev/gcp/", "/var/run/secrets/kubernetes.io/serviceaccount");

    private static readonly Gen<string> VolumeName = OneOf("data", "token", "kiban-aws-credentials", "kiban-gcp-credentials");

    private static readonly Gen<JsonNode> Unknown = Gen.OneOf<JsonNode>(
        Gen.Double[-1e6, 1e6].Select(number => (JsonNode)JsonValue.Create(number)),
        Gen.String[Gen.Char.AlphaNumeric, 0, 8].Select(text => (JsonNode)JsonValue.Create(text)),
        Gen.Bool.Select(flag => (JsonNode)new JsonObject { ["nested"] = new JsonArray(flag, null, new JsonObject()) }));

    private static readonly Gen<JsonObject> EnvVariable = Gen.Select(EnvName, Gen.Bool, (name, isReference) => new JsonObject
    {
        ["name"] = name,
        [isReference ? "valueFrom" : "value"] = isReference
            ? new JsonObject { ["configMapKeyRef"] = new JsonObject { ["name"] = "settings", ["key"] = name } }
            : JsonValue.Create("of the user"),
    });

    private static readonly Gen<JsonObject> Mount = Gen.Select(VolumeName, Path, Gen.Bool, (volume, path, isReadOnly) =>
        new JsonObject { ["name"] = volume, ["mountPath"] = path, ["readOnly"] = isReadOnly });

    private static readonly Gen<JsonObject> Volume = Gen.Select(VolumeName, OneOf("emptyDir", "secret", "hostPath", "futureSource"), (name, source) =>
        new JsonObject { ["name"] = name, [source] = new JsonObject { ["path"] = "/" } });

    private static readonly Gen<JsonObject> Container = Gen.Select(
        OneOf("a", "b", "c"), EnvVariable.Array[0, 4], Mount.Array[0, 3], Unknown, Gen.Int[0, 2],
        (name, env, mounts, unknown, shape) =>
        {
            var container = new JsonObject { ["name"] = name, ["futureField"] = unknown.DeepClone() };
            if (shape > 0 || env.Length > 0)
                container["env"] = new JsonArray([.. env.Select(variable => variable.DeepClone())]);
            if (shape > 1 || mounts.Length > 0)
                container["volumeMounts"] = new JsonArray([.. mounts.Select(mount => mount.DeepClone())]);
            return container;
        });

    private static readonly Gen<JsonObject> Pod = Gen.Select(
        Container.Array[1, 3], Container.Array[0, 2], Volume.Array[0, 3], Unknown,
        (containers, initContainers, volumes, unknown) =>
        {
            var spec = new JsonObject { ["containers"] = Clone(containers), ["futureField"] = unknown.DeepClone() };
            if (initContainers.Length > 0)
                spec["initContainers"] = Clone(initContainers);
            if (volumes.Length > 0)
                spec["volumes"] = Clone(volumes);
            return new JsonObject { ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = "p" }, ["spec"] = spec };
        });

    private static readonly Gen<ContainerSelection> Selection = OneOf("a", "b", "c", "d").Array[0, 3]
        .Select(names => names.Length == 0 ? ContainerSelection.All : new ContainerSelection(names));

    [Fact]
    public void Injecting_twice_is_injecting_once() =>
        Gen.Select(Pod, Selection).Sample((pod, selection) =>
        {
            var once = (JsonObject)pod.DeepClone();
            var warnings = PodInjector.Inject(once, Both, selection);
            var twice = (JsonObject)once.DeepClone();

            var warningsAgain = PodInjector.Inject(twice, Both, selection);

            twice.ToJsonString().ShouldBe(once.ToJsonString());
            warningsAgain.ShouldBe(warnings);
        });

    [Fact]
    public void What_was_there_stays_as_it_was() =>
        Gen.Select(Pod, Selection).Sample((pod, selection) =>
        {
            var injected = (JsonObject)pod.DeepClone();

            PodInjector.Inject(injected, Both, selection);

            ShouldContain(injected, pod, "$");
        });

    [Fact]
    public void An_injected_Pod_passes_the_final_check() =>
        Gen.Select(Pod, Selection).Sample((pod, selection) =>
        {
            var injected = (JsonObject)pod.DeepClone();

            PodInjector.Inject(injected, Both, selection);

            InjectionCheck.Missing(injected, Both, selection).ShouldBeEmpty();
        });

    [Fact]
    public void A_container_that_another_webhook_adds_later_is_covered_when_called_again() =>
        Gen.Select(Pod, Container).Sample((pod, sidecar) =>
        {
            PodInjector.Inject(pod, Both, ContainerSelection.All);
            var added = (JsonObject)sidecar.DeepClone();
            added["name"] = "sidecar";
            ((JsonArray)pod["spec"]!["containers"]!).Add(added);
            InjectionCheck.Missing(pod, Both, ContainerSelection.All).ShouldNotBeEmpty();

            PodInjector.Inject(pod, Both, ContainerSelection.All);

            InjectionCheck.Missing(pod, Both, ContainerSelection.All).ShouldBeEmpty();
        });

    [Fact]
    public void Containers_that_are_not_selected_are_left_alone() =>
        Pod.Sample(pod =>
        {
            var injected = (JsonObject)pod.DeepClone();

            PodInjector.Inject(injected, Both, new ContainerSelection(["nobody"]));

            foreach (var array in (string[])["containers", "initContainers"])
                JsonNode.DeepEquals(injected["spec"]![array], pod["spec"]![array]).ShouldBeTrue();
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static JsonArray Clone(IEnumerable<JsonObject> items) => new([.. items.Select(item => item.DeepClone())]);

    // Objects may gain properties, and arrays may gain items at their end; nothing else may differ.
    private static void ShouldContain(JsonNode? actual, JsonNode? expected, string path)
    {
        switch (expected)
        {
            case JsonObject wanted:
                foreach (var (key, value) in wanted)
                    ShouldContain(actual.ShouldBeOfType<JsonObject>()[key], value, $"{path}.{key}");
                break;
            case JsonArray wanted:
                actual.ShouldBeOfType<JsonArray>().Count.ShouldBeGreaterThanOrEqualTo(wanted.Count, path);
                for (var i = 0; i < wanted.Count; i++)
                    ShouldContain(actual[i], wanted[i], $"{path}[{i}]");
                break;
            default:
                JsonNode.DeepEquals(actual, expected).ShouldBeTrue(path);
                break;
        }
    }
}
