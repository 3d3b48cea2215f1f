using Kiban.Images.Building;

namespace Kiban.Images.Tests;

/// <summary>Builders with caches of their own, so that nothing built before can hide a difference.</summary>
public sealed class ImageFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kiban-images-").FullName;

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Kiban.Testing.Repository.Root;

    /// <summary>A builder with the cache of that name.</summary>
    public ImageBuilder NewBuilder(string cache, Action<string>? progress = null) =>
        new(
            new ImageBuilderOptions
            {
                Root = Root,
                CacheFolder = Path.Combine(_folder, cache),
                Created = DateTimeOffset.UnixEpoch,
            },
            new Reporter(progress ?? (message => TestContext.Current.SendDiagnosticMessage(message))),
            TimeProvider.System);

    public async Task<string> WriteArchiveAsync(ImageBuilder builder, BuiltImage image, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, $"{image.Name}-{Guid.NewGuid():n}.tar");
        await using var file = File.Create(path);
        await builder.WriteArchiveAsync(image, file, cancellationToken);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Reporter(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
