using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Controllers;

internal static partial class ControllerLog
{
    [LoggerMessage(1300, LogLevel.Information, "Controller {Controller} works, {Count} objects to look at, {Workers} at a time")]
    public static partial void Started(ILogger logger, string controller, int count, int workers);

    [LoggerMessage(1301, LogLevel.Information, "Controller {Controller} has stopped")]
    public static partial void Stopped(ILogger logger, string controller);

    [LoggerMessage(1302, LogLevel.Error, "Controller {Controller} failed on {Key}, {Failures} times in a row; it comes again with back-off")]
    public static partial void ReconcileFailed(ILogger logger, Exception exception, string controller, NamespacedName key, int failures);

    [LoggerMessage(1303, LogLevel.Information, "Controller {Controller} met another writer on {Key}; it comes again: {Reason}")]
    public static partial void ReconcileConflicted(ILogger logger, string controller, NamespacedName key, string reason);

    [LoggerMessage(1304, LogLevel.Warning, "Controller {Controller} was kept from writing for {Key}: {Reason}")]
    public static partial void ReconcileFenced(ILogger logger, string controller, NamespacedName key, string reason);

    [LoggerMessage(1305, LogLevel.Information, "No leader election is set up; all controllers run in this process")]
    public static partial void NoElection(ILogger logger);
}
