using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Events;

internal static partial class EventLog
{
    [LoggerMessage(1500, LogLevel.Debug, "An event {Reason} about {Kind} {Namespace}/{Name} was not taken by the server: {Message}")]
    public static partial void Refused(ILogger logger, string reason, string kind, string? @namespace, string name, string message);

    [LoggerMessage(1501, LogLevel.Debug, "An event {Reason} about {Kind} {Namespace}/{Name} could not be written: {Message}")]
    public static partial void Failed(ILogger logger, string reason, string kind, string? @namespace, string name, string message);

    [LoggerMessage(1502, LogLevel.Warning, "An event {Reason} about {Kind} {Namespace}/{Name} was dropped, {Dropped} so far: too many wait to be written")]
    public static partial void Dropped(ILogger logger, string reason, string kind, string? @namespace, string name, long dropped);

    [LoggerMessage(1503, LogLevel.Warning, "Some events were not written before the program had to end")]
    public static partial void Abandoned(ILogger logger);
}
