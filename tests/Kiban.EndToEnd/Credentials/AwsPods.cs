using Kiban.EndToEnd.Cluster;
using Kiban.EndToEnd.Images;

namespace Kiban.EndToEnd.Credentials;

/// <summary>Pods with the unmodified AWS client.</summary>
internal static class AwsPods
{
    /// <summary>
    /// Shell command that lists a bucket. The client of Debian 12 (2.9) is older than the variable <c>AWS_ENDPOINT_URL</c> (2.13), so it is
    /// passed on; STORE is for Pods in which nothing was injected, so that they fail for want of a key and not of an address.
    /// </summary>
    public static string ListBucket(string bucket) => $$"""aws --endpoint-url "${AWS_ENDPOINT_URL:-$STORE}" s3 ls s3://{{bucket}}/""";

    /// <summary>A Pod in YAML that runs a shell command once.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="script">The command.</param>
    /// <param name="cluster">Knows the S3 server.</param>
    /// <param name="annotations">Annotations in YAML flow style.</param>
    /// <param name="serviceAccount">The ServiceAccount it runs as.</param>
    public static string Once(string name, string script, EndToEndCluster cluster, string annotations = "{}", string serviceAccount = "default") =>
        $"""
         apiVersion: v1
         kind: Pod
         metadata:
           name: {name}
           annotations: {annotations}
         spec:
           restartPolicy: Never
           serviceAccountName: {serviceAccount}
           containers:
             - name: main
               image: {TestImages.Aws.Reference}
               imagePullPolicy: Never
               command: [busybox, sh, -c, '{script}']
               env:
                 - name: STORE
                   value: {cluster.ObjectStore}
         """;
}
