using System.Text;
using System.Text.Json.Nodes;
using Kiban.Credentials.Tests.Fakes;
using Kiban.Credentials.Tests.Golden;
using Kiban.Testing.Golden;

namespace Kiban.Credentials.Tests.Validation;

/// <summary>Typed Secrets as users write them, and what they are told: testassets/secrets.</summary>
public sealed class SecretGoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names("secrets")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Secret_gets_the_expected_answer(string name)
    {
        var golden = new GoldenCase("secrets", name, KeyMaterial.Fill);
        var secret = Yaml.Document(golden.Read("secret.yaml"));
        var old = golden.Find("old.yaml") is { } yaml ? FakeCluster.MergeStringData(Yaml.Document(yaml)) : null;

        var outcome = await new FakeCluster(Options(golden)).AdmitSecretAsync(secret, old);

        golden.ShouldEqual("expected.txt", Describe(outcome));
    }

    private static CredentialsOptions Options(GoldenCase golden) => golden.Find("options.yaml") is { } yaml
        ? OptionsFile.Read(yaml)
        : new CredentialsOptions();

    // The rendered keys are shown as text. Key material differs from run to run, and never is among them.
    private static string Describe(Outcome outcome)
    {
        var text = new StringBuilder(outcome.Refusal is null ? "stored\n" : $"refused: {outcome.Refusal}\n");
        foreach (var warning in outcome.Warnings)
            text.Append("warning: ").Append(warning).Append('\n');
        if (outcome.Refusal is not null || outcome.Object?["data"] is not JsonObject data)
            return text.ToString();
        foreach (var key in (string[])["credentials", "config", "rendered_project"])
        {
            if (data[key] is { } value)
                text.Append("--- ").Append(key).Append('\n').Append(Encoding.UTF8.GetString(Convert.FromBase64String((string)value!)).TrimEnd('\n')).Append('\n');
        }
        return text.ToString();
    }
}
