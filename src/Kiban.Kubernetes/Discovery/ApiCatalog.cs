using System.Collections.Frozen;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Discovery;

/// <summary>All that a server serves, at one moment.</summary>
public sealed class ApiCatalog
{
    private readonly FrozenDictionary<string, ApiGroup> _groups;

    /// <summary>Makes a catalogue of groups.</summary>
    public ApiCatalog(IEnumerable<ApiGroup> groups) => _groups = groups.ToFrozenDictionary(group => group.Name);

    /// <summary>The groups.</summary>
    public IReadOnlyCollection<ApiGroup> Groups => _groups.Values;

    /// <summary>The group, or null where it is not served.</summary>
    public ApiGroup? FindGroup(string group) => _groups.GetValueOrDefault(group);

    /// <summary>The kind in its preferred version (the first of the group's versions that has it), or null where it is not served.</summary>
    public ApiResource? Find(string group, string kind) =>
        FindGroup(group) is { } found
            ? found.Versions.Select(version => Find(found, version, kind)).FirstOrDefault(resource => resource is not null)
            : null;

    /// <summary>The kind in the version asked for, or null where it is not served.</summary>
    public ApiResource? Find(string group, string version, string kind) => FindGroup(group) is { } found ? Find(found, version, kind) : null;

    /// <summary>Whether the kind is served in just this version.</summary>
    public bool IsServed(ResourceKind kind) => Find(kind.Group, kind.Version, kind.Kind) is not null;

    private static ApiResource? Find(ApiGroup group, string version, string kind) =>
        group.Resources.FirstOrDefault(resource => resource.Kind.Version == version && resource.Kind.Kind == kind);
}
