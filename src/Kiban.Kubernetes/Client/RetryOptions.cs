namespace Kiban.Kubernetes.Client;

/// <summary>
/// When a request is sent again. Servers ask for it with <c>Retry-After</c>: a 429 that has it was not carried out, whatever the verb
/// (one without it, as an eviction that a disruption budget forbids, is an answer). 503, 504 and broken connections are tried again for reads only.
/// </summary>
public sealed record RetryOptions
{
    /// <summary>Times a request is sent again before its failure is the caller's.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>Longest wait before one retry; a server that asks for more gets its failure passed on at once.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First wait where the server names none; doubled with each retry.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
