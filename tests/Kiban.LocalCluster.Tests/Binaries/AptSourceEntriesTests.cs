using Kiban.LocalCluster.Binaries.Debian;

namespace Kiban.LocalCluster.Tests.Binaries;

public class AptSourceEntriesTests
{
    [Fact]
    public void Deb822_stanza_becomes_one_for_source_packages_with_the_same_keys()
    {
        var entries = AptSourceEntries.Derive([("debian.sources", """
            Types: deb
            # the machine's mirror
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main
            Architectures: amd64
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
            """)]);

        entries.OneLine.ShouldBeEmpty();
        entries.Deb822.ShouldBe("""
            Types: deb-src
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            """);
    }

    [Fact]
    public void Stanzas_are_separated_and_disabled_ones_left_out()
    {
        var entries = AptSourceEntries.Derive([("debian.sources", """
            Types: deb deb-src
            URIs: http://one.example/debian
            Suites: bookworm
            Components: main

            Enabled: no
            Types: deb
            URIs: http://two.example/debian
            Suites: bookworm
            Components: main


            types: deb
            uris: http://three.example/security
            suites: bookworm-security
            components: main
            """)]);

        entries.Deb822.Split("\n\n").Length.ShouldBe(2);
        entries.Deb822.ShouldContain("http://one.example/debian");
        entries.Deb822.ShouldContain("http://three.example/security");
        entries.Deb822.ShouldNotContain("two.example");
        entries.Deb822.ShouldNotContain("Types: deb\n");
    }

    [Fact]
    public void Key_that_stands_in_the_stanza_is_kept_with_its_lines()
    {
        var entries = AptSourceEntries.Derive([("debian.sources", "Types: deb\nURIs: http://m.example/debian\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n")]);

        entries.Deb822.ShouldEndWith("Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n");
    }

    [Theory]
    [InlineData("deb http://m.example/debian bookworm main", "deb-src http://m.example/debian bookworm main\n")]
    [InlineData("deb [arch=amd64 signed-by=/k.gpg] http://m.example/debian bookworm main contrib # mine", "deb-src [signed-by=/k.gpg] http://m.example/debian bookworm main contrib\n")]
    [InlineData("deb [ arch=amd64 ] http://m.example/debian bookworm main", "deb-src http://m.example/debian bookworm main\n")]
    [InlineData("deb-src http://m.example/debian bookworm main", "deb-src http://m.example/debian bookworm main\n")]
    [InlineData("# deb http://m.example/debian bookworm main", "")]
    [InlineData("debug http://m.example/debian bookworm main", "")]
    [InlineData("", "")]
    public void One_line_entry_becomes_one_for_source_packages(string line, string expected) =>
        AptSourceEntries.Derive([("/etc/apt/sources.list", line)]).OneLine.ShouldBe(expected);

    [Fact]
    public void Entry_that_is_there_for_both_kinds_of_packages_appears_once() =>
        AptSourceEntries.Derive([("/etc/apt/sources.list", "deb http://m.example/debian bookworm main\ndeb-src http://m.example/debian bookworm main\n")])
            .OneLine.ShouldBe("deb-src http://m.example/debian bookworm main\n");

    [Fact]
    public void Files_that_apt_would_not_read_are_not_read()
    {
        var entries = AptSourceEntries.Derive([("backup.list.save", "deb http://m.example/debian bookworm main"), ("old.sources.disabled", "Types: deb\nURIs: http://m.example")]);

        entries.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("1.20.2+really1.20.2-1.1", "v1.20.2")]
    [InlineData("1.20.2-1", "v1.20.2")]
    [InlineData("2:1.33.4+ds-1~bpo12+1", "v1.33.4")]
    public void Source_package_tells_the_release_it_holds(string debianVersion, string release) =>
        SourcePackage.Parse($"Package: kubernetes\nVersion: {debianVersion}\nStandards-Version: 4.5.0\n").ShouldHaveSingleItem().Version.ToString().ShouldBe(release);
}
