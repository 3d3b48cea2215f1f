using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>One operation of an RFC 6902 patch.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Path">Where: an RFC 6901 pointer into the object as the operations before this one have left it.</param>
/// <param name="Value">The new value; null for a removal, and for the JSON value <c>null</c>.</param>
public readonly record struct JsonPatchOperation(JsonPatchOperationKind Kind, string Path, JsonNode? Value);
