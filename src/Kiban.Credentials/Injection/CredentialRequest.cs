using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kiban.Credentials.Api;
using Kiban.Credentials.Keyless;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Injection;

/// <summary>
/// What a Pod asks for, by its own annotations and those of its ServiceAccount. For each cloud the Pod's annotation beats the
/// ServiceAccount's, <c>none</c> asks for nothing, and a named Secret beats a keyless form.
/// </summary>
internal sealed partial record CredentialRequest
{
    private const int MaximumNameLength = 253;

    /// <summary>The Secret with AWS credentials, where one is asked for.</summary>
    public SecretReference? Aws { get; private init; }

    /// <summary>The Secret with Google Cloud credentials, where one is asked for.</summary>
    public SecretReference? Gcp { get; private init; }

    /// <summary>Keyless forms, which need nothing looked up.</summary>
    public IReadOnlyList<CredentialInjection> Keyless { get; private init; } = [];

    /// <summary>Which containers are meant.</summary>
    public ContainerSelection Containers { get; private init; } = ContainerSelection.All;

    /// <summary>Annotations that cannot be understood: the Pod asks for something, and cannot get it.</summary>
    public IReadOnlyList<string> Mistakes { get; private init; } = [];

    /// <summary>Oddities that leave the Pod usable.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Whether the Pod asks for nothing.</summary>
    public bool IsEmpty => Aws is null && Gcp is null && Keyless.Count == 0 && Mistakes.Count == 0;

    /// <summary>Reads the request.</summary>
    /// <param name="pod">The Pod.</param>
    /// <param name="serviceAccount">The ServiceAccount it runs as; null where that does not exist.</param>
    /// <param name="options">Which keyless forms are served.</param>
    public static CredentialRequest Of(JsonObject pod, AnnotatedServiceAccount? serviceAccount, CredentialsOptions options)
    {
        var mistakes = new List<string>();
        var warnings = new List<string>();
        var aws = Reference(pod, serviceAccount, CredentialsApi.Aws.Annotation, mistakes, out var awsIsDecided);
        var gcp = Reference(pod, serviceAccount, CredentialsApi.Gcp.Annotation, mistakes, out var gcpIsDecided);
        var keyless = new List<CredentialInjection>();
        if (serviceAccount is not null && options.EksRole.Enabled && !awsIsDecided
            && EksRole.Read(pod, serviceAccount, options.EksRole, mistakes, warnings) is { } role)
        {
            keyless.Add(role);
        }
        if (serviceAccount is not null && options.WorkloadIdentity.Enabled && !gcpIsDecided
            && WorkloadIdentity.Read(pod, serviceAccount, options.WorkloadIdentity, mistakes, warnings) is { } identity)
        {
            keyless.Add(identity);
        }
        var asks = aws is not null || gcp is not null || keyless.Count > 0;
        return new CredentialRequest
        {
            Aws = aws,
            Gcp = gcp,
            Keyless = keyless,
            Containers = asks ? Selection(pod, mistakes) : ContainerSelection.All,
            Mistakes = mistakes,
            Warnings = warnings,
        };
    }

    // One cloud's annotation; it is decided where an annotation says something, be it a Secret, none or a mistake.
    private static SecretReference? Reference(
        JsonObject pod, AnnotatedServiceAccount? serviceAccount, string annotation, List<string> mistakes, out bool isDecided)
    {
        var value = PodDocument.Annotation(pod, annotation);
        var where = $"annotation {annotation}";
        if (value is null && serviceAccount?.Metadata.Annotations?.TryGetValue(annotation, out value) is true)
            where += $" of ServiceAccount \"{serviceAccount.Metadata.Name}\"";
        isDecided = value is not null;
        if (value is null or CredentialsApi.None)
            return null;
        if (value.Trim().Length == 0)
            mistakes.Add($"{where} is empty; name a Secret in it, write \"{CredentialsApi.None}\" to ask for nothing, or remove it");
        else if (value.Length > MaximumNameLength || !ObjectName().IsMatch(value))
            mistakes.Add($"{where} is no name of a Secret; write one name in lower-case letters, digits, '-' and '.', or \"{CredentialsApi.None}\"");
        else
            return new SecretReference(value, where);
        return null;
    }

    private static ContainerSelection Selection(JsonObject pod, List<string> mistakes)
    {
        if (PodDocument.Annotation(pod, CredentialsApi.ContainersAnnotation) is not { } text)
            return ContainerSelection.All;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > 0)
            return new ContainerSelection(names);
        mistakes.Add($"annotation {CredentialsApi.ContainersAnnotation} names no container; name some, separated by commas, or remove it to mean all");
        return ContainerSelection.All;
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectName();
}
