namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>AdmissionReviews as an API server sends them.</summary>
internal static class Reviews
{
    public const string Uid = "705ab4f5-6393-11e8-b7cc-42010a800002";

    public static string Create(string pod, string @namespace = "team-a", bool dryRun = false, string apiVersion = "admission.k8s.io/v1") => $$"""
        {
          "kind": "AdmissionReview", "apiVersion": "{{apiVersion}}",
          "request": {
            "uid": "{{Uid}}",
            "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "resource": {"group": "", "version": "v1", "resource": "pods"},
            "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
            "requestResource": {"group": "", "version": "v1", "resource": "pods"},
            "namespace": "{{@namespace}}", "operation": "CREATE",
            "userInfo": {"username": "alice", "groups": ["system:authenticated"]},
            "object": {{pod}}, "oldObject": null, "dryRun": {{(dryRun ? "true" : "false")}},
            "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}
          }
        }
        """;
}
