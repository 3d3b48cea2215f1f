namespace Kiban.LocalCluster.Pki;

/// <summary>A certificate and its private key, as PEM files.</summary>
public sealed record CertificateFiles(string CertificatePath, string KeyPath);
