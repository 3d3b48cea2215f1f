using Kiban.Loader.Stores.Google;
using Kiban.Loader.Stores.S3;
using Kiban.Loader.Stores.Web;
using Kiban.Sources;

namespace Kiban.Loader.Stores;

/// <summary>Opens the stores that sources name.</summary>
internal sealed class StoreFactory
{
    private readonly StoreOptions _options;
    private readonly string? _awsDirectory;
    private readonly string? _googleDirectory;

    /// <param name="options">What is the same for all sources.</param>
    /// <exception cref="StoreException">A credential directory is not one (<see cref="StoreFailure.BadCredential"/>).</exception>
    public StoreFactory(StoreOptions options)
    {
        _options = options;
        foreach (var directory in options.CredentialDirectories)
        {
            var isAws = File.Exists(Path.Combine(directory, AwsSecretDirectory.MarkingFile));
            var isGoogle = File.Exists(Path.Combine(directory, GoogleCredentialPlace.MarkingFile));
            if (!isAws && !isGoogle)
            {
                throw new StoreException(StoreFailure.BadCredential,
                    $"The credential directory {directory} holds neither {AwsSecretDirectory.MarkingFile} nor {GoogleCredentialPlace.MarkingFile}; "
                    + "give one with the keys of a Secret of type kiban.dev/aws-credentials or kiban.dev/gcp-credentials.");
            }

            if (isAws)
                _awsDirectory ??= directory;
            if (isGoogle)
                _googleDirectory ??= directory;
        }
    }

    /// <summary>The store of a source. Nothing is asked of it yet.</summary>
    /// <exception cref="StoreException">The credential or the certificate bundle cannot be used (<see cref="StoreFailure.BadCredential"/>).</exception>
    public IObjectStore Create(SourceUri source) => source.Scheme switch
    {
        SourceScheme.S3 => new S3Store(source, AwsSettings(), _options),
        SourceScheme.Gcs => new GoogleStore(source, GooglePlace(), _options),
        SourceScheme.Web => new WebStore(source, _options),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source.Scheme, "There is no store of that scheme."),
    };

    private IAwsSettingsSource AwsSettings()
    {
        IAwsSettingsSource source = _awsDirectory is not null ? new AwsSecretDirectory(_awsDirectory) : new AwsEnvironment(_options.Environment);
        return _options.IsAnonymous ? new AnonymousAws(source) : source;
    }

    private GoogleCredentialPlace? GooglePlace() => (_options.IsAnonymous, _googleDirectory) switch
    {
        (true, _) => null,
        (_, { } directory) => GoogleCredentialPlace.InDirectory(directory),
        _ => GoogleCredentialPlace.OfEnvironment(_options.Environment),
    };
}
