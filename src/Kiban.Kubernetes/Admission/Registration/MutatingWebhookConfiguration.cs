using k8s.Models;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>The configuration of the webhooks that may change objects.</summary>
[KubernetesEntity(
    Group = "admissionregistration.k8s.io", ApiVersion = "v1", Kind = "MutatingWebhookConfiguration", PluralName = "mutatingwebhookconfigurations")]
internal sealed class MutatingWebhookConfiguration : WebhookConfiguration;
