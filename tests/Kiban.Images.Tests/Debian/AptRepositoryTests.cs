using Kiban.Images.Debian;

namespace Kiban.Images.Tests.Debian;

public sealed class AptRepositoryTests
{
    [Fact]
    public void Plan_is_read_in_the_order_of_names()
    {
        const string plan = """
            Inst libc6 (2.36-9+deb12u14 Debian:12.15/oldstable [amd64]) []
            Inst gcc-12-base (12.2.0-14+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])
            Inst dbus [1.14.8-1] (1:1.14.10-1~deb12u1 Debian:12.15/oldstable [amd64])
            Inst ca-certificates (20250419~deb12u2 Debian-Security:12/oldstable-security [all])
            Conf gcc-12-base (12.2.0-14+deb12u1 Debian:12.15/oldstable [amd64])
            """;

        AptRepository.ParsePlan(plan).ShouldBe(
        [
            new DebianPackage("ca-certificates", "20250419~deb12u2", "all"),
            new DebianPackage("dbus", "1:1.14.10-1~deb12u1", "amd64"),
            new DebianPackage("gcc-12-base", "12.2.0-14+deb12u1", "amd64"),
            new DebianPackage("libc6", "2.36-9+deb12u14", "amd64"),
        ]);
    }

    [Fact]
    public void Epoch_is_escaped_in_the_file_name_as_apt_does_it() =>
        new DebianPackage("zlib1g", "1:1.2.13.dfsg-1", "amd64").FileName.ShouldBe("zlib1g_1%3a1.2.13.dfsg-1_amd64.deb");

    [Fact]
    public async Task Unknown_package_is_refused_by_name()
    {
        var folder = Directory.CreateTempSubdirectory("kiban-apt-");
        try
        {
            var apt = new AptRepository(folder.FullName, new Progress<string>());

            var refusal = await Should.ThrowAsync<CommandException>(
                apt.ResolveAsync(["no-such-package-anywhere"], [], TestContext.Current.CancellationToken));

            refusal.Message.ShouldContain("no-such-package-anywhere");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Left_out_dependency_brings_nothing_along()
    {
        var folder = Directory.CreateTempSubdirectory("kiban-apt-");
        try
        {
            var apt = new AptRepository(folder.FullName, new Progress<string>());

            var packages = await apt.ResolveAsync(["ca-certificates"], ["debconf", "openssl"], TestContext.Current.CancellationToken);

            packages.Select(package => package.Name).ShouldBe(["ca-certificates"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
