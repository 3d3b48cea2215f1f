namespace Kiban.Kubernetes.Events;

/// <summary>An event and its repetitions: one object on the server.</summary>
internal sealed class EventSeries(RecordedEvent first, string name)
{
    /// <summary>Name of the object on the server.</summary>
    public string Name { get; set; } = name;

    /// <summary>What happened first, and is shown.</summary>
    public RecordedEvent First { get; } = first;

    /// <summary>How often it happened.</summary>
    public int Count { get; set; } = 1;

    /// <summary>When it happened last.</summary>
    public DateTimeOffset Last { get; set; } = first.Time;

    /// <summary>How often it happened according to the server; 0 until the object is there.</summary>
    public int Written { get; set; }

    public bool IsPending => Written != Count;

    /// <summary>
    /// Cluster-scoped objects have their events in <c>default</c>, where kubectl looks for them.
    /// </summary>
    public string Namespace => First.Subject.Namespace ?? "default";
}
