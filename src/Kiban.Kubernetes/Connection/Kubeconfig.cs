using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Several kubeconfig files seen as one, by kubectl's rules: of two entries of a name the first file's counts, whole; the first
/// <c>current-context</c> counts; paths in a file are relative to that file.
/// <see href="https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files"/>
/// </summary>
internal sealed class Kubeconfig
{
    private static readonly IDeserializer Yaml =
        new DeserializerBuilder().IgnoreUnmatchedProperties().WithAttemptingUnquotedStringTypeDeserialization().Build();

    private readonly Dictionary<string, KubeconfigDocument.Cluster> _clusters = [];
    private readonly Dictionary<string, KubeconfigDocument.User> _users = [];
    private readonly Dictionary<string, KubeconfigDocument.Context> _contexts = [];

    private Kubeconfig(IReadOnlyList<string> files) => Files = files;

    /// <summary>The files that were looked for, in order.</summary>
    public IReadOnlyList<string> Files { get; }

    public string? CurrentContext { get; private set; }

    public IReadOnlyDictionary<string, KubeconfigDocument.Cluster> Clusters => _clusters;

    public IReadOnlyDictionary<string, KubeconfigDocument.User> Users => _users;

    public IReadOnlyDictionary<string, KubeconfigDocument.Context> Contexts => _contexts;

    /// <exception cref="KubernetesConnectionException">None of the files exists, or one is no kubeconfig.</exception>
    public static Kubeconfig Load(IReadOnlyList<string> files)
    {
        var merged = new Kubeconfig(files);
        var existing = files.Where(File.Exists).ToList();
        if (existing.Count == 0)
        {
            throw new KubernetesConnectionException($"None of the kubeconfig files exists: {string.Join(", ", files)}.");
        }

        foreach (var file in existing)
        {
            merged.Add(Read(file), Path.GetFullPath(file));
        }

        return merged;
    }

    private static KubeconfigDocument Read(string file)
    {
        try
        {
            var document = Yaml.Deserialize<KubeconfigDocument?>(File.ReadAllText(file)) ?? new KubeconfigDocument();
            return document.Kind is null or "Config"
                ? document
                : throw new KubernetesConnectionException($"{file} is no kubeconfig: its kind is '{document.Kind}', not 'Config'.");
        }
        catch (YamlException e)
        {
            // The exception's own text can quote what stands there, which may be a token.
            throw new KubernetesConnectionException($"{file} is no kubeconfig: line {e.Start.Line}, column {e.Start.Column} cannot be read as YAML of that kind.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConnectionException($"{file} cannot be read: {e.Message}", e);
        }
    }

    private void Add(KubeconfigDocument document, string file)
    {
        CurrentContext = string.IsNullOrEmpty(CurrentContext) ? document.CurrentContext : CurrentContext;
        var folder = Path.GetDirectoryName(file)!;

        AddEach(_clusters, document.Clusters, entry => (entry.Name, entry.Cluster), "clusters", file, cluster =>
            cluster.CertificateAuthority = Resolve(cluster.CertificateAuthority, folder));
        AddEach(_contexts, document.Contexts, entry => (entry.Name, entry.Context), "contexts", file, _ => { });
        AddEach(_users, document.Users, entry => (entry.Name, entry.User), "users", file, user =>
        {
            user.ClientCertificate = Resolve(user.ClientCertificate, folder);
            user.ClientKey = Resolve(user.ClientKey, folder);
            user.TokenFile = Resolve(user.TokenFile, folder);
            if (user.Exec?.Command is { } command && command.Contains(Path.DirectorySeparatorChar))
            {
                // A bare name is looked up on PATH instead.
                user.Exec.Command = Resolve(command, folder);
            }
        });
    }

    private static void AddEach<TEntry, TValue>(
        Dictionary<string, TValue> all, List<TEntry>? entries, Func<TEntry, (string? Name, TValue? Value)> parts, string field, string file, Action<TValue> resolvePaths)
        where TValue : class, new()
    {
        var seen = new HashSet<string>();
        foreach (var (name, value) in (entries ?? []).Select(parts))
        {
            if (string.IsNullOrEmpty(name))
            {
                throw new KubernetesConnectionException($"{file}: an entry of {field} has no name.");
            }

            if (!seen.Add(name))
            {
                throw new KubernetesConnectionException($"{file}: {field} has two entries named '{name}'.");
            }

            var resolved = value ?? new TValue();
            resolvePaths(resolved);
            all.TryAdd(name, resolved);
        }
    }

    private static string? Resolve(string? path, string folder) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path, folder);
}
