using System.Text;
using Kiban.Images.Debian;

namespace Kiban.Images.Tests.Debian;

public sealed class CertificateBundleTests
{
    [Fact]
    public void Bundle_is_in_the_order_of_paths_and_each_certificate_ends_its_line()
    {
        var bundle = new CertificateBundle();
        bundle.Add("usr/share/ca-certificates/mozilla/B.crt", Encoding.ASCII.GetBytes("b"));
        bundle.Add("usr/share/ca-certificates/mozilla/A.crt", Encoding.ASCII.GetBytes("a\n"));

        Encoding.ASCII.GetString(bundle.Build()!).ShouldBe("a\nb\n");
    }

    [Fact]
    public void Image_without_certificates_has_no_bundle() => new CertificateBundle().Build().ShouldBeNull();
}
