using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>
/// Writes the few fields of type <c>MicroTime</c> with all six digits. The official converter leaves them out at whole seconds, and the
/// server then refuses the object: a lease that cannot be renewed in one second of some.
/// </summary>
internal sealed class MicroTimeConverter : JsonConverter<DateTime?>
{
    private static readonly Dictionary<Type, string[]> Fields = new()
    {
        [typeof(V1LeaseSpec)] = ["acquireTime", "renewTime"],
        [typeof(Eventsv1Event)] = ["eventTime"],
        [typeof(Eventsv1EventSeries)] = ["lastObservedTime"],
        [typeof(Corev1Event)] = ["eventTime"],
        [typeof(Corev1EventSeries)] = ["lastObservedTime"],
    };

    /// <summary>Puts this converter on the fields of the type, where it has some.</summary>
    public static void Use(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => Fields.GetValueOrDefault(type.Type)?.Contains(property.Name) == true))
        {
            property.CustomConverter = property.PropertyType == typeof(DateTime?) ? new MicroTimeConverter() : null;
        }
    }

    public override DateTime? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<DateTime?>(ref reader, options);

    public override void Write(Utf8JsonWriter writer, DateTime? value, JsonSerializerOptions options)
    {
        if (value is { } time)
        {
            writer.WriteStringValue(time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
