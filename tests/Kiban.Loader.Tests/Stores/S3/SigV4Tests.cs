using System.Net.Http.Headers;
using Kiban.Loader.Stores.Connections;
using Kiban.Loader.Stores.S3;

namespace Kiban.Loader.Tests.Stores.S3;

/// <summary>The examples of <see href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"/>.</summary>
public sealed class SigV4Tests
{
    private static readonly DateTimeOffset Time = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly AwsCredential Credential = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null);

    [Fact]
    public void Published_example_of_an_object_with_a_range_has_its_signature()
    {
        using var request = Request("test.txt");
        request.Headers.Range = new RangeHeaderValue(0, 9);
        new SigV4().Sign(request, Credential, "us-east-1", Time, "range");
        AuthorizationOf(request).ShouldBe(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    [Theory]
    [InlineData("?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    public void Published_example_of_a_bucket_has_its_signature(string query, string signature)
    {
        using var request = Request(query);
        new SigV4().Sign(request, Credential, "us-east-1", Time);
        AuthorizationOf(request).ShouldEndWith($"SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature={signature}");
    }

    [Fact]
    public void Session_token_and_every_header_of_Amazons_are_signed()
    {
        using var request = Request("key");
        request.Headers.Add("x-amz-checksum-mode", "ENABLED");
        new SigV4().Sign(request, new AwsCredential("id", "secret", "token"), "eu-west-1", Time);
        AuthorizationOf(request).ShouldContain("SignedHeaders=host;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date;x-amz-security-token,");
        request.Headers.GetValues("x-amz-security-token").ShouldBe(["token"]);
    }

    [Fact]
    public void Another_day_region_or_key_has_another_signature()
    {
        var signer = new SigV4();
        var signatures = new[]
        {
            Sign(signer, Credential, "us-east-1", Time),
            Sign(signer, Credential, "us-east-1", Time.AddDays(1)),
            Sign(signer, Credential, "us-west-1", Time),
            Sign(signer, new AwsCredential("AKIAIOSFODNN7EXAMPLE", "another", null), "us-east-1", Time),
        };
        signatures.Distinct().Count().ShouldBe(4);
        Sign(signer, Credential, "us-east-1", Time).ShouldBe(signatures[0]);
    }

    private static string Sign(SigV4 signer, AwsCredential credential, string region, DateTimeOffset time)
    {
        using var request = Request("key");
        signer.Sign(request, credential, region, time);
        return AuthorizationOf(request).Split("Signature=")[1];
    }

    private static HttpRequestMessage Request(string target) => new(HttpMethod.Get, ExactUri.Create($"https://examplebucket.s3.amazonaws.com/{target}"));

    private static string AuthorizationOf(HttpRequestMessage request) => request.Headers.NonValidated["Authorization"].ToString();
}
