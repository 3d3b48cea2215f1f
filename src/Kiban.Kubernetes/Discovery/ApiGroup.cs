namespace Kiban.Kubernetes.Discovery;

/// <summary>An API group, with what each of its versions serves.</summary>
/// <param name="Name">Name; empty for the core group.</param>
/// <param name="Versions">Versions that answer, the server's preferred one first.</param>
/// <param name="Resources">Kinds of all versions.</param>
/// <param name="UnavailableVersions">
/// Versions that are registered but do not answer now (an aggregated API whose server is away): what they serve is not known.
/// </param>
public sealed record ApiGroup(
    string Name, IReadOnlyList<string> Versions, IReadOnlyList<ApiResource> Resources, IReadOnlyList<string> UnavailableVersions);
