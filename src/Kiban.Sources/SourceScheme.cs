namespace Kiban.Sources;

/// <summary>How a source is reached.</summary>
public enum SourceScheme
{
    /// <summary>An S3 bucket, or one of an S3-compatible store (<c>s3://</c>).</summary>
    S3,

    /// <summary>A Google Cloud Storage bucket (<c>gs://</c>).</summary>
    Gcs,

    /// <summary>A file on a web server (<c>https://</c>, or <c>http://</c> where it is allowed).</summary>
    Web,
}
