namespace Kiban.Kubernetes.Events;

/// <summary>The object that an event is about.</summary>
internal sealed record EventSubject(string ApiVersion, string Kind, string? Namespace, string Name, string? Uid, string? ResourceVersion)
{
    /// <summary>The object whatever its version: what is counted together.</summary>
    public EventSubject Identity => this with { ResourceVersion = null };
}
