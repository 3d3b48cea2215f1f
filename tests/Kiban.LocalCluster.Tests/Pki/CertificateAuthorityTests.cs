using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Kiban.LocalCluster.Pki;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.LocalCluster.Tests.Pki;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly CertificateProfile Server = CertificateProfile.Server("api", ["localhost", "kubernetes.default.svc"], [IPAddress.Loopback]);

    private readonly string _folder = Directory.CreateTempSubdirectory("kiban-pki-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Server_is_trusted_under_its_names_and_under_no_other()
    {
        var authority = CertificateAuthority.LoadOrCreate(_folder, "kiban", _time);
        var files = authority.Issue("server", Server);

        (await HandshakeAsync(files, "kubernetes.default.svc", authority)).ShouldBe(SslPolicyErrors.None);
        (await HandshakeAsync(files, "127.0.0.1", authority)).ShouldBe(SslPolicyErrors.None);
        (await HandshakeAsync(files, "wrong.example", authority)).ShouldBe(SslPolicyErrors.RemoteCertificateNameMismatch);
    }

    [Fact]
    public async Task Server_of_another_cluster_is_not_trusted()
    {
        var authority = CertificateAuthority.LoadOrCreate(Path.Combine(_folder, "one"), "kiban", _time);
        var other = CertificateAuthority.LoadOrCreate(Path.Combine(_folder, "two"), "kiban", _time);

        (await HandshakeAsync(other.Issue("server", Server), "localhost", authority)).ShouldBe(SslPolicyErrors.RemoteCertificateChainErrors);
    }

    [Fact]
    public void Client_certificate_carries_user_and_groups_and_is_no_server()
    {
        var authority = CertificateAuthority.LoadOrCreate(_folder, "kiban", _time);

        using var certificate = Load(authority.Issue("admin", CertificateProfile.Client("kubernetes-admin", "system:masters", "second")));

        certificate.Subject.ShouldContain("CN=kubernetes-admin");
        certificate.Subject.ShouldContain("O=system:masters");
        certificate.Subject.ShouldContain("O=second");
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()
            .ShouldHaveSingleItem().Value.ShouldBe("1.3.6.1.5.5.7.3.2");
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
    }

    [Fact]
    public void Certificate_that_fits_is_kept()
    {
        var before = File.ReadAllText(CertificateAuthority.LoadOrCreate(_folder, "kiban", _time).Issue("server", Server).CertificatePath);

        var after = File.ReadAllText(CertificateAuthority.LoadOrCreate(_folder, "kiban", _time).Issue("server", Server).CertificatePath);

        after.ShouldBe(before);
    }

    [Fact]
    public void Certificate_is_issued_anew_when_its_profile_changes_or_its_end_is_near()
    {
        var authority = CertificateAuthority.LoadOrCreate(_folder, "kiban", _time);
        var files = authority.Issue("server", Server);
        var first = File.ReadAllText(files.CertificatePath);

        authority.Issue("server", Server with { Addresses = [IPAddress.Loopback, IPAddress.Parse("10.96.0.1")] });
        var second = File.ReadAllText(files.CertificatePath);
        second.ShouldNotBe(first);

        _time.Advance(TimeSpan.FromDays(340));
        authority.Issue("server", Server with { Addresses = [IPAddress.Loopback, IPAddress.Parse("10.96.0.1")] });
        File.ReadAllText(files.CertificatePath).ShouldNotBe(second);
        using var renewed = Load(files);
        renewed.NotAfter.ToUniversalTime().ShouldBeGreaterThan(_time.GetUtcNow().AddDays(300).UtcDateTime);
    }

    [Fact]
    public void Pair_torn_by_a_crash_is_replaced()
    {
        var authority = CertificateAuthority.LoadOrCreate(_folder, "kiban", _time);
        var files = authority.Issue("server", Server);
        var other = authority.Issue("other", Server);
        File.Copy(other.KeyPath, files.KeyPath, overwrite: true);

        authority.Issue("server", Server);

        Should.NotThrow(() => Load(files).Dispose());
    }

    [Fact]
    public void Half_written_authority_is_replaced_and_with_it_what_it_issued()
    {
        var files = CertificateAuthority.LoadOrCreate(_folder, "kiban", _time).Issue("server", Server);
        var before = File.ReadAllText(files.CertificatePath);
        File.Delete(Path.Combine(_folder, "ca.crt"));

        CertificateAuthority.LoadOrCreate(_folder, "kiban", _time).Issue("server", Server);

        File.ReadAllText(files.CertificatePath).ShouldNotBe(before);
    }

    [Fact]
    public void Keys_can_be_read_by_their_owner_only()
    {
        var authority = CertificateAuthority.LoadOrCreate(_folder, "kiban", _time);

        File.GetUnixFileMode(authority.Files.KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(authority.Issue("server", Server).KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static X509Certificate2 Load(CertificateFiles files) => X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath);

    private static async Task<SslPolicyErrors> HandshakeAsync(CertificateFiles server, string name, CertificateAuthority trusted)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accept = listener.AcceptTcpClientAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var served = await accept;
        await using var serverStream = new SslStream(served.GetStream());
        using var certificate = Load(server);
        var serving = serverStream.AuthenticateAsServerAsync(certificate);
        var errors = SslPolicyErrors.None;
        await using var clientStream = new SslStream(client.GetStream());
        var connecting = clientStream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            CertificateChainPolicy = trusted.TrustPolicy(),
            RemoteCertificateValidationCallback = (_, _, _, found) =>
            {
                errors = found;
                return found == SslPolicyErrors.None;
            },
        });
        await Task.WhenAll(Settled(connecting), Settled(serving));
        return errors;

        // A refused handshake throws at both ends; what counts is why.
        static async Task Settled(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
