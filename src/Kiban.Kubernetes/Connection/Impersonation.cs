using System.Net;
using System.Text;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Whom requests are made as, by a user who may impersonate
/// (<see href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation"/>).
/// </summary>
public sealed record Impersonation
{
    /// <summary>Name of the user.</summary>
    public required string User { get; init; }

    /// <summary>UID of the user (Kubernetes 1.22 and later).</summary>
    public string? Uid { get; init; }

    /// <summary>Groups the user is in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Further attributes, each with its values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    private const string ExtraPrefix = "Impersonate-Extra-";

    internal void AddTo(HttpRequestMessage request)
    {
        Add("Impersonate-User", [User]);
        Add("Impersonate-Uid", Uid is null ? [] : [Uid]);
        Add("Impersonate-Group", Groups);
        foreach (var (key, values) in Extra)
        {
            Add($"{ExtraPrefix}{Uri.EscapeDataString(key)}", values);
        }

        void Add(string name, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
            {
                request.Headers.TryAddWithoutValidation(name, RepeatedHeaderEncoding.Join(values));
            }

            if (values.Count > 1)
            {
                // Lines can only be repeated where the protocol has lines.
                request.Version = HttpVersion.Version11;
            }
        }
    }

    /// <summary>The encoding of a request header: the impersonating ones are written one line a value, in UTF-8.</summary>
    internal static Encoding? HeaderEncoding(string name, HttpRequestMessage request) =>
        name.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase) ? new RepeatedHeaderEncoding(name) : null;
}
