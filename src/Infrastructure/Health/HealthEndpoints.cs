using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MediaPlatform.Infrastructure.Health;

/// <summary><c>/health/live</c>: the process runs. <c>/health/ready</c>: it can work, or which dependency is down.</summary>
public static class HealthEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.MapMethods("/live", Methods, () => Results.Json(new { status = "live" }, Json));
        health.MapMethods("/ready", Methods, async (Readiness readiness) =>
        {
            var report = await readiness.Ask();
            return Results.Json(report, Json, statusCode: report.Status is ReadinessStatus.NotReady ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        });
    }
}
