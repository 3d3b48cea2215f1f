using System.Text.Json.Nodes;
using CsCheck;
using Kiban.Credentials.Tests.Fakes;
using Kiban.Credentials.Tests.Golden;

namespace Kiban.Credentials.Tests.Validation;

/// <summary>Whatever stands in a typed Secret, no message repeats any of it.</summary>
public sealed class SecretValuesStayUnknownTests
{
    // The marker is found again whatever is around it; the noise makes the value fail in as many ways as there are rules.
    private const string Marker = "s3cr3t-MARKER";

    private static readonly Gen<string> Noise = Gen.OneOf(
        OneOf("", "\n", "\r\n", " ", "\t", "\u0000", "é", "\"", "[default]\n", "https://", "http://u:p@", "AKIA", "ASIA", "{", "-----BEGIN CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\n", "\uFEFF", "\\n", "../", "?", "#"),
        Gen.String[0, 6]);

    private static readonly Gen<string> Value = Gen.Select(Noise, Noise, (before, after) => $"{before}{Marker}{after}");

    private static readonly Gen<string> JsonText = Gen.Select(
        OneOf("service_account", "external_account", "authorized_user", Marker),
        OneOf("private_key", "client_email", "token_uri", "project_id", "audience", "token_url", "subject_token_type", "universe_domain",
            "service_account_impersonation_url", "auth_uri").Select(Value, (name, value) => (name, value)).Array[1, 5],
        OneOf("file", "url", "executable", "environment_id", "region_url", "regional_cred_verification_url").Select(Value, (name, value) => (name, value)).Array[0, 3],
        Gen.Int[0, 3],
        (type, fields, source, damage) =>
        {
            var file = new JsonObject { ["type"] = type };
            foreach (var (name, value) in fields)
                file[name] = value;
            var credentialSource = new JsonObject();
            foreach (var (name, value) in source)
                credentialSource[name] = value;
            file["credential_source"] = credentialSource;
            var text = file.ToJsonString();
            return damage == 0 ? text[..(text.Length / 2)] : damage == 1 ? text + Marker : text;
        });

    [Fact]
    public Task Aws_Secrets_with_any_values() => OneOf("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "region", "endpoint_url", "ca_bundle",
            "credentials", "config", "unknown").Select(Value, (key, value) => (key, value)).Array[1, 6]
        .SampleAsync(values => ShouldNotTellAsync("kiban.dev/aws-credentials", values));

    [Fact]
    public Task Gcp_Secrets_with_any_files() => Gen.Select(JsonText, Value)
        .SampleAsync((json, project) => ShouldNotTellAsync("kiban.dev/gcp-credentials", [("credentials.json", json), ("project", project)]));

    private static async Task ShouldNotTellAsync(string type, (string Key, string Value)[] values)
    {
        var texts = new JsonObject();
        foreach (var (key, value) in values)
            texts[key] = value;
        var secret = new JsonObject { ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = "x" }, ["type"] = type, ["stringData"] = texts };
        var cluster = new FakeCluster(now: KeyMaterial.Now);

        var created = await cluster.AdmitSecretAsync(secret);
        var updated = await cluster.AdmitSecretAsync(secret, FakeCluster.MergeStringData((JsonObject)secret.DeepClone()));

        foreach (var message in created.Messages.Concat(updated.Messages))
            message.ShouldNotContain(Marker, Case.Insensitive);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
