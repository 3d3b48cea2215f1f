using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// The envelope of <c>admission.k8s.io/v1</c> (<see href="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"/>):
/// a review as it came, and how it is answered. It borrows the bytes it was parsed from, so it must be disposed before they go.
/// </summary>
internal sealed class AdmissionReview : IDisposable
{
    private const string ApiVersion = "admission.k8s.io/v1";

    private readonly JsonDocument _document;
    private readonly JsonElement _object;

    private AdmissionReview(JsonDocument document, JsonElement @object, AdmissionRequest request) =>
        (_document, _object, Request) = (document, @object, request);

    public AdmissionRequest Request { get; }

    /// <summary>Parses a review, strictly.</summary>
    /// <exception cref="JsonException">No JSON, a property twice in one object, or too deep.</exception>
    /// <exception cref="FormatException">JSON, but no review of this version; the message says why and is fit for the caller.</exception>
    public static AdmissionReview Parse(ReadOnlySequence<byte> body)
    {
        var document = JsonDocument.Parse(body, JsonTokens.DocumentOptions);
        try
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") != "AdmissionReview")
                throw new FormatException("The body is no AdmissionReview.");
            if (Text(root, "apiVersion") is not ApiVersion and var version)
            {
                throw new FormatException(
                    $"AdmissionReview has apiVersion {Shown(version)}, but only {ApiVersion} is served: register with admissionReviewVersions [\"v1\"].");
            }

            if (!root.TryGetProperty("request", out var request) || request.ValueKind != JsonValueKind.Object)
                throw new FormatException("AdmissionReview has no request.");
            var created = Objects(request, "object");
            return new AdmissionReview(document, created, Read(request, created));
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>Writes the answer, with the patch if the object was changed. Returns the number of operations in it.</summary>
    public int WriteResponse(IBufferWriter<byte> output, AdmissionResponse response, bool mutating)
    {
        using var writer = new Utf8JsonWriter(output, JsonTokens.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, ApiVersion);
        writer.WriteString("kind"u8, "AdmissionReview"u8);
        writer.WriteStartObject("response"u8);
        writer.WriteString("uid"u8, Request.Uid);
        writer.WriteBoolean("allowed"u8, response.Allowed);
        var operations = 0;
        if (!response.Allowed)
            WriteStatus(writer, response);
        else if (mutating && _object.ValueKind == JsonValueKind.Object)
            operations = WritePatch(writer);
        if (response.Warnings.Count > 0)
        {
            writer.WriteStartArray("warnings"u8);
            foreach (var warning in response.Warnings)
                writer.WriteStringValue(warning);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return operations;
    }

    public void Dispose() => _document.Dispose();

    private static void WriteStatus(Utf8JsonWriter writer, AdmissionResponse response)
    {
        writer.WriteStartObject("status"u8);
        writer.WriteNumber("code"u8, response.Code);
        if (response.Reason is not null)
            writer.WriteString("reason"u8, response.Reason);
        if (response.Message is not null)
            writer.WriteString("message"u8, response.Message);
        writer.WriteEndObject();
    }

    private int WritePatch(Utf8JsonWriter writer)
    {
        var patch = JsonPatch.Between(_object, Request.Object);
        if (patch.IsEmpty)
            return 0;
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var patchWriter = new Utf8JsonWriter(bytes, JsonTokens.WriterOptions))
            patch.WriteTo(patchWriter);
        writer.WriteString("patchType"u8, "JSONPatch"u8);
        writer.WriteBase64String("patch"u8, bytes.WrittenSpan);
        return patch.Operations.Count;
    }

    private static AdmissionRequest Read(JsonElement request, JsonElement created)
    {
        var old = Objects(request, "oldObject");
        return new AdmissionRequest
        {
            Uid = Text(request, "uid") is { Length: > 0 } uid ? uid : throw new FormatException("AdmissionReview has no request.uid."),
            Kind = Text(request, "kind", "kind") ?? throw new FormatException("AdmissionReview has no request.kind.kind."),
            Resource = Text(request, "resource", "resource") ?? throw new FormatException("AdmissionReview has no request.resource.resource."),
            Subresource = Text(request, "subResource") is { Length: > 0 } subresource ? subresource : null,
            Name = Text(request, "name") is { Length: > 0 } name ? name : null,
            Namespace = Text(request, "namespace") is { Length: > 0 } @namespace ? @namespace : null,
            Operation = Text(request, "operation") switch
            {
                "CREATE" => AdmissionOperation.Create,
                "UPDATE" => AdmissionOperation.Update,
                "DELETE" => AdmissionOperation.Delete,
                "CONNECT" => AdmissionOperation.Connect,
                var other => throw new FormatException(
                    $"AdmissionReview has request.operation {Shown(other)}, wanted CREATE, UPDATE, DELETE or CONNECT."),
            },
            Username = Text(request, "userInfo", "username"),
            DryRun = request.TryGetProperty("dryRun", out var dryRun) && dryRun.ValueKind == JsonValueKind.True,
            Object = created.ValueKind == JsonValueKind.Object ? JsonObject.Create(created) : null,
            OldObject = old.ValueKind == JsonValueKind.Object ? JsonObject.Create(old) : null,
        };
    }

    private static JsonElement Objects(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) switch
        {
            false => default,
            true when value.ValueKind is JsonValueKind.Object or JsonValueKind.Null => value,
            true => throw new FormatException($"AdmissionReview has a request.{name} that is no object."),
        };

    private static string? Text(JsonElement parent, string name, string? member = null)
    {
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (member is not null && (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out value)))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static string Shown(string? text) => text is null ? "(none)" : $"\"{(text.Length <= 64 ? text : text[..64] + "…")}\"";
}
