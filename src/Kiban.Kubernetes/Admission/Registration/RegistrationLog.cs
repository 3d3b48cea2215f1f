using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>What is logged about the registration of webhooks.</summary>
internal static partial class RegistrationLog
{
    [LoggerMessage(3201, LogLevel.Warning, "There is no {Kind} {Name}, so its webhooks are not registered; apply the manifests of the installation to create it")]
    public static partial void ConfigurationMissing(this ILogger logger, string kind, string name);

    [LoggerMessage(3202, LogLevel.Information, "Webhooks {Name} are not registered yet: no replica is ready to answer")]
    public static partial void NotServedYet(this ILogger logger, string name);

    [LoggerMessage(3203, LogLevel.Information, "Registering {Count} webhooks in {Kind} {Name}")]
    public static partial void Registering(this ILogger logger, string kind, string name, int count);

    [LoggerMessage(3204, LogLevel.Warning, "{Kind} {Name} holds webhooks or conditions of others; replacing the whole list")]
    public static partial void ReplacingForeign(this ILogger logger, string kind, string name);

    [LoggerMessage(3205, LogLevel.Warning, "{Kind} {Name} is stored differently from what was written; an admission plug-in of the cluster may change it")]
    public static partial void ServerChangesRegistration(this ILogger logger, string kind, string name);

    [LoggerMessage(3206, LogLevel.Warning, "Webhooks {Name} are changed again and again by somebody else; repairing them next in {Pause}")]
    public static partial void RepairingOften(this ILogger logger, string name, TimeSpan pause);

    [LoggerMessage(3207, LogLevel.Information, "Labelling namespace {Namespace} with its name, as newer servers do, to exclude it from the webhooks")]
    public static partial void LabellingNamespace(this ILogger logger, string @namespace);
}
