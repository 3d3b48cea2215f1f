using System.Net;
using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Stores;

/// <summary>What is the same for all sources of a load.</summary>
internal sealed record StoreOptions
{
    /// <summary>
    /// Directories with the keys of a typed Secret as files: <c>aws_access_key_id</c> and its companions, or <c>credentials.json</c>. Without any,
    /// the clouds' usual variables and files are looked at, and what is not found there is asked for anonymously.
    /// </summary>
    public IReadOnlyList<string> CredentialDirectories { get; init; } = [];

    /// <summary>Whether no credential is used, whatever there is.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Base address of the S3 API; null for the one that the credential names, or Amazon's.</summary>
    public Uri? S3Endpoint { get; init; }

    /// <summary>Base address of Google's JSON API; null for Google's.</summary>
    public Uri? GoogleEndpoint { get; init; }

    /// <summary>PEM file of certificate authorities to trust besides the machine's; null for none.</summary>
    public string? CertificateBundle { get; init; }

    /// <summary>The Google project that pays for buckets whose requesters pay.</summary>
    public string? RequesterPaysProject { get; init; }

    /// <summary>Most connections of a store.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>How long a server may take to answer with headers, or with a page of a listing.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection may take to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Environment variables.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Finds the addresses of a server.</summary>
    public Func<DnsEndPoint, CancellationToken, Task<IPEndPoint[]>> Resolve { get; init; } = AddressRotation.ResolveAsync;

    /// <summary>Clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
