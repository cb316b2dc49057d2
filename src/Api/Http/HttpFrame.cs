using MediaPlatform.Infrastructure.Health;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaPlatform.Api.Http;

/// <summary>What every endpoint stands in.</summary>
internal static class HttpFrame
{
    /// <param name="versions">Of the API; all that are served, when left out.</param>
    public static void AddHttpFrame(this WebApplicationBuilder builder, IReadOnlyList<int>? versions = null)
    {
        builder.WebHost.ConfigureKestrel(Limit);
        // The host's own lines name paths and raw queries, which may carry signatures; RequestLog replaces them and its scope.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Readiness>();
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true); // so that Failures gives it a body
        builder.Services.AddDocumentation(versions ?? ApiVersion.Served);
    }

    /// <summary>First in the pipeline; authentication and authorisation come after it, so that what they refuse has a body as well.</summary>
    public static void UseHttpFrame(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            RequestIds.Begin(context);
            return next(context);
        });
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<Failures>();
        app.UseRouting();
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = 16 * 1024; // filters are long
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        // More than a body may have, so that the server reads what a caller still sends and the caller gets to see the refusal
        // instead of a broken connection. Uploads raise theirs by RequestSizeLimit metadata.
        limits.MaxRequestBodySize = 8 * JsonBody.DefaultLimit;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
