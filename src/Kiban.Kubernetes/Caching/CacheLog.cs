using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Caching;

internal static partial class CacheLog
{
    [LoggerMessage(1000, LogLevel.Debug, "Cache of {Resource} holds {Count} objects at version {Version}, read by {Way}")]
    public static partial void Listed(ILogger logger, ResourceKind resource, int count, string version, string way);

    [LoggerMessage(1001, LogLevel.Debug, "The server does not serve initial events in a watch of {Resource} ({Reason}); listing instead, from now on")]
    public static partial void WatchListRefused(ILogger logger, ResourceKind resource, string reason);

    [LoggerMessage(1002, LogLevel.Information, "The version of {Resource} that was watched is gone from the server; listing anew")]
    public static partial void VersionGone(ILogger logger, ResourceKind resource);

    [LoggerMessage(1003, LogLevel.Debug, "The watch of {Resource} broke off and goes on from version {Version} in {Delay}: {Reason}")]
    public static partial void WatchBroke(ILogger logger, ResourceKind resource, string version, TimeSpan delay, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "The cache of {Resource} cannot keep in step, failure {Failures} in a row, next attempt in {Delay}: {Reason}")]
    public static partial void OutOfStep(ILogger logger, ResourceKind resource, int failures, TimeSpan delay, string reason);

    [LoggerMessage(1005, LogLevel.Error, "A subscriber to the cache of {Resource} failed on a change of {Key}; the change is lost to it")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, ResourceKind resource, NamespacedName key);

    [LoggerMessage(1006, LogLevel.Error, "Index {Index} of {Resource} failed on {Key}, which it leaves out")]
    public static partial void IndexFailed(ILogger logger, Exception exception, string index, ResourceKind resource, NamespacedName key);

    [LoggerMessage(1007, LogLevel.Error, "The transformation of {Resource} failed on {Key}, which is kept whole")]
    public static partial void TransformFailed(ILogger logger, Exception exception, ResourceKind resource, NamespacedName key);
}
