using MediaPlatform.Infrastructure;
using MediaPlatform.Infrastructure.Health;
using Microsoft.AspNetCore.Cors.Infrastructure;
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
        builder.Services.AddSettings<EdgeOptions>("Edge").AddSettings<CrossOriginOptions>("Cors").AddCors();
        builder.Services.AddDocumentation(versions ?? ApiVersion.Served);
    }

    /// <summary>First in the pipeline, so that whatever fails behind it has a body.</summary>
    public static void UseHttpFrame(this WebApplication app)
    {
        var edge = app.Services.GetRequiredService<EdgeOptions>();
        if (edge.Proxies.Count > 0) app.UseForwardedHeaders(edge.Forwarded());
        var origins = app.Services.GetRequiredService<CrossOriginOptions>();
        var varies = origins is { Origins.Count: 1, IsForAll: false }; // of several, the framework says so itself
        var hsts = edge.HstsMaxAge > TimeSpan.Zero ? $"max-age={edge.HstsMaxAge.TotalSeconds:0}" : null;
        app.Use((context, next) =>
        {
            RequestIds.Begin(context);
            if (hsts is not null && context.Request.IsHttps) context.Response.Headers.StrictTransportSecurity = hsts;
            if (varies) context.Response.Headers.Vary = "Origin";
            return next(context);
        });
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<Failures>();
        app.UseRouting();
        if (origins.Origins.Count > 0) app.UseCors(policy => Allow(policy, origins));
    }

    private static void Allow(CorsPolicyBuilder policy, CrossOriginOptions options)
    {
        if (options.IsForAll) policy.AllowAnyOrigin();
        else policy.WithOrigins([.. options.Origins]);
        policy
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders("Authorization", "X-Api-Key", "X-Client-Id", "X-Request-Id", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Prefer", "Range")
            .WithExposedHeaders(
                "ETag", "Location", "X-Request-Id", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy", "Preference-Applied",
                "Idempotency-Replayed", "Deprecation", "Sunset", "Link", "Content-Range", "Accept-Ranges", "Content-Disposition")
            .SetPreflightMaxAge(options.MaxAge);
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
