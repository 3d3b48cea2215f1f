using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Kiban.Kubernetes.Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Kiban.Kubernetes.Admission;

/// <summary>The web server's listener for admission reviews.</summary>
public static class AdmissionKestrelExtensions
{
    /// <summary>
    /// Listens on <see cref="AdmissionOptions.Port"/> with the certificate of the Secret, as it is at each handshake; before there is one,
    /// handshakes fail. A slim builder needs <c>UseKestrelHttpsConfiguration()</c> too.
    /// </summary>
    public static KestrelServerOptions ListenAdmission(this KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<AdmissionOptions>();
        var certificate = kestrel.ApplicationServices.GetRequiredService<ServingCertificate>();
        // The API server keeps idle connections for 90 s. Were ours shorter, we might close one just as it sends a review, which it does not repeat.
        if (kestrel.Limits.KeepAliveTimeout < TimeSpan.FromMinutes(2))
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);

        if (options.ListenAddress.Equals(IPAddress.IPv6Any))
            kestrel.ListenAnyIP(options.Port, UseCertificate);
        else
            kestrel.Listen(options.ListenAddress, options.Port, UseCertificate);
        return kestrel;

        void UseCertificate(ListenOptions listen)
        {
            // Over HTTP/2 an API server sends everything down one connection, so to one replica, and no answer can ask it to connect
            // anew (kubernetes/kubernetes#75791).
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate.Context ?? throw new AuthenticationException("There is no serving certificate yet."),
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                }),
            });
        }
    }
}
