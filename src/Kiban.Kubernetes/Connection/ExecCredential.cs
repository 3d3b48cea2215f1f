namespace Kiban.Kubernetes.Connection;

/// <summary>What an exec plugin handed out.</summary>
/// <param name="Credential">The token or certificate.</param>
/// <param name="Expires">When the plugin is to be asked again; null: when the server refuses it.</param>
internal sealed record ExecCredential(Credential Credential, DateTimeOffset? Expires);
