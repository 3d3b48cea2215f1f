using System.Threading.Channels;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Events;

/// <summary>
/// Takes events from all recorders and writes them behind their backs. At its stop everything recorded before is written, as far as the
/// host's shutdown time-out lets it; register it before what records, so that it stops after it.
/// </summary>
public sealed class EventSink : IHostedService, IDisposable
{
    private readonly Channel<RecordedEvent?> _recorded;
    private readonly EventAggregator _aggregator;
    private readonly EventWriter _writer;
    private readonly EventSinkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abort = new();
    private Task _work = Task.CompletedTask;
    private long _dropped;

    /// <summary>Creates a sink; it writes once it is started.</summary>
    public EventSink(IKubernetesClient client, EventSinkOptions options, TimeProvider time, ILogger<EventSink> logger)
    {
        _recorded = Channel.CreateBounded<RecordedEvent?>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _aggregator = new EventAggregator(time);
        _writer = new EventWriter(client, options, time, logger);
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>A recorder for one controller.</summary>
    /// <param name="controller">Name shown as the event's source, such as <c>kiban.dev/credentials</c>.</param>
    public IEventRecorder For(string controller) => new Recorder(this, controller);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // No BackgroundService: one that is stopped before its work has begun never begins it, and the last words would be lost.
        _work = Task.Run(WriteAllAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _recorded.Writer.TryComplete();
        await _stopping.CancelAsync();
        try
        {
            await _work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _abort.CancelAsync();
            await _work;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _abort.Dispose();
    }

    private async Task WriteAllAsync()
    {
        // The null stands for "look at what was held back".
        await using var timer = _time.CreateTimer(_ => _recorded.Writer.TryWrite(null), null, _options.Interval, _options.Interval);
        try
        {
            // Not until the stop but until the end of what was recorded.
            await foreach (var recorded in _recorded.Reader.ReadAllAsync(_abort.Token))
            {
                foreach (var series in recorded is null ? _aggregator.TakePending() : _aggregator.Add(recorded) is { } one ? [one] : [])
                {
                    await _writer.WriteAsync(series, _stopping.Token, _abort.Token);
                }
            }

            foreach (var series in _aggregator.TakePending(last: true))
            {
                await _writer.WriteAsync(series, _stopping.Token, _abort.Token);
            }
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            EventLog.Abandoned(_logger);
        }
    }

    private void Add(RecordedEvent recorded)
    {
        if (!_recorded.Writer.TryWrite(recorded))
        {
            var dropped = Interlocked.Increment(ref _dropped);
            EventLog.Dropped(_logger, recorded.Reason, recorded.Subject.Kind, recorded.Subject.Namespace, recorded.Subject.Name, dropped);
        }
    }

    private sealed class Recorder(EventSink sink, string controller) : IEventRecorder
    {
        public void Record<T>(T regarding, EventType type, string reason, string action, string message)
            where T : IKubernetesObject<V1ObjectMeta>
        {
            var metadata = regarding.Metadata;
            var isTyped = regarding is { ApiVersion.Length: > 0, Kind.Length: > 0 };
            sink.Add(new RecordedEvent
            {
                Controller = controller,
                Subject = new EventSubject(
                    isTyped ? regarding.ApiVersion : ResourceKind.Of<T>().ApiVersion,
                    isTyped ? regarding.Kind : ResourceKind.Of<T>().Kind,
                    string.IsNullOrEmpty(metadata.NamespaceProperty) ? null : metadata.NamespaceProperty,
                    metadata.Name,
                    metadata.Uid,
                    metadata.ResourceVersion),
                Type = type,
                Reason = EventText.Word(reason),
                Action = EventText.Word(action),
                Message = EventText.Message(message),
                Time = sink._time.GetUtcNow(),
            });
        }
    }
}
