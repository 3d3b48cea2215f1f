using Kiban.Sources;

namespace Kiban.Datasets.Tests.Sources;

public sealed class SourceUriTests
{
    [Theory]
    [InlineData("s3://bucket", SourceScheme.S3, "bucket", "", true)]
    [InlineData("s3://bucket/", SourceScheme.S3, "bucket", "", true)]
    [InlineData("s3://bucket/a/b/", SourceScheme.S3, "bucket", "a/b/", true)]
    [InlineData("gs://bucket.example.com/a/b", SourceScheme.Gcs, "bucket.example.com", "a/b", false)]
    [InlineData("s3://bucket/with%20space/100%25/", SourceScheme.S3, "bucket", "with space/100%/", true)]
    [InlineData("S3://bucket/ä/", SourceScheme.S3, "bucket", "ä/", true)]
    [InlineData("https://host:8443/a/file.tar", SourceScheme.Web, "host:8443", "a/file.tar", false)]
    public void Address_is_read(string text, SourceScheme scheme, string container, string key, bool isTree)
    {
        SourceUri.TryParse(text, out var source, out var mistake).ShouldBeTrue(mistake);
        (source!.Scheme, source.Container, source.Key, source.IsTree).ShouldBe((scheme, container, key, isTree));
        SourceUri.TryParse(source.Canonical, out var again, out _).ShouldBeTrue();
        again.ShouldBe(source);
    }

    [Theory]
    [InlineData("bucket/prefix", "s3://bucket/prefix/")]
    [InlineData("ftp://host/file", "s3://bucket/prefix/")]
    [InlineData("s3:///prefix", "bucket name is empty")]
    [InlineData("s3://ab/", "has 2 characters; 3 to 63 are wanted")]
    [InlineData("s3://Bucket/", "the character 'B'")]
    [InlineData("s3://-bucket/", "begin and end with a letter or digit")]
    [InlineData("gs://bucket/a?generation=1", "? or #")]
    [InlineData("s3://bucket/100%/", "%25")]
    [InlineData("http://host/file", "https:// is wanted")]
    [InlineData("https://host/dir/", "must name a file")]
    [InlineData("https://host/file#part", "never reaches a server")]
    public void Mistake_is_told_with_what_would_be_right(string text, string expected)
    {
        SourceUri.TryParse(text, out var source, out var mistake).ShouldBeFalse();
        source.ShouldBeNull();
        mistake.ShouldNotBeNull().ShouldContain(expected);
    }

    [Theory]
    [InlineData("https://user:s3cr3t@host/file")]
    [InlineData("https://host/file?X-Amz-Signature=s3cr3t")]
    [InlineData("ftp://user:s3cr3t@host/file")]
    [InlineData("http://user:s3cr3t@host/file?x=s3cr3t")]
    [InlineData("gs://bucket/a?key=s3cr3t")]
    [InlineData("s3://AKIA:s3cr3t@bucket/")]
    public void What_may_be_a_secret_is_refused_and_not_quoted(string text)
    {
        SourceUri.TryParse(text, out _, out var mistake).ShouldBeFalse();
        mistake.ShouldNotBeNull().ShouldNotContain("s3cr3t");
    }
}
