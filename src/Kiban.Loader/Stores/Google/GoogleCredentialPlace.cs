namespace Kiban.Loader.Stores.Google;

/// <summary>
/// The file with a Google credential: the key <c>credentials.json</c> of a Secret of type <c>kiban.dev/gcp-credentials</c> as a Secret volume mounts
/// it, or the file that <c>GOOGLE_APPLICATION_CREDENTIALS</c> names, or the one that gcloud leaves in the home directory.
/// </summary>
internal sealed class GoogleCredentialPlace
{
    /// <summary>The file that tells a directory with a Google credential.</summary>
    public const string MarkingFile = "credentials.json";

    private readonly SecretFiles _files;
    private readonly string _name;

    private GoogleCredentialPlace(string directory, string name)
    {
        _files = new SecretFiles(directory, name);
        _name = name;
        Origin = Path.Combine(directory, name);
    }

    /// <summary>What it is called in messages.</summary>
    public string Origin { get; }

    /// <summary>The project that the Secret names; null where it names none.</summary>
    public string? Project => _name == MarkingFile ? _files.Find("project") : null;

    /// <summary>A directory with the keys of a Secret.</summary>
    public static GoogleCredentialPlace InDirectory(string directory) => new(directory, MarkingFile);

    /// <summary>What the environment names; null where there is nothing.</summary>
    /// <exception cref="StoreException">It names a file that is not there.</exception>
    public static GoogleCredentialPlace? OfEnvironment(Func<string, string?> environment)
    {
        if (environment("GOOGLE_APPLICATION_CREDENTIALS") is { Length: > 0 } named)
        {
            var path = Path.GetFullPath(named);
            return File.Exists(path)
                ? new GoogleCredentialPlace(Path.GetDirectoryName(path)!, Path.GetFileName(path))
                : throw new StoreException(StoreFailure.BadCredential, $"There is no file {named}, which GOOGLE_APPLICATION_CREDENTIALS names.");
        }

        const string Default = "application_default_credentials.json";
        var directory = environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "gcloud") : null;
        return directory is not null && File.Exists(Path.Combine(directory, Default)) ? new GoogleCredentialPlace(directory, Default) : null;
    }

    /// <summary>Tells one state of the file from another.</summary>
    public SecretFiles.Fingerprint TakeFingerprint() => _files.TakeFingerprint();

    /// <summary>Reads the file.</summary>
    /// <exception cref="StoreException">It is not there, or is no credential.</exception>
    public CredentialFile Read() => CredentialFile.Parse(_files.Require(_name), Origin);
}
