using YamlDotNet.Serialization;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// One kubeconfig file as it is written
/// (<see href="https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/"/>). The official client's own shapes know no
/// <c>tokenFile</c>, <c>proxy-url</c> or <c>interactiveMode</c>, and forget from which file an entry came.
/// </summary>
internal sealed class KubeconfigDocument
{
    [YamlMember(Alias = "kind")]
    public string? Kind { get; set; }

    [YamlMember(Alias = "current-context")]
    public string? CurrentContext { get; set; }

    [YamlMember(Alias = "clusters")]
    public List<NamedCluster>? Clusters { get; set; }

    [YamlMember(Alias = "users")]
    public List<NamedUser>? Users { get; set; }

    [YamlMember(Alias = "contexts")]
    public List<NamedContext>? Contexts { get; set; }

    internal sealed class NamedCluster
    {
        [YamlMember(Alias = "name")]
        public string? Name { get; set; }

        [YamlMember(Alias = "cluster")]
        public Cluster? Cluster { get; set; }
    }

    internal sealed class NamedUser
    {
        [YamlMember(Alias = "name")]
        public string? Name { get; set; }

        [YamlMember(Alias = "user")]
        public User? User { get; set; }
    }

    internal sealed class NamedContext
    {
        [YamlMember(Alias = "name")]
        public string? Name { get; set; }

        [YamlMember(Alias = "context")]
        public Context? Context { get; set; }
    }

    internal sealed class Context
    {
        [YamlMember(Alias = "cluster")]
        public string? Cluster { get; set; }

        [YamlMember(Alias = "user")]
        public string? User { get; set; }

        [YamlMember(Alias = "namespace")]
        public string? Namespace { get; set; }
    }

    internal sealed class Cluster
    {
        [YamlMember(Alias = "server")]
        public string? Server { get; set; }

        [YamlMember(Alias = "tls-server-name")]
        public string? TlsServerName { get; set; }

        [YamlMember(Alias = "insecure-skip-tls-verify")]
        public bool SkipTlsVerify { get; set; }

        [YamlMember(Alias = "certificate-authority")]
        public string? CertificateAuthority { get; set; }

        [YamlMember(Alias = "certificate-authority-data")]
        public string? CertificateAuthorityData { get; set; }

        [YamlMember(Alias = "proxy-url")]
        public string? ProxyUrl { get; set; }

        [YamlMember(Alias = "disable-compression")]
        public bool DisableCompression { get; set; }

        [YamlMember(Alias = "extensions")]
        public List<NamedExtension>? Extensions { get; set; }
    }

    internal sealed class NamedExtension
    {
        [YamlMember(Alias = "name")]
        public string? Name { get; set; }

        [YamlMember(Alias = "extension")]
        public object? Extension { get; set; }
    }

    internal sealed class User
    {
        [YamlMember(Alias = "client-certificate")]
        public string? ClientCertificate { get; set; }

        [YamlMember(Alias = "client-certificate-data")]
        public string? ClientCertificateData { get; set; }

        [YamlMember(Alias = "client-key")]
        public string? ClientKey { get; set; }

        [YamlMember(Alias = "client-key-data")]
        public string? ClientKeyData { get; set; }

        [YamlMember(Alias = "token")]
        public string? Token { get; set; }

        [YamlMember(Alias = "tokenFile")]
        public string? TokenFile { get; set; }

        [YamlMember(Alias = "username")]
        public string? Username { get; set; }

        [YamlMember(Alias = "password")]
        public string? Password { get; set; }

        [YamlMember(Alias = "as")]
        public string? Impersonate { get; set; }

        [YamlMember(Alias = "as-uid")]
        public string? ImpersonateUid { get; set; }

        [YamlMember(Alias = "as-groups")]
        public List<string>? ImpersonateGroups { get; set; }

        [YamlMember(Alias = "as-user-extra")]
        public Dictionary<string, List<string>>? ImpersonateExtra { get; set; }

        [YamlMember(Alias = "auth-provider")]
        public AuthProvider? AuthProvider { get; set; }

        [YamlMember(Alias = "exec")]
        public Exec? Exec { get; set; }
    }

    internal sealed class AuthProvider
    {
        [YamlMember(Alias = "name")]
        public string? Name { get; set; }
    }

    internal sealed class Exec
    {
        [YamlMember(Alias = "apiVersion")]
        public string? ApiVersion { get; set; }

        [YamlMember(Alias = "command")]
        public string? Command { get; set; }

        [YamlMember(Alias = "args")]
        public List<string>? Arguments { get; set; }

        [YamlMember(Alias = "env")]
        public List<EnvironmentVariable>? Environment { get; set; }

        [YamlMember(Alias = "installHint")]
        public string? InstallHint { get; set; }

        [YamlMember(Alias = "provideClusterInfo")]
        public bool ProvideClusterInfo { get; set; }

        [YamlMember(Alias = "interactiveMode")]
        public string? InteractiveMode { get; set; }
    }

    internal sealed class EnvironmentVariable
    {
        [YamlMember(Alias = "name")]
        public string? Name { get; set; }

        [YamlMember(Alias = "value")]
        public string? Value { get; set; }
    }
}
