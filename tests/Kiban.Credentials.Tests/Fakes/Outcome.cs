using System.Text.Json.Nodes;

namespace Kiban.Credentials.Tests.Fakes;

/// <param name="Refusal">Message of the refusal; null where the object is stored.</param>
/// <param name="Warnings">What kubectl prints besides.</param>
/// <param name="Object">The object after the webhooks.</param>
internal sealed record Outcome(string? Refusal, IReadOnlyList<string> Warnings, JsonObject? Object)
{
    public IEnumerable<string> Messages => Refusal is null ? Warnings : Warnings.Append(Refusal);
}
