namespace Kiban.Kubernetes.Admission;

/// <summary>
/// Entries for objects that are created as ever while nobody answers, but for those whose author would rather have them refused: who puts a
/// label, with the value <c>true</c>, on the object or on its namespace. Exactly one of the entries matches any object, so none is sent twice.
/// </summary>
public static class RequiredLabelEntries
{
    /// <summary>The entries; those that fail closed have <c>labelled.</c> and <c>required.</c> before their names.</summary>
    /// <param name="open">The entry for all other objects.</param>
    /// <param name="label">The label.</param>
    public static IEnumerable<AdmissionWebhookEntry> For(AdmissionWebhookEntry open, string label)
    {
        var isRequired = new LabelRequirement(label, "In", "true");
        var isNotRequired = new LabelRequirement(label, "NotIn", "true");
        return
        [
            open with { Name = $"labelled.{open.Name}", FailClosed = true, ObjectSelector = [.. open.ObjectSelector, isRequired] },
            open with
            {
                Name = $"required.{open.Name}",
                FailClosed = true,
                NamespaceSelector = [.. open.NamespaceSelector, isRequired],
                ObjectSelector = [.. open.ObjectSelector, isNotRequired],
            },
            open with
            {
                FailClosed = false,
                NamespaceSelector = [.. open.NamespaceSelector, isNotRequired],
                ObjectSelector = [.. open.ObjectSelector, isNotRequired],
            },
        ];
    }
}
