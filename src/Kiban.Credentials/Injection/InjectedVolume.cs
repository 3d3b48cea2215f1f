using System.Text.Json.Nodes;

namespace Kiban.Credentials.Injection;

/// <summary>A volume that is added to a Pod, and where its containers mount it.</summary>
/// <param name="Name">Name of the volume.</param>
/// <param name="Source">The volume without its name: <c>{"secret": …}</c>.</param>
/// <param name="MountPath">Directory inside the containers.</param>
internal sealed record InjectedVolume(string Name, JsonObject Source, string MountPath)
{
    /// <summary>The entry of <c>spec.volumes</c>.</summary>
    public JsonObject ToVolume()
    {
        var volume = new JsonObject { ["name"] = Name };
        foreach (var (property, value) in Source)
            volume[property] = value?.DeepClone();
        return volume;
    }

    /// <summary>The entry of a container's <c>volumeMounts</c>; never a subPath, which would not follow changes of the Secret.</summary>
    public JsonObject ToMount() => new() { ["name"] = Name, ["mountPath"] = MountPath, ["readOnly"] = true };

    /// <summary>Whether a volume of the Pod is this one, whatever defaults the server has added to it.</summary>
    public bool IsSameAs(JsonObject volume) => Covers(volume, ToVolume());

    private static bool Covers(JsonNode? actual, JsonNode? expected) => (actual, expected) switch
    {
        (JsonObject there, JsonObject wanted) => wanted.All(property => Covers(there[property.Key], property.Value)),
        (JsonArray there, JsonArray wanted) => there.Count == wanted.Count && wanted.Index().All(item => Covers(there[item.Index], item.Item)),
        _ => JsonNode.DeepEquals(actual, expected),
    };
}
