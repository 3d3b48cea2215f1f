using Kiban.EndToEnd.Cluster;
using Kiban.EndToEnd.Google;
using Kiban.EndToEnd.Images;

namespace Kiban.EndToEnd.Credentials;

public sealed class GooglePodTests(EndToEndCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Googles_library_finds_the_key_in_a_Pod_and_exchanges_it_for_a_token()
    {
        var team = await cluster.CreateNamespaceAsync("google");
        using var key = new GoogleKey();
        var host = $"oauth2.{team.Name}.svc.cluster.local";
        await using var endpoint = await TokenEndpoint.StartAsync(host, key.PublicKey, Cancel);
        await team.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: oauth2 }
            spec:
              ports: [{ port: 443, targetPort: {{endpoint.Port}} }]
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: { name: oauth2 }
            subsets:
              - addresses: [{ ip: {{cluster.HostAddress}} }]
                ports: [{ port: {{endpoint.Port}} }]
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: authority }
            data:
              ca.crt: |
            {{Indent(endpoint.AuthorityPem, 4)}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: { name: loader }
            type: kiban.dev/gcp-credentials
            stringData:
              credentials.json: |
                {{key.File($"https://{host}/token")}}
            """,
            Cancel);

        await team.ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: main
              annotations: { credentials.kiban.dev/gcp: loader }
            spec:
              restartPolicy: Never
              containers:
                - name: main
                  image: {{TestImages.Google.Reference}}
                  imagePullPolicy: Never
                  env: [{ name: REQUESTS_CA_BUNDLE, value: /authority/ca.crt }]
                  volumeMounts: [{ name: authority, mountPath: /authority }]
                  command:
                    - python3
                    - -c
                    - |
                      import time
                      import google.auth
                      import google.auth.exceptions
                      import google.auth.transport.requests
                      credentials, project = google.auth.default(scopes=["https://www.googleapis.com/auth/devstorage.read_only"])
                      while not credentials.valid:
                          try:
                              credentials.refresh(google.auth.transport.requests.Request())
                          except google.auth.exceptions.TransportError:
                              time.sleep(1)  # the Service is as young as this Pod
                      print(credentials.service_account_email, project, credentials.token)
              volumes:
                - name: authority
                  configMap: { name: authority }
            """,
            Cancel);

        (await team.WaitForEndAsync("main", Cancel)).ShouldBe("Succeeded", await team.LogsAsync("main", Cancel));
        (await team.LogsAsync("main", Cancel)).Trim().ShouldBe($"{GoogleKey.Email} {GoogleKey.Project} {TokenEndpoint.Token}");
    }

    private static string Indent(string text, int columns) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', columns) + line));
}
