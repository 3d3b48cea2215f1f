namespace Kiban.Credentials.Api;

/// <summary>Every identifier of this part that a user, a manifest or another program may rely on.</summary>
public static class CredentialsApi
{
    /// <summary>Prefix of this part's annotations and labels.</summary>
    public const string Prefix = "credentials.kiban.dev/";

    /// <summary>Pod annotation: comma-separated names of the containers that get credentials; absent = all of them.</summary>
    public const string ContainersAnnotation = Prefix + "containers";

    /// <summary>
    /// Label on a Pod or a Namespace: <c>"true"</c> refuses Pods while Kiban does not answer, on servers that cannot tell by
    /// themselves which Pods ask.
    /// </summary>
    public const string RequiredLabel = Prefix + "required";

    /// <summary>Value of a credential annotation that opts out.</summary>
    public const string None = "none";

    /// <summary>What concerns Google Cloud.</summary>
    public static class Gcp
    {
        /// <summary>Type of the Secrets.</summary>
        public const string SecretType = "kiban.dev/gcp-credentials";

        /// <summary>Annotation on a Pod or ServiceAccount: name of a Secret, or <c>none</c>.</summary>
        public const string Annotation = Prefix + "gcp";

        /// <summary>Required key: a <c>service_account</c> or <c>external_account</c> file.</summary>
        public const string CredentialsKey = "credentials.json";

        /// <summary>Optional key: project id, instead of the <c>project_id</c> in the file.</summary>
        public const string ProjectKey = "project";

        /// <summary>Key that Kiban writes: the project id in force, so that env can refer to it.</summary>
        public const string RenderedProjectKey = "rendered_project";

        /// <summary>Name of the injected volume.</summary>
        public const string VolumeName = "kiban-gcp-credentials";

        /// <summary>Where it is mounted.</summary>
        public const string MountPath = "/var/run/secrets/kiban.dev/gcp";
    }

    /// <summary>What concerns AWS and S3-compatible stores.</summary>
    public static class Aws
    {
        /// <summary>Type of the Secrets.</summary>
        public const string SecretType = "kiban.dev/aws-credentials";

        /// <summary>Annotation on a Pod or ServiceAccount: name of a Secret, or <c>none</c>.</summary>
        public const string Annotation = Prefix + "aws";

        /// <summary>Required key.</summary>
        public const string AccessKeyIdKey = "aws_access_key_id";

        /// <summary>Required key.</summary>
        public const string SecretAccessKeyKey = "aws_secret_access_key";

        /// <summary>Optional key; required with temporary (<c>ASIA…</c>) key ids.</summary>
        public const string SessionTokenKey = "aws_session_token";

        /// <summary>Optional key.</summary>
        public const string RegionKey = "region";

        /// <summary>Optional key: base URL of an S3-compatible store.</summary>
        public const string EndpointUrlKey = "endpoint_url";

        /// <summary>Optional key: PEM certificates that the endpoint's certificate chains to.</summary>
        public const string CaBundleKey = "ca_bundle";

        /// <summary>Key that Kiban writes: the AWS shared credentials file.</summary>
        public const string RenderedCredentialsKey = "credentials";

        /// <summary>Key that Kiban writes: the AWS config file.</summary>
        public const string RenderedConfigKey = "config";

        /// <summary>Name of the injected volume.</summary>
        public const string VolumeName = "kiban-aws-credentials";

        /// <summary>Where it is mounted.</summary>
        public const string MountPath = "/var/run/secrets/kiban.dev/aws";

        /// <summary>The CA bundle as containers see it; the rendered config names it.</summary>
        public const string CaBundlePath = MountPath + "/" + CaBundleKey;
    }

    /// <summary>
    /// IAM roles for ServiceAccounts, by the annotations of
    /// <see href="https://github.com/aws/amazon-eks-pod-identity-webhook">amazon-eks-pod-identity-webhook</see>.
    /// </summary>
    public static class EksRole
    {
        /// <summary>Prefix of the annotations.</summary>
        public const string Prefix = "eks.amazonaws.com/";

        /// <summary>ServiceAccount annotation: the role.</summary>
        public const string RoleArnAnnotation = Prefix + "role-arn";

        /// <summary>ServiceAccount annotation: audience of the token.</summary>
        public const string AudienceAnnotation = Prefix + "audience";

        /// <summary>ServiceAccount annotation: <c>"true"</c> sets <c>AWS_STS_REGIONAL_ENDPOINTS=regional</c>.</summary>
        public const string RegionalEndpointsAnnotation = Prefix + "sts-regional-endpoints";

        /// <summary>Pod (first) or ServiceAccount annotation: lifetime of the token in seconds.</summary>
        public const string TokenExpirationAnnotation = Prefix + "token-expiration";

        /// <summary>Pod annotation: comma-separated containers that are left alone.</summary>
        public const string SkipContainersAnnotation = Prefix + "skip-containers";

        /// <summary>Pod label: with any value, the Pod is left alone.</summary>
        public const string SkipLabel = Prefix + "skip-pod-identity-webhook";

        /// <summary>Name of the injected volume.</summary>
        public const string VolumeName = "aws-iam-token";

        /// <summary>Where it is mounted.</summary>
        public const string MountPath = "/var/run/secrets/eks.amazonaws.com/serviceaccount";

        /// <summary>Audience where no annotation says otherwise.</summary>
        public const string DefaultAudience = "sts.amazonaws.com";
    }

    /// <summary>
    /// Workload identity federation in direct mode, by the annotations of
    /// <see href="https://github.com/pfnet-research/gcp-workload-identity-federation-webhook">gcp-workload-identity-federation-webhook</see>.
    /// </summary>
    public static class WorkloadIdentity
    {
        /// <summary>Prefix of the annotations.</summary>
        public const string Prefix = "cloud.google.com/";

        /// <summary>ServiceAccount annotation: <c>projects/N/locations/global/workloadIdentityPools/P/providers/X</c>.</summary>
        public const string ProviderAnnotation = Prefix + "workload-identity-provider";

        /// <summary>ServiceAccount annotation: Google service account to impersonate.</summary>
        public const string ServiceAccountEmailAnnotation = Prefix + "service-account-email";

        /// <summary>ServiceAccount annotation: audience of the token.</summary>
        public const string AudienceAnnotation = Prefix + "audience";

        /// <summary>ServiceAccount annotation: only <c>direct</c> is served.</summary>
        public const string InjectionModeAnnotation = Prefix + "injection-mode";

        /// <summary>Pod (first) or ServiceAccount annotation: lifetime of the token in seconds.</summary>
        public const string TokenExpirationAnnotation = Prefix + "token-expiration";

        /// <summary>Pod annotation: comma-separated containers that are left alone.</summary>
        public const string SkipContainersAnnotation = Prefix + "skip-containers";

        /// <summary>Pod annotation that carries the <c>external_account</c> JSON into the Pod.</summary>
        public const string ExternalCredentialsAnnotation = Prefix + "external-credentials-json";

        /// <summary>Name of the token volume.</summary>
        public const string TokenVolumeName = "gcp-iam-token";

        /// <summary>Where the token is mounted.</summary>
        public const string TokenMountPath = "/var/run/secrets/sts.googleapis.com/serviceaccount";

        /// <summary>Name of the volume with the <c>external_account</c> JSON.</summary>
        public const string ConfigVolumeName = "external-credential-config";

        /// <summary>Where it is mounted.</summary>
        public const string ConfigMountPath = "/var/run/secrets/workload-identity";

        /// <summary>File name in it.</summary>
        public const string ConfigFileName = "federation.json";

        /// <summary>Audience where no annotation says otherwise.</summary>
        public const string DefaultAudience = "sts.googleapis.com";
    }
}
