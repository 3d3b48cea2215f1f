using Kiban.Loader.Planning;
using Kiban.Sources;

namespace Kiban.Loader.Tests.Planning;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("*.bin", "a.bin", true)]
    [InlineData("*.bin", "x/y/a.bin", true)]
    [InlineData("*.bin", "a.bin.txt", false)]
    [InlineData("/*.bin", "x/a.bin", false)]
    [InlineData("/*.bin", "a.bin", true)]
    [InlineData("x/*.bin", "x/a.bin", true)]
    [InlineData("x/*.bin", "x/y/a.bin", false)]
    [InlineData("x/**/a.bin", "x/a.bin", true)]
    [InlineData("x/**/a.bin", "x/y/z/a.bin", true)]
    [InlineData("x/**/a.bin", "xx/a.bin", false)]
    [InlineData("**/train/**", "a/train/b/c", true)]
    [InlineData("**/train/**", "train/c", true)]
    [InlineData("**/train/**", "a/train", false)]
    [InlineData("images/", "images/cat/1.png", true)]
    [InlineData("images/", "images", false)]
    [InlineData("images/", "other/images/1.png", false)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a?c", "a😀c", true)]
    [InlineData("shard-[0-4]*", "shard-3-of-8", true)]
    [InlineData("shard-[0-4]*", "shard-7-of-8", false)]
    [InlineData("[!.]*", ".hidden", false)]
    [InlineData("[!.]*", "shown", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("\\*.bin", "*.bin", true)]
    [InlineData("\\*.bin", "a.bin", false)]
    [InlineData("a*b*c*d", "axxbyyczzd", true)]
    [InlineData("a*b*c*d", "axxbyyczz", false)]
    [InlineData("A.bin", "a.bin", false)]
    public void A_pattern_takes_what_a_shell_would(string pattern, string path, bool matches) =>
        GlobPattern.Parse(pattern).Matches(path).ShouldBe(matches);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("[a-z")]
    [InlineData("a\\")]
    public void An_unfinished_pattern_is_refused_and_named(string pattern) =>
        Should.Throw<FormatException>(() => GlobPattern.Parse(pattern)).Message.ShouldContain($"\"{pattern}\"");

    [Fact]
    public void A_list_is_cut_at_commas_but_not_in_brackets_or_after_a_backslash() =>
        GlobPattern.ParseList("*.bin, x/[a,b]/* ,one\\,two,").Select(pattern => pattern.Text).ShouldBe(["*.bin", "x/[a,b]/*", "one\\,two"]);

    [Fact]
    public void Many_stars_take_no_time() =>
        GlobPattern.Parse(string.Concat(Enumerable.Repeat("*a", 40)) + "b").Matches(new string('a', 4000)).ShouldBeFalse();

    [Fact]
    public void A_filter_takes_what_is_included_and_not_excluded()
    {
        var filter = PathFilter.Parse(["*.bin,*.txt"], ["tmp/"]);

        filter.Takes("a.bin").ShouldBeTrue();
        filter.Takes("tmp/a.bin").ShouldBeFalse();
        filter.Takes("a.png").ShouldBeFalse();
        PathFilter.Parse([], ["*.tmp"]).Takes("a.png").ShouldBeTrue();
    }
}
