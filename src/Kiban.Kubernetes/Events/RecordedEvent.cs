namespace Kiban.Kubernetes.Events;

/// <summary>One event as it was recorded, already within the API's limits.</summary>
internal sealed record RecordedEvent
{
    public required string Controller { get; init; }

    public required EventSubject Subject { get; init; }

    public required EventType Type { get; init; }

    public required string Reason { get; init; }

    public required string Action { get; init; }

    public required string Message { get; init; }

    public required DateTimeOffset Time { get; init; }
}
