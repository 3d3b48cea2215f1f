using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Agent;

internal static partial class AgentLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Task {Task} is ready")]
    public static partial void TaskReady(ILogger logger, string task);

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "Task {Task} failed and is run again")]
    public static partial void TaskFailed(ILogger logger, Exception exception, string task);
}
