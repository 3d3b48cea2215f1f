using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Tests.Caching;

/// <summary>A server with something that can go wrong between it and a cache.</summary>
internal interface IUpsetServer
{
    /// <summary>The undisturbed way in, for the writers.</summary>
    IKubernetesClient Direct { get; }

    /// <summary>The way that is disturbed, for the cache.</summary>
    IKubernetesClient Disturbed { get; }

    string Namespace { get; }

    Task UpsetAsync(Upset upset);

    /// <summary>Makes all well again.</summary>
    Task RecoverAsync();
}
