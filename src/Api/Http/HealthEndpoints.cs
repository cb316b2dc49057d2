namespace MediaPlatform.Api.Http;

internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").AllowAnonymous().ExcludeFromDescription();
        health.MapMethods("/live", Methods, () => Results.Json(new { status = "live" }, Wire.Json));
        health.MapMethods("/ready", Methods, async (Readiness readiness) =>
        {
            var report = await readiness.Ask();
            return Results.Json(report, Wire.Json, statusCode: report.Status is ReadinessStatus.NotReady ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
        });
    }
}
