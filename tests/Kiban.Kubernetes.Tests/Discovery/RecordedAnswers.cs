using System.Text.Json.Nodes;
using Kiban.Kubernetes.Tests.Client;

namespace Kiban.Kubernetes.Tests.Discovery;

/// <summary>A server that answers discovery as a real one of some release did (<c>Recorded/*.json</c>: path to answer).</summary>
internal static class RecordedAnswers
{
    public static JsonObject Of(string release) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Discovery", "Recorded", $"{release}.json")))!;

    public static Task<ScriptedServer> ServeAsync(JsonObject answers) => ScriptedServer.StartAsync(context =>
    {
        var path = context.Request.Path.Value!;
        return answers[path] is { } answer
            ? ScriptedServer.AnswerJson(context, answer.ToJsonString())
            : ScriptedServer.AnswerJson(context, """{"kind":"Status","apiVersion":"v1","code":404}""", 404);
    });
}
