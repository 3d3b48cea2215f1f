namespace Kiban.Datasets.Loading;

/// <summary>What is to be said of a load: the condition without its times.</summary>
/// <param name="IsLoaded">Whether the data is there.</param>
/// <param name="Reason">One of <see cref="Api.LoadReasons"/>.</param>
/// <param name="Message">A sentence, or progress in numbers, for people.</param>
internal sealed record LoadStatus(bool IsLoaded, string Reason, string Message)
{
    /// <summary>Something that is waited for or under way.</summary>
    public static LoadStatus Waiting(string reason, string message) => new(false, reason, message);
}
