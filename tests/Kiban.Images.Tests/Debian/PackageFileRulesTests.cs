using Kiban.Images.Debian;

namespace Kiban.Images.Tests.Debian;

public sealed class PackageFileRulesTests
{
    [Theory]
    [InlineData("./usr/bin/python3.11", "usr/bin/python3.11")]
    [InlineData("./bin/busybox", "usr/bin/busybox")]
    [InlineData("./lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2")]
    [InlineData("./libexec/tool", "libexec/tool")]
    [InlineData("./etc/ssl/certs/", "etc/ssl/certs")]
    [InlineData("./usr/share/doc/libc6/copyright", "usr/share/doc/libc6/copyright")]
    public void File_has_its_place(string path, string place) => PackageFileRules.Place(path, isFolderOrLink: false).ShouldBe(place);

    [Theory]
    [InlineData("./")]
    [InlineData("./usr/share/man/man1/bash.1.gz")]
    [InlineData("./usr/share/locale/de/LC_MESSAGES/dpkg.mo")]
    [InlineData("./usr/share/doc/libc6/changelog.Debian.gz")]
    public void What_no_program_reads_is_left_out(string path) => PackageFileRules.Place(path, isFolderOrLink: false).ShouldBeNull();

    [Fact]
    public void Link_to_another_packages_copyright_stays() =>
        PackageFileRules.Place("./usr/share/doc/libgcc-s1", isFolderOrLink: true).ShouldBe("usr/share/doc/libgcc-s1");
}
