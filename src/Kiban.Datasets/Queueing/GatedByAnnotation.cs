using Kiban.Datasets.Api;

namespace Kiban.Datasets.Queueing;

/// <summary>
/// The annotation by which Kueue is told that others hold a workload back: names, separated by commas, that may be added when the workload is created and
/// only removed after that (<see href="https://github.com/kubernetes-sigs/kueue/tree/main/keps/6915-scheduling-gated-by-annotation">KEP-6915</see>).
/// </summary>
internal static class GatedByAnnotation
{
    /// <summary>Whether this part is among the names.</summary>
    public static bool HasUs(string? value) => Names(value).Contains(DatasetsApi.SchedulingGate);

    /// <summary>The value with this part among the names.</summary>
    public static string With(string? value) => HasUs(value) ? value! : string.Join(',', Names(value).Append(DatasetsApi.SchedulingGate));

    /// <summary>The value without this part; null where nobody is left.</summary>
    public static string? Without(string? value)
    {
        var others = string.Join(',', Names(value).Where(name => name != DatasetsApi.SchedulingGate));
        return others.Length == 0 ? null : others;
    }

    private static string[] Names(string? value) => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
