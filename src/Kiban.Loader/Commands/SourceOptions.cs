using System.CommandLine;
using Kiban.Loader.Loading;
using Kiban.Loader.Planning;
using Kiban.Loader.Stores;
using Kiban.Sources;

namespace Kiban.Loader.Commands;

/// <summary>Options of every command that reads sources.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string[]> _sources = new("--source", "-s")
    {
        Description = "s3://bucket/prefix/, gs://bucket/prefix/ or https://host/file; may be repeated. With a slash at its end all that is below, else the object of that key, or what is below key/",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string[]> _include = new("--include")
    {
        Description = "Load only what matches; several patterns, separated by commas or in several options",
        HelpName = "GLOB",
    };

    private readonly Option<string[]> _exclude = new("--exclude") { Description = "Load nothing that matches", HelpName = "GLOB" };

    private readonly Option<string?> _path = new("--path") { Description = "Directory below --into that the files go to", HelpName = "DIR" };

    private readonly Option<bool> _allowEmpty = new("--allow-empty") { Description = "Nothing to load is a success" };

    private readonly Option<string[]> _credentials = new("--credentials")
    {
        Description = "Directory with the keys of a Secret of type kiban.dev/aws-credentials or kiban.dev/gcp-credentials, one file each; may be given once for each cloud. Without it the clouds' usual variables and files are used",
        HelpName = "DIR",
    };

    private readonly Option<bool> _anonymous = new("--anonymous") { Description = "Use no credential" };

    private readonly Option<string?> _s3Endpoint = new("--endpoint-url") { Description = "Base address of an S3-compatible store", HelpName = "URL" };

    private readonly Option<string?> _googleEndpoint = new("--gcs-endpoint-url") { Description = "Base address of the API of Google Cloud Storage", HelpName = "URL" };

    private readonly Option<string?> _caBundle = new("--ca-bundle") { Description = "PEM file of certificate authorities to trust besides the machine's", HelpName = "FILE" };

    private readonly Option<string?> _project = new("--requester-pays") { Description = "Google project that pays for the requests", HelpName = "PROJECT" };

    private readonly Option<bool> _allowHttp = new("--allow-http") { Description = "Take http:// sources, which nothing protects on their way" };

    private readonly Option<string?> _terminationLog = new("--termination-log")
    {
        Description = "File for the last words, one JSON object; without it /dev/termination-log where a container has one",
        HelpName = "FILE",
    };

    private readonly Option<string?> _output = new("--output", "-o") { Description = "text or json; without it text on a terminal, else JSON lines", HelpName = "FORM" };

    /// <summary>Gives them to a command.</summary>
    public SourceOptions(Command command)
    {
        Option[] options =
        [
            _sources, _include, _exclude, _path, _allowEmpty, _credentials, _anonymous, _s3Endpoint, _googleEndpoint, _caBundle, _project, _allowHttp,
            _terminationLog, _output,
        ];
        foreach (var option in options)
            command.Options.Add(option);
    }

    /// <summary>Where the last words go.</summary>
    public string? TerminationLog(ParseResult parsed) => parsed.GetValue(_terminationLog);

    /// <summary>Whether output is for programs.</summary>
    /// <exception cref="LoadException">The form is unknown.</exception>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_output) switch
    {
        null => Console.IsOutputRedirected,
        "json" => true,
        "text" => false,
        var other => throw Wrong($"--output is \"{other}\"; text or json is wanted."),
    };

    /// <summary>Opens the sources.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="connections">Most connections to each.</param>
    /// <param name="time">Clock of the stores.</param>
    /// <exception cref="LoadException">An address or a credential is wrong.</exception>
    public IReadOnlyList<LoadSource> OpenSources(ParseResult parsed, int connections, TimeProvider time)
    {
        try
        {
            var factory = new StoreFactory(new StoreOptions
            {
                CredentialDirectories = parsed.GetValue(_credentials) ?? [],
                IsAnonymous = parsed.GetValue(_anonymous),
                S3Endpoint = Address(parsed, _s3Endpoint),
                GoogleEndpoint = Address(parsed, _googleEndpoint),
                CertificateBundle = parsed.GetValue(_caBundle),
                RequesterPaysProject = parsed.GetValue(_project),
                MaxConnections = connections,
                Time = time,
            });
            return [.. Uris(parsed).Select(uri => new LoadSource(uri.Canonical, factory.Create(uri)))];
        }
        catch (StoreException e)
        {
            throw StoreFailures.Ending(e);
        }
    }

    /// <summary>What of the sources is loaded, and how it is named.</summary>
    /// <exception cref="LoadException">A pattern or the path is wrong.</exception>
    public LoadOptions Read(ParseResult parsed, string into)
    {
        try
        {
            return new LoadOptions
            {
                Into = into,
                Directory = Directory(parsed),
                Filter = PathFilter.Parse(parsed.GetValue(_include) ?? [], parsed.GetValue(_exclude) ?? []),
                AllowsEmpty = parsed.GetValue(_allowEmpty),
            };
        }
        catch (FormatException e)
        {
            throw Wrong(e.Message);
        }
    }

    /// <summary>A wrong command line.</summary>
    public static LoadException Wrong(string message) => new(LoadReason.WrongArguments, message);

    private IEnumerable<SourceUri> Uris(ParseResult parsed)
    {
        foreach (var text in parsed.GetRequiredValue(_sources))
        {
            if (!SourceUri.TryParse(text, out var uri, out var mistake, parsed.GetValue(_allowHttp)))
                throw Wrong($"--source {mistake}.");
            yield return uri;
        }
    }

    private string Directory(ParseResult parsed)
    {
        var path = (parsed.GetValue(_path) ?? "").Trim('/');
        if (path.Length > 0 && PathRules.Problem(path, "") is { } problem)
            throw Wrong($"--path is \"{path}\", which {problem}.");
        return path;
    }

    private static Uri? Address(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw Wrong($"{option.Name} is not a web address; one such as https://s3.example.com is wanted.");
    }
}
