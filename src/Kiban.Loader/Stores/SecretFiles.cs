namespace Kiban.Loader.Stores;

/// <summary>Files of a mounted Secret. A kubelet replaces all of them at once when the Secret changes.</summary>
internal sealed class SecretFiles(string directory, params string[] names)
{
    private readonly string[] _paths = [.. names.Select(name => Path.Combine(directory, name))];
    private readonly string _link = Path.Combine(directory, "..data");

    /// <summary>Where they are.</summary>
    public string Directory => directory;

    /// <summary>Tells one state of the files from another, without reading them.</summary>
    public Fingerprint TakeFingerprint()
    {
        // In a Secret volume the files are links that stay as they are; what changes is where ..data leads.
        if (new FileInfo(_link).LinkTarget is { } target)
            return new Fingerprint(target, 0);
        var times = 0L;
        foreach (var path in _paths)
            times = (times * 31) + File.GetLastWriteTimeUtc(path).Ticks;
        return new Fingerprint(null, times);
    }

    /// <summary>Content of a file that has to be there.</summary>
    /// <exception cref="StoreException">It is not, or is empty.</exception>
    public string Require(string name) => Find(name) ?? throw new StoreException(
        StoreFailure.BadCredential, $"The credential in {directory} has no {name}, or an empty one; the Secret's key {name} is wanted.");

    /// <summary>Content of a file without white space around it; null where there is none, or it is empty.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public string? Find(string name)
    {
        var path = Path.Combine(directory, name);
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.BadCredential, $"The credential file {path} cannot be read ({e.GetType().Name}).", inner: e);
        }
    }

    /// <summary>A state of the files.</summary>
    internal readonly record struct Fingerprint(string? Target, long Times);
}
