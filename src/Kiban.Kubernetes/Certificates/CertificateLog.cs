using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Certificates;

/// <summary>What is logged about certificates: names, serial numbers and dates, never a key.</summary>
internal static partial class CertificateLog
{
    [LoggerMessage(3101, LogLevel.Information, "Serving {Subject} ({SerialNumber}) by {Issuer}, valid until {NotAfter:u}")]
    public static partial void Serving(this ILogger logger, string subject, string serialNumber, string issuer, DateTimeOffset notAfter);

    [LoggerMessage(3102, LogLevel.Information, "Writing Secret {Namespace}/{Name}: {Reasons}")]
    public static partial void Writing(this ILogger logger, string @namespace, string name, string reasons);

    [LoggerMessage(3103, LogLevel.Warning, "Secret {Namespace}/{Name} is missing or damaged; restoring what it last held")]
    public static partial void Restoring(this ILogger logger, string @namespace, string name);
}
