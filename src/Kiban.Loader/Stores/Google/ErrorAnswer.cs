namespace Kiban.Loader.Stores.Google;

/// <summary>A refusal of the JSON API (<see href="https://cloud.google.com/storage/docs/json_api/v1/status-codes"/>).</summary>
internal sealed record ErrorAnswer
{
    /// <summary>What is wrong.</summary>
    public Body? Error { get; init; }

    internal sealed record Body
    {
        /// <summary>For people.</summary>
        public string? Message { get; init; }

        /// <summary>Each fault.</summary>
        public IReadOnlyList<Fault>? Errors { get; init; }
    }

    internal sealed record Fault
    {
        /// <summary>Stable reason.</summary>
        public string? Reason { get; init; }
    }
}
