using Kiban.EndToEnd.Images;

namespace Kiban.EndToEnd.Datasets;

/// <summary>Claims that ask for data, and Pods that use it.</summary>
internal static class DatasetManifests
{
    public static string Claim(string name, string source, string secret, string size = "1Gi", string more = "") =>
        $"""
         apiVersion: v1
         kind: PersistentVolumeClaim
         metadata:
           name: {name}
           annotations:
             dataset.kiban.dev/source: {source}
             dataset.kiban.dev/credentials: {secret}
             {more}
         spec:
           accessModes: [ReadWriteOnce]
           resources:
             requests:
               storage: {size}
         """;

    /// <summary>A Pod that runs a shell command once, with the claim at <c>/data</c>, as a user that is not root.</summary>
    public static string Pod(string name, string claim, string script) =>
        $"""
         apiVersion: v1
         kind: Pod
         metadata:
           name: {name}
         spec:
           restartPolicy: Never
           securityContext: {"{"} runAsNonRoot: true, runAsUser: 1234 {"}"}
           containers:
             - name: main
               image: {TestImages.Shell.Reference}
               imagePullPolicy: Never
               command: [/bin/busybox, sh, -c, '{script}']
               volumeMounts:
                 - name: data
                   mountPath: /data
           volumes:
             - name: data
               persistentVolumeClaim:
                 claimName: {claim}
         """;
}
