using System.Text;

namespace Kiban.LocalCluster.Pki;

/// <summary>Writes kubeconfig files (<see href="https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/"/>) with everything embedded.</summary>
public static class Kubeconfig
{
    /// <summary>Renders a kubeconfig with one cluster, one user and one context, all called <paramref name="name"/>.</summary>
    public static string Render(string name, Uri server, string authorityPem, CertificateFiles client) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: {name}
          cluster:
            server: {server.GetLeftPart(UriPartial.Authority)}
            certificate-authority-data: {Encode(authorityPem)}
        users:
        - name: {name}
          user:
            client-certificate-data: {Encode(File.ReadAllText(client.CertificatePath))}
            client-key-data: {Encode(File.ReadAllText(client.KeyPath))}
        contexts:
        - name: {name}
          context:
            cluster: {name}
            user: {name}
        current-context: {name}

        """;

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
