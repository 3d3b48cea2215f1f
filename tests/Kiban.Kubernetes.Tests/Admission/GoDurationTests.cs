using Kiban.Kubernetes.Admission;

namespace Kiban.Kubernetes.Tests.Admission;

public class GoDurationTests
{
    [Theory]
    [InlineData("5s", 5_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1h", 3_600_000)]
    public void Durations_of_Go_are_read(string text, int milliseconds) =>
        GoDuration.Parse(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("0s")]
    [InlineData("5x")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999h")]
    public void What_is_none_is_none(string text) => GoDuration.Parse(text).ShouldBeNull();
}
