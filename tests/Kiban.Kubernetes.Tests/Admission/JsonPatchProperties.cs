using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Kiban.Kubernetes.Admission;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>What must hold of patches for Pods of every shape.</summary>
public class JsonPatchProperties
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 1000 };

    [Fact]
    public void A_patch_leads_from_one_value_to_any_other()
    {
        Gen.Select(PodManifests.Values, PodManifests.Values).Sample(
            pair =>
            {
                var (before, after) = pair;
                var patch = JsonPatch.Between(Parse(before), Parse(after)).ToJsonArray();
                Canonical(NaivePatch.Apply(Parse(before), patch)).ShouldBe(Canonical(Parse(after)));
            },
            iter: 2000);
    }

    [Fact]
    public void A_pod_that_no_handler_touches_needs_no_patch()
    {
        PodManifests.Pods.Sample(
            pod =>
            {
                using var document = JsonDocument.Parse(pod, Reading);
                JsonPatch.Between(document.RootElement, JsonObject.Create(document.RootElement)).IsEmpty.ShouldBeTrue();
            },
            iter: 1000);
    }

    [Fact]
    public void What_a_handler_does_not_touch_survives_to_the_letter_and_what_it_adds_arrives()
    {
        Gen.Select(PodManifests.Pods, Mutations.All.List[1, 4]).Sample(
            pair =>
            {
                var (pod, mutations) = pair;
                using var document = JsonDocument.Parse(pod, Reading);
                var changed = JsonObject.Create(document.RootElement)!;
                foreach (var mutate in mutations)
                    mutate(changed);
                var patch = JsonPatch.Between(document.RootElement, changed);

                // The independent implementation arrives at what the handler meant, …
                var applied = Rfc6902.Apply(Parse(pod), patch.ToJsonArray());
                Canonical(applied).ShouldBe(Canonical(changed));
                // … and so does one that works on text: outside of what was added not one token differs.
                var tokens = NaivePatch.Apply(Parse(pod), patch.ToJsonArray());
                Canonical(tokens).ShouldBe(Canonical(changed));
                // Additions only: then no operation can have rewritten anything.
                patch.Operations.ShouldAllBe(operation => operation.Kind == JsonPatchOperationKind.Add);
                patch.Operations.Count.ShouldBeLessThanOrEqualTo(mutations.Count * 8);
            },
            iter: 1000);
    }

    private static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: Reading);

    /// <summary>Members sorted by name, numbers as spelled, strings by their characters: equal texts are equal token by token.</summary>
    private static string Canonical(JsonNode? node)
    {
        using var document = JsonDocument.Parse(node?.ToJsonString(new JsonSerializerOptions { MaxDepth = 1000 }) ?? "null", Reading);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { MaxDepth = 1000 }))
            Write(writer, document.RootElement);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());

        static void Write(Utf8JsonWriter writer, JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteStartObject();
                    foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, member.Value);
                    }

                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    writer.WriteStartArray();
                    foreach (var item in element.EnumerateArray())
                        Write(writer, item);
                    writer.WriteEndArray();
                    break;
                case JsonValueKind.Number:
                    writer.WriteRawValue(element.GetRawText());
                    break;
                default:
                    element.WriteTo(writer);
                    break;
            }
        }
    }
}
