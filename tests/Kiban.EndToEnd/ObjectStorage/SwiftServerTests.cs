using System.Net;

namespace Kiban.EndToEnd.ObjectStorage;

public sealed class SwiftServerTests
{
    [Fact]
    public async Task Bucket_is_private()
    {
        var cancel = TestContext.Current.CancellationToken;
        var user = new SwiftUser("owner", "reader", "key");
        await using var swift = await SwiftServer.StartAsync(IPAddress.Loopback, [user], cancel);
        await swift.CreateBucketAsync(user, "private", new Dictionary<string, string> { ["object"] = "content" }, cancel);

        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(swift.Endpoint, "private?list-type=2"), cancel);

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed);
    }
}
