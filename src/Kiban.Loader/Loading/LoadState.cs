namespace Kiban.Loader.Loading;

/// <summary>What a load is doing.</summary>
/// <param name="Reason">For programs.</param>
/// <param name="Message">For people, one sentence.</param>
internal sealed record LoadState(LoadReason Reason, string Message);
