namespace Kiban.Images.Definitions;

/// <summary>A program of this repository that <c>dotnet publish</c> makes ready to run in an image.</summary>
public sealed record PublishedProgram
{
    /// <summary>Folder of the program inside images.</summary>
    public const string Folder = "/app";

    /// <summary>Project file, relative to the repository's root.</summary>
    public required string Project { get; init; }

    /// <summary>File name of the program, which is the project's assembly name.</summary>
    public required string FileName { get; init; }
}
