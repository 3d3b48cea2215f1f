namespace Kiban.Kubernetes.Tests.Caching;

/// <summary>What may come between a server and a cache.</summary>
internal enum Upset
{
    /// <summary>Every connection is cut.</summary>
    Cut,

    /// <summary>Connections are cut and new ones refused, until the next of <see cref="Mend"/>.</summary>
    Break,

    /// <summary>Connections work again.</summary>
    Mend,

    /// <summary>History is forgotten, so that versions seen before are gone.</summary>
    Compact,

    /// <summary>History is forgotten and the server restarted.</summary>
    Restart,
}
