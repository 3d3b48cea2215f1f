namespace Kiban.Images;

/// <summary>An image could not be built or loaded. The message is one sentence for the person who asked for it.</summary>
public sealed class ImageBuildException : Exception
{
    /// <summary>Creates the exception with a sentence that says what failed.</summary>
    public ImageBuildException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a sentence that says what failed, and its cause.</summary>
    public ImageBuildException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
