namespace Kiban.Datasets.Api;

/// <summary>That a volume is a generic ephemeral one; its template is read at admission only.</summary>
public sealed class DatasetPodEphemeralVolume;
