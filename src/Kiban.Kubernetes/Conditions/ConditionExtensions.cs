using k8s.Models;

namespace Kiban.Kubernetes.Conditions;

/// <summary>
/// Conditions of an object's status, by the API conventions
/// (<see href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties"/>).
/// Pure: what is observed goes in, what should be written comes out.
/// </summary>
public static class ConditionExtensions
{
    /// <summary>The condition of that type, or null.</summary>
    public static V1Condition? Find(this IEnumerable<V1Condition>? conditions, string type) =>
        conditions?.FirstOrDefault(condition => condition.Type == type);

    /// <summary>Whether the condition is there and true.</summary>
    public static bool IsTrue(this IEnumerable<V1Condition>? conditions, string type) => conditions.Find(type)?.Status == ConditionStatus.True;

    /// <summary>
    /// The condition as it should be from now on: <c>lastTransitionTime</c> moves only when <c>status</c> changes. Apply it server-side, with no
    /// other condition beside it: lists of conditions are merged by type, so others' conditions stay theirs.
    /// </summary>
    /// <param name="observed">The conditions as they are.</param>
    /// <param name="type">CamelCase, with a prefix where others may have the same: <c>kiban.dev/DataLoaded</c>.</param>
    /// <param name="status">One of <see cref="ConditionStatus"/>.</param>
    /// <param name="reason">CamelCase word for programs; never empty.</param>
    /// <param name="message">Sentence for people; may be empty.</param>
    /// <param name="observedGeneration"><c>metadata.generation</c> of the object that was looked at; null where it has none.</param>
    /// <param name="now">The present.</param>
    public static V1Condition Next(
        this IEnumerable<V1Condition>? observed, string type, string status, string reason, string message, long? observedGeneration, DateTimeOffset now)
    {
        if (status is not (ConditionStatus.True or ConditionStatus.False or ConditionStatus.Unknown))
        {
            throw new ArgumentException($"The status of the condition {type} is '{status}': True, False or Unknown is wanted.", nameof(status));
        }

        ArgumentException.ThrowIfNullOrEmpty(reason);
        var before = observed.Find(type);
        return new V1Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = observedGeneration,
            // Whole seconds, as the server keeps them: what is read back must equal what was written.
            LastTransitionTime = before is not null && before.Status == status ? before.LastTransitionTime : WholeSeconds(now),
        };
    }

    /// <summary>
    /// The list with this condition in its place (or at its end), the others as they are: for objects that are written whole.
    /// </summary>
    public static IReadOnlyList<V1Condition> With(this IEnumerable<V1Condition>? observed, V1Condition condition)
    {
        var all = observed?.ToList() ?? [];
        var index = all.FindIndex(candidate => candidate.Type == condition.Type);
        if (index < 0)
        {
            all.Add(condition);
        }
        else
        {
            all[index] = condition;
        }

        return all;
    }

    /// <summary>Whether the condition is there just so already, and nothing needs to be written.</summary>
    public static bool Has(this IEnumerable<V1Condition>? observed, V1Condition condition) =>
        observed.Find(condition.Type) is { } before
        && before.Status == condition.Status
        && before.Reason == condition.Reason
        && (before.Message ?? "") == (condition.Message ?? "")
        && before.ObservedGeneration == condition.ObservedGeneration;

    private static DateTime WholeSeconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
