using Kiban.Credentials.Api;
using Kiban.Credentials.Tests.Golden;
using Kiban.Testing.Golden;

namespace Kiban.Credentials.Tests.Admission;

/// <summary>deploy/admission-policy says in CEL what the final check says in C#; here is what they have to agree on.</summary>
public sealed class AdmissionPolicyTests
{
    private static readonly string Policy = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "pods-with-credentials.yaml"));

    [Theory]
    [InlineData(CredentialsApi.Aws.Annotation)]
    [InlineData(CredentialsApi.Gcp.Annotation)]
    [InlineData(CredentialsApi.ContainersAnnotation)]
    [InlineData(CredentialsApi.Aws.VolumeName)]
    [InlineData(CredentialsApi.Gcp.VolumeName)]
    [InlineData("AWS_SHARED_CREDENTIALS_FILE")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS")]
    public void Policy_uses_the_identifiers_of_this_part(string identifier) => Policy.ShouldContain($"'{identifier}'");

    [Fact]
    public void Binding_refuses_by_the_ServiceAccounts_of_the_Pods_namespace()
    {
        var documents = Yaml.Documents(Policy);

        documents.Select(document => (string?)document["kind"]).ShouldBe(["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]);
        ((string?)documents[0]["spec"]!["paramKind"]!["kind"]).ShouldBe("ServiceAccount");
        documents[1]["spec"]!["paramRef"]!.ToJsonString().ShouldBe("""{"selector":{},"parameterNotFoundAction":"Allow"}""");
        documents[1]["spec"]!["validationActions"]!.ToJsonString().ShouldBe("""["Deny"]""");
    }
}
