using System.Globalization;
using System.Text;

namespace Kiban.Kubernetes.Client;

/// <summary>The query part of a request: what is null is left out, what is set is escaped.</summary>
internal sealed class RequestQuery
{
    private readonly StringBuilder _text = new();

    public static RequestQuery Of(ListOptions options) => new RequestQuery()
        .Add("labelSelector", options.LabelSelector)
        .Add("fieldSelector", options.FieldSelector)
        .Add("limit", options.Limit?.ToString(CultureInfo.InvariantCulture))
        .Add("continue", options.Continue)
        // A continue token carries its version; the server refuses both.
        .Add("resourceVersion", options.Continue is null ? options.ResourceVersion : null);

    public static RequestQuery Of(WatchOptions options) => new RequestQuery()
        .Add("watch", "true")
        .Add("labelSelector", options.LabelSelector)
        .Add("fieldSelector", options.FieldSelector)
        .Add("resourceVersion", options.ResourceVersion)
        .Add("timeoutSeconds", options.Timeout is { } timeout ? Math.Max(1, (long)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null)
        .Add("allowWatchBookmarks", options.AllowBookmarks || options.SendInitialEvents ? "true" : null)
        .Add("sendInitialEvents", options.SendInitialEvents ? "true" : null)
        .Add("resourceVersionMatch", options.SendInitialEvents ? "NotOlderThan" : null);

    public static RequestQuery Of(WriteOptions? options) => new RequestQuery()
        .Add("fieldManager", options?.FieldManager)
        .Add("dryRun", options?.DryRun == true ? "All" : null);

    public RequestQuery Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public override string ToString() => _text.ToString();
}
