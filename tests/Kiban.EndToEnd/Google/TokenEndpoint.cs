using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kiban.EndToEnd.Google;

/// <summary>
/// Does what Google's token endpoint does with a service account's signed assertion
/// (<see href="https://developers.google.com/identity/protocols/oauth2/service-account#httprest"/>): checks it, and hands out a token.
/// Serves by TLS under names inside the cluster.
/// </summary>
public sealed class TokenEndpoint : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;

    private TokenEndpoint(WebApplication application, X509Certificate2 certificate)
    {
        _application = application;
        _certificate = certificate;
    }

    /// <summary>The token that it hands out.</summary>
    public const string Token = "ya29.token-of-the-test";

    /// <summary>Port on every address of the machine.</summary>
    public int Port => new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <summary>What clients must trust.</summary>
    public string AuthorityPem => _certificate.ExportCertificatePem();

    /// <summary>Starts it.</summary>
    /// <param name="hostName">Name that clients call it by.</param>
    /// <param name="key">Public key of the service account.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<TokenEndpoint> StartAsync(string hostName, RSA key, CancellationToken cancellationToken)
    {
        var certificate = SelfSigned(hostName);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, port: 0, listen => listen.UseHttps(certificate)));
        var application = builder.Build();
        application.MapPost("/token", async request =>
        {
            var form = await request.Request.ReadFormAsync(request.RequestAborted);
            if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" || !IsSignedBy(key, form["assertion"].ToString(), hostName))
            {
                request.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await request.Response.WriteAsync("""{"error": "invalid_grant"}""", request.RequestAborted);
                return;
            }

            request.Response.ContentType = "application/json";
            await request.Response.WriteAsync(
                new JsonObject { ["access_token"] = Token, ["token_type"] = "Bearer", ["expires_in"] = 3600 }.ToJsonString(),
                request.RequestAborted);
        });
        await application.StartAsync(cancellationToken);
        return new TokenEndpoint(application, certificate);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _certificate.Dispose();
    }

    private static bool IsSignedBy(RSA key, string assertion, string hostName)
    {
        if (assertion.Split('.') is not [var header, var claims, var signature])
            return false;
        var body = JsonNode.Parse(Base64Url.DecodeFromChars(claims))!;
        return body["iss"]!.GetValue<string>() == GoogleKey.Email
            && new Uri(body["aud"]!.GetValue<string>()).Host == hostName
            && key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static X509Certificate2 SelfSigned(string hostName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
