using System.Net;

namespace Kiban.ObjectStore.Testing;

/// <summary>How a test server is set up; what may change later is on the server and its buckets.</summary>
public sealed record TestObjectStoreOptions
{
    /// <summary>Address to listen on: loopback, or any, so that Pods reach it.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port of the S3 API; 0 for a free one.</summary>
    public int S3Port { get; init; }

    /// <summary>Port of Google's JSON API; 0 for a free one.</summary>
    public int GooglePort { get; init; }

    /// <summary>Port of the web server; 0 for a free one.</summary>
    public int WebPort { get; init; }

    /// <summary>Whether it serves by TLS, with a certificate of an authority of its own.</summary>
    public bool UsesTls { get; init; }

    /// <summary>Names that the certificate is for.</summary>
    public IReadOnlyList<string> TlsNames { get; init; } = ["localhost"];

    /// <summary>Whether the certificate is for loopback's address too.</summary>
    public bool TlsNamesLoopback { get; init; } = true;

    /// <summary>Whether buckets in host names are unknown to it.</summary>
    public bool IsPathStyleOnly { get; init; }

    /// <summary>Whether a request signed for another region is sent away with 301 rather than refused with 400.</summary>
    public bool RedirectsToRegion { get; init; }

    /// <summary>Clock that signatures, tokens and objects go by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
