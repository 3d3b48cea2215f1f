using Kiban.Loader.Waiting;

namespace Kiban.Loader.Tests.Waiting;

public sealed class LoadedClaimsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a=\"b\"\n", "")]
    [InlineData("a=\"dataset.kiban.dev/loaded-claims\"\ndataset.kiban.dev/loaded-claims=\"one,two\"\nz=\"\"", "one two")]
    [InlineData("dataset.kiban.dev/loaded-claims=\"one\\u002ctwo\"", "one two")]
    [InlineData("dataset.kiban.dev/loaded-claims=\"\"", "")]
    [InlineData("x-dataset.kiban.dev/loaded-claims=\"one\"", "")]
    [InlineData("one,two", "one two")]
    public void The_annotation_is_found_among_others_or_alone(string text, string claims) =>
        LoadedClaims.Read(text).ShouldBe(claims.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
