namespace Kiban.Kubernetes.Events;

/// <summary>The <c>type</c> of an event.</summary>
public enum EventType
{
    /// <summary>Something went its way.</summary>
    Normal,

    /// <summary>Something that a person may have to look at.</summary>
    Warning,
}
