using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission;

/// <summary>What admission logs. Never an object or a part of one: it may be a Secret.</summary>
internal static partial class AdmissionLog
{
    [LoggerMessage(3001, LogLevel.Debug,
        "{Webhook}: {Operation} {Kind} {Namespace}/{Name} by {User} (review {Uid}): allowed, {Operations} patch operations, {Milliseconds} ms")]
    public static partial void Allowed(
        this ILogger logger, string webhook, AdmissionOperation operation, string kind, string? @namespace, string? name, string? user,
        string uid, int operations, double milliseconds);

    [LoggerMessage(3002, LogLevel.Information, "{Webhook}: {Operation} {Kind} {Namespace}/{Name} by {User} (review {Uid}): refused, {Code}: {Message}")]
    public static partial void Refused(
        this ILogger logger, string webhook, AdmissionOperation operation, string kind, string? @namespace, string? name, string? user,
        string uid, int code, string? message);

    [LoggerMessage(3003, LogLevel.Error, "{Webhook}: review {Uid} of {Kind} {Namespace}/{Name} failed in the handler with {ExceptionType}\n{StackTrace}")]
    public static partial void HandlerFailed(
        this ILogger logger, string webhook, string uid, string kind, string? @namespace, string? name, string exceptionType, string? stackTrace);

    [LoggerMessage(3004, LogLevel.Warning, "{Webhook}: review {Uid} of {Kind} {Namespace}/{Name} was not answered within {Deadline}")]
    public static partial void DeadlinePassed(
        this ILogger logger, string webhook, string uid, string kind, string? @namespace, string? name, TimeSpan deadline);

    [LoggerMessage(3005, LogLevel.Warning, "{Webhook}: a request was answered {Code}: {Problem}")]
    public static partial void BadRequest(this ILogger logger, string webhook, int code, string problem);

    [LoggerMessage(3006, LogLevel.Information, "Told to stop: not ready any more, answering for another {Period}")]
    public static partial void Draining(this ILogger logger, TimeSpan period);

    [LoggerMessage(3007, LogLevel.Error, "Certificates and webhook registration could not be brought in order; trying again in {Pause}")]
    public static partial void LeaderFailed(this ILogger logger, Exception failure, TimeSpan pause);

    [LoggerMessage(3008, LogLevel.Critical, "The serving certificate is not kept in step any more")]
    public static partial void ObserverFailed(this ILogger logger, Exception failure);
}
