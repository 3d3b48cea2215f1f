using System.Globalization;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Events;

/// <summary>Events as the server takes them: <c>events.k8s.io/v1</c> with a series, or the core group's older form with a count.</summary>
internal static class EventDocument
{
    public static ResourceKind EventsV1 { get; } = new("events.k8s.io", "v1", "Event", "events");

    public static ResourceKind CoreV1 { get; } = new("", "v1", "Event", "events");

    /// <summary>The whole object.</summary>
    /// <param name="series">The event.</param>
    /// <param name="instance">Identity of this process.</param>
    /// <param name="isEventsV1">Which of the two forms.</param>
    public static JsonObject Whole(EventSeries series, string instance, bool isEventsV1)
    {
        var first = series.First;
        var document = new JsonObject
        {
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = series.Name, ["namespace"] = series.Namespace },
            ["type"] = first.Type.ToString(),
            ["reason"] = first.Reason,
            ["action"] = first.Action,
            ["reportingInstance"] = instance,
        };
        if (isEventsV1)
        {
            document["apiVersion"] = EventsV1.ApiVersion;
            document["eventTime"] = MicroTime(first.Time);
            document["reportingController"] = first.Controller;
            document["regarding"] = Reference(first.Subject);
            document["note"] = first.Message;
        }
        else
        {
            document["apiVersion"] = CoreV1.ApiVersion;
            document["firstTimestamp"] = Time(first.Time);
            document["reportingComponent"] = first.Controller;
            document["source"] = new JsonObject { ["component"] = first.Controller };
            document["involvedObject"] = Reference(first.Subject);
            document["message"] = first.Message;
        }

        foreach (var (field, value) in Repetition(series, isEventsV1).ToList())
        {
            document[field] = value?.DeepClone();
        }

        return document;
    }

    /// <summary>What a repetition changes.</summary>
    public static JsonObject Repetition(EventSeries series, bool isEventsV1)
    {
        if (!isEventsV1)
        {
            return new JsonObject { ["count"] = series.Count, ["lastTimestamp"] = Time(series.Last) };
        }

        return series.Count == 1
            ? []
            : new JsonObject { ["series"] = new JsonObject { ["count"] = series.Count, ["lastObservedTime"] = MicroTime(series.Last) } };
    }

    private static JsonObject Reference(EventSubject subject)
    {
        var reference = new JsonObject { ["apiVersion"] = subject.ApiVersion, ["kind"] = subject.Kind, ["name"] = subject.Name };
        Set("namespace", subject.Namespace);
        Set("uid", subject.Uid);
        Set("resourceVersion", subject.ResourceVersion);
        return reference;

        void Set(string field, string? value)
        {
            if (value is not null)
            {
                reference[field] = value;
            }
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The server insists on all six digits.</summary>
    private static string MicroTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
