using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Client;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Admission;

public class MatchConditionsProbeTests
{
    [Fact]
    public async Task A_server_that_keeps_the_field_supports_it()
    {
        (await AskAsync(body => (HttpStatusCode.OK, body))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_drops_the_field_does_not()
    {
        (await AskAsync(body =>
        {
            body["webhooks"]![0]!.AsObject().Remove("matchConditions").ShouldBeTrue();
            return (HttpStatusCode.OK, body);
        })).ShouldBeFalse();
    }

    [Theory]
    [InlineData(500, """failed to create typed patch object: .webhooks[name=\"match-conditions-probe.kiban.dev\"].matchConditions: field not declared in schema""")]
    [InlineData(400, """ValidatingWebhookConfiguration in version \"v1\" cannot be handled: strict decoding error: unknown field \"webhooks[0].matchConditions\" (strict)""")]
    public async Task A_server_that_does_not_know_the_field_does_not(int code, string message)
    {
        (await AskAsync(_ => Status(code, message))).ShouldBeFalse();
    }

    [Theory]
    [InlineData(500, "etcdserver: request timed out")]
    [InlineData(403, "forbidden")]
    public async Task Any_other_refusal_leaves_it_open(int code, string message)
    {
        await Should.ThrowAsync<KubernetesException>(() => AskAsync(_ => Status(code, message)));
    }

    private static async Task<bool> AskAsync(Func<JsonObject, (HttpStatusCode, JsonObject)> server)
    {
        using var client = new KubernetesClient(new Answering(server), new Uri("https://kubernetes.test/"));
        return await new MatchConditionsProbe(client, new AdmissionOptions()).AskAsync<ValidatingWebhookConfiguration>(TestContext.Current.CancellationToken);
    }

    private static (HttpStatusCode, JsonObject) Status(int code, string message) => (
        (HttpStatusCode)code,
        JsonNode.Parse($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","code":{{code}}}""")!.AsObject());

    /// <summary>A server that answers an apply without storing anything.</summary>
    private sealed class Answering(Func<JsonObject, (HttpStatusCode Code, JsonObject Body)> server) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri!.Query.ShouldContain("dryRun=All");
            var (code, body) = server(JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject());
            return new HttpResponseMessage(code) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        }
    }
}
