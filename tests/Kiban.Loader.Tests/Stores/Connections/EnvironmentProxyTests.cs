using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Tests.Stores.Connections;

public sealed class EnvironmentProxyTests
{
    [Theory]
    [InlineData("https://bucket.s3.amazonaws.com/", null, "http://proxy:3128/")]
    [InlineData("http://plain.example/", null, null)]
    [InlineData("https://localhost/", null, null)]
    [InlineData("https://127.0.0.1:9000/", null, null)]
    [InlineData("https://store.example/", "example", null)]
    [InlineData("https://store.example/", ".example", null)]
    [InlineData("https://store.example/", "*.example", null)]
    [InlineData("https://store.example/", "other,store.example", null)]
    [InlineData("https://store.example/", "store.example:443", null)]
    [InlineData("https://store.example/", "store.example:8443", "http://proxy:3128/")]
    [InlineData("https://notexample/", "example", "http://proxy:3128/")]
    [InlineData("https://10.1.2.3/", "10.0.0.0/8", null)]
    [InlineData("https://11.1.2.3/", "10.0.0.0/8", "http://proxy:3128/")]
    [InlineData("https://10.1.2.3/", "10.1.2.3", null)]
    [InlineData("https://store.example/", "*", null)]
    public void Proxy_of_the_environment_is_used_but_for_what_is_excepted(string address, string? without, string? expected)
    {
        var variables = new Dictionary<string, string?> { ["https_proxy"] = "http://proxy:3128", ["NO_PROXY"] = without };
        var proxy = EnvironmentProxy.Read(variables.GetValueOrDefault).ShouldNotBeNull();
        var uri = new Uri(address);
        (proxy.IsBypassed(uri) ? null : proxy.GetProxy(uri)?.ToString()).ShouldBe(expected);
    }

    [Fact]
    public void No_variable_is_no_proxy() => EnvironmentProxy.Read(_ => null).ShouldBeNull();
}
