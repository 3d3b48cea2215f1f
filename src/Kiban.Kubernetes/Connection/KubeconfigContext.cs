using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Connection;

/// <summary>Turns one context of a kubeconfig into a connection.</summary>
internal static class KubeconfigContext
{
    private const string ExecExtension = "client.authentication.k8s.io/exec";

    /// <exception cref="KubernetesConnectionException">The context, its cluster or its user is not as it should be.</exception>
    public static KubernetesConnection Resolve(Kubeconfig config, string? contextName)
    {
        var files = string.Join(", ", config.Files);
        var name = contextName ?? config.CurrentContext;
        if (string.IsNullOrEmpty(name))
        {
            throw new KubernetesConnectionException($"{files}: current-context is not set; the contexts are {Known(config.Contexts.Keys)}.");
        }

        var context = config.Contexts.GetValueOrDefault(name)
            ?? throw new KubernetesConnectionException($"{files}: there is no context '{name}'; the contexts are {Known(config.Contexts.Keys)}.");
        var cluster = config.Clusters.GetValueOrDefault(context.Cluster ?? "")
            ?? throw new KubernetesConnectionException($"{files}: context '{name}' names the cluster '{context.Cluster}', which is not there; the clusters are {Known(config.Clusters.Keys)}.");
        var user = string.IsNullOrEmpty(context.User)
            ? new KubeconfigDocument.User()
            : config.Users.GetValueOrDefault(context.User)
                ?? throw new KubernetesConnectionException($"{files}: context '{name}' names the user '{context.User}', which is not there; the users are {Known(config.Users.Keys)}.");

        return Connect(context, cluster, user, $"cluster '{context.Cluster}'", $"user '{context.User}'");
    }

    private static KubernetesConnection Connect(
        KubeconfigDocument.Context context, KubeconfigDocument.Cluster cluster, KubeconfigDocument.User user, string clusterName, string userName)
    {
        var authority = Pem(cluster.CertificateAuthorityData, cluster.CertificateAuthority, $"certificate-authority-data of {clusterName}");
        if (cluster.SkipTlsVerify && authority is not null)
        {
            throw new KubernetesConnectionException($"{clusterName} has both a certificate authority and insecure-skip-tls-verify: one of them must go.");
        }

        if (user.AuthProvider is { } provider)
        {
            throw new KubernetesConnectionException($"{userName} uses the auth-provider '{provider.Name}', which Kubernetes removed in 1.26; use its exec plugin.");
        }

        if (!string.IsNullOrEmpty(user.Token) && !string.IsNullOrEmpty(user.Username))
        {
            throw new KubernetesConnectionException($"{userName} has both a token and a user name: one of them must go.");
        }

        return new KubernetesConnection
        {
            Server = Server(cluster.Server, clusterName),
            Namespace = NullIfEmpty(context.Namespace),
            CertificateAuthority = authority,
            TlsServerName = NullIfEmpty(cluster.TlsServerName),
            SkipTlsVerify = cluster.SkipTlsVerify,
            Proxy = Proxy(cluster.ProxyUrl, clusterName),
            DisableCompression = cluster.DisableCompression,
            ClientCertificate = Pem(user.ClientCertificateData, user.ClientCertificate, $"client-certificate-data of {userName}"),
            ClientKey = Pem(user.ClientKeyData, user.ClientKey, $"client-key-data of {userName}"),
            Token = NullIfEmpty(user.Token),
            TokenFile = user.TokenFile,
            Username = NullIfEmpty(user.Username),
            Password = user.Password,
            Impersonate = Impersonate(user, userName),
            ExecPlugin = user.Exec is { } exec ? Plugin(exec, cluster, userName) : null,
        };
    }

    private static Uri Server(string? text, string clusterName)
    {
        var address = string.IsNullOrEmpty(text) || text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new KubernetesConnectionException($"server of {clusterName} is '{text}', which is no http or https address.");
    }

    private static Uri? Proxy(string? text, string clusterName)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5"
            ? uri
            : throw new KubernetesConnectionException($"proxy-url of {clusterName} is no http, https or socks5 address.");
    }

    private static Impersonation? Impersonate(KubeconfigDocument.User user, string userName)
    {
        if (!string.IsNullOrEmpty(user.Impersonate))
        {
            return new Impersonation
            {
                User = user.Impersonate,
                Uid = NullIfEmpty(user.ImpersonateUid),
                Groups = user.ImpersonateGroups ?? [],
                Extra = (user.ImpersonateExtra ?? []).ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value),
            };
        }

        return user.ImpersonateUid is null && user.ImpersonateGroups is null && user.ImpersonateExtra is null
            ? null
            : throw new KubernetesConnectionException($"{userName} has as-uid, as-groups or as-user-extra, but no 'as'.");
    }

    private static ExecPluginOptions Plugin(KubeconfigDocument.Exec exec, KubeconfigDocument.Cluster cluster, string userName)
    {
        var mode = exec.InteractiveMode switch
        {
            "IfAvailable" => ExecInteractiveMode.IfAvailable,
            "Never" => ExecInteractiveMode.Never,
            "Always" => ExecInteractiveMode.Always,
            null when exec.ApiVersion != "client.authentication.k8s.io/v1" => ExecInteractiveMode.IfAvailable,
            _ => throw new KubernetesConnectionException($"exec.interactiveMode of {userName} is '{exec.InteractiveMode}': IfAvailable, Never or Always is wanted."),
        };
        return new ExecPluginOptions
        {
            ApiVersion = exec.ApiVersion ?? throw new KubernetesConnectionException($"exec.apiVersion of {userName} is missing."),
            Command = NullIfEmpty(exec.Command) ?? throw new KubernetesConnectionException($"exec.command of {userName} is missing."),
            Arguments = exec.Arguments ?? [],
            Environment = (exec.Environment ?? []).Where(variable => variable.Name is not null)
                .GroupBy(variable => variable.Name!).ToDictionary(group => group.Key, group => group.Last().Value ?? ""),
            InstallHint = exec.InstallHint,
            ProvideClusterInfo = exec.ProvideClusterInfo,
            ClusterConfig = ToJson(cluster.Extensions?.FirstOrDefault(extension => extension.Name == ExecExtension)?.Extension),
            InteractiveMode = mode,
        };
    }

    private static PemSource? Pem(string? data, string? file, string field) =>
        !string.IsNullOrEmpty(data) ? PemSource.FromBase64(data, field)
        : !string.IsNullOrEmpty(file) ? PemSource.FromFile(file)
        : null;

    private static JsonNode? ToJson(object? yaml) => yaml switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key.ToString()!, ToJson(pair.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(ToJson)]),
        _ => JsonSerializer.SerializeToNode(yaml, yaml.GetType()),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Known(IEnumerable<string> names) => names.Any() ? string.Join(", ", names.Order(StringComparer.Ordinal)) : "none";
}
