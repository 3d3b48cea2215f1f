using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kiban.Kubernetes.Observability;

/// <summary>
/// Health checks as the API server's own endpoints show them: <c>ok</c>, or 503 and every check's result; all of them with
/// <c>?verbose</c>, some left out with <c>?exclude=name</c>, one alone under <c>/readyz/name</c>
/// (<see href="https://kubernetes.io/docs/reference/using-api/health-checks/"/>).
/// </summary>
internal static class HealthEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints, string name, string tag)
    {
        endpoints.MapGet($"/{name}", (Delegate)((HttpContext context) => AnswerAsync(context, name, tag, only: null))).ExcludeFromDescription();
        endpoints.MapGet($"/{name}/{{check}}", (HttpContext context, string check) => AnswerAsync(context, name, tag, check)).ExcludeFromDescription();
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, string endpoint, string tag, string? only)
    {
        var excluded = context.Request.Query["exclude"].OfType<string>().ToHashSet();
        var service = context.RequestServices.GetRequiredService<HealthCheckService>();
        var report = await service.CheckHealthAsync(
            check => check.Tags.Contains(tag) && !excluded.Contains(check.Name) && (only is null || check.Name == only), context.RequestAborted);
        if (only is not null && report.Entries.Count == 0)
        {
            return Results.Text($"there is no check {only} in {endpoint}\n", statusCode: StatusCodes.Status404NotFound);
        }

        var isHealthy = report.Status == HealthStatus.Healthy;
        if (isHealthy && !context.Request.Query.ContainsKey("verbose"))
        {
            return Results.Text("ok");
        }

        var text = new StringBuilder("[+]ping ok\n");
        foreach (var (name, entry) in report.Entries)
        {
            // Only the description, which the check's author wrote for this; an exception's text stays in the log.
            text.Append(entry.Status == HealthStatus.Healthy ? $"[+]{name} ok" : $"[-]{name} failed: {entry.Description ?? "reason withheld"}").Append('\n');
        }

        text.Append(isHealthy ? $"{endpoint} check passed\n" : $"{endpoint} check failed\n");
        return Results.Text(text.ToString(), statusCode: isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
