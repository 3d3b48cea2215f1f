using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Tests.Controllers;

/// <summary>Keeps log lines with the scope they were written in.</summary>
internal sealed class CollectedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<Line> Lines { get; } = new();

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    internal sealed record Line(LogLevel Level, string Text, Exception? Exception, IReadOnlyList<KeyValuePair<string, object>> Scope);

    private sealed class Logger(CollectedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new List<KeyValuePair<string, object>>();
            log._scopes.ForEachScope(
                (open, all) =>
                {
                    if (open is IEnumerable<KeyValuePair<string, object>> pairs)
                        all.AddRange(pairs);
                },
                scope);
            log.Lines.Enqueue(new Line(logLevel, formatter(state, exception), exception, scope));
        }
    }
}
