using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.ObjectStore.Testing.Faults;

/// <summary>Something that goes wrong with a request. Bytes are counted in the answer's body, from 0.</summary>
public abstract record FaultAction
{
    private FaultAction()
    {
    }

    /// <summary>The connection is reset after so many bytes of the body; 0 is after the headers.</summary>
    public sealed record Reset(long AtByte) : FaultAction;

    /// <summary>The connection is reset instead of any answer.</summary>
    public sealed record ResetBeforeAnswer : FaultAction;

    /// <summary>Nothing more comes after so many bytes of the body, until the client goes away.</summary>
    public sealed record Stall(long AtByte) : FaultAction;

    /// <summary>No answer comes at all, until the client goes away.</summary>
    public sealed record StallBeforeAnswer : FaultAction;

    /// <summary>The body ends after so many bytes, with a <c>Content-Length</c> that promises all of them or says the truth.</summary>
    public sealed record Shorten(long AtByte, bool PromisesAll) : FaultAction;

    /// <summary>One byte of the body is another.</summary>
    public sealed record Corrupt(long AtByte) : FaultAction;

    /// <summary>Another answer instead, such as 503 <c>SlowDown</c>.</summary>
    public sealed record Answer(int Status, string Code) : FaultAction
    {
        /// <summary><c>Retry-After</c>, as it is sent.</summary>
        public string? RetryAfter { get; init; }

        /// <summary>The message of the error, as far as the protocol has one.</summary>
        public string Message { get; init; } = "Fault of the test.";
    }

    /// <summary>An answer with this body, whatever the protocol.</summary>
    public sealed record RawAnswer(int Status, string ContentType, string Body) : FaultAction;

    /// <summary>A header has another value, or is left out where the value is null.</summary>
    public sealed record Header(string Name, string? Value) : FaultAction;

    /// <summary>The range that was asked for is ignored: the whole object comes, with status 200.</summary>
    public sealed record IgnoreRange : FaultAction;

    /// <summary>The conditions of the request (<c>If-Match</c>, generation) are ignored.</summary>
    public sealed record IgnoreConditions : FaultAction;

    /// <summary>The object is another from this request on.</summary>
    public sealed record Change(ObjectContent Content) : FaultAction;

    /// <summary>The object is gone from this request on.</summary>
    public sealed record Remove : FaultAction;

    /// <summary>The answer begins later.</summary>
    public sealed record Delay(TimeSpan Time) : FaultAction;

    /// <summary>The body comes no faster than this, bytes a second.</summary>
    public sealed record Throttle(long BytesPerSecond) : FaultAction;
}
