using k8s.Models;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>The configuration of the webhooks that only judge objects.</summary>
[KubernetesEntity(
    Group = "admissionregistration.k8s.io", ApiVersion = "v1", Kind = "ValidatingWebhookConfiguration", PluralName = "validatingwebhookconfigurations")]
internal sealed class ValidatingWebhookConfiguration : WebhookConfiguration;
