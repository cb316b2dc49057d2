using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MediaPlatform.Infrastructure.Telemetry;

/// <summary><c>/metrics</c>: the figures of this process, and of the queue, for whoever scrapes.</summary>
public static class MetricsEndpoint
{
    public const string Path = "/metrics";

    private const string Bearer = "Bearer ";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>It is answered before the doors that clients pass, whose credentials are others, and is not among the requests that it counts.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapMethods(Path, Methods, Answer).AllowAnonymous().ExcludeFromDescription().DisableHttpMetrics().ShortCircuit();

    private static async Task<IResult> Answer(HttpContext context, MetricsOptions options, Scraper scraper)
    {
        if (!options.Enabled) return Results.NotFound();
        if (options.Token.Length > 0 && !Shows(context.Request, options.Token))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.Text("Send Metrics:Token as Authorization: Bearer.", statusCode: StatusCodes.Status401Unauthorized);
        }

        if (options.Token.Length == 0 && !IsFromHere(context)) return Results.Text("Without Metrics:Token only this machine itself is answered.", statusCode: StatusCodes.Status403Forbidden);

        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(await scraper.Scrape(), PrometheusText.ContentType);
    }

    private static bool Shows(HttpRequest request, string token) =>
        request.Headers.Authorization is [{ } given] && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[Bearer.Length..].Trim()), Encoding.UTF8.GetBytes(token));

    /// <summary>What a proxy on this machine hands on is not, unless the proxy is known and says so.</summary>
    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded") && context.Request.Headers.Via.Count == 0;
}
