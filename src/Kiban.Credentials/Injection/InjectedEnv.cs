using System.Text.Json.Nodes;

namespace Kiban.Credentials.Injection;

/// <summary>
/// Variables that only make sense together: where the container sets one of them otherwise, none is added. (With <c>AWS_REGION</c> from the
/// user and <c>AWS_DEFAULT_REGION</c> from a Secret, two SDKs in one container would work in two regions.)
/// </summary>
internal sealed record InjectedEnv
{
    /// <summary>Entries of a container's <c>env</c>.</summary>
    public required IReadOnlyList<JsonObject> Variables { get; init; }

    /// <summary>Whether credentials are not usable without: a Pod that lacks the variable altogether counts as not injected.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Variables with one literal value.</summary>
    public static InjectedEnv Literal(string value, params IEnumerable<string> names) => new()
    {
        Variables = [.. names.Select(name => new JsonObject { ["name"] = name, ["value"] = value })],
    };

    /// <summary>
    /// Variables that follow a key of a Secret: containers read it whenever they start, nothing of the Secret stands in the Pod, and a key
    /// that is removed later (optional) unsets the variable instead of keeping the container from starting.
    /// </summary>
    public static InjectedEnv FromSecret(string secret, string key, params IEnumerable<string> names) => new()
    {
        Variables =
        [
            .. names.Select(name => new JsonObject
            {
                ["name"] = name,
                ["valueFrom"] = new JsonObject
                {
                    ["secretKeyRef"] = new JsonObject { ["name"] = secret, ["key"] = key, ["optional"] = true },
                },
            }),
        ],
    };
}
