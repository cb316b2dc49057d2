using System.Globalization;

namespace MediaPlatform.Api.Http;

/// <summary>What is to go: its callers are told with each answer (RFC 9745, RFC 8594), and its document says so.</summary>
/// <param name="Since">From when on it should not be used any more.</param>
/// <param name="Sunset">When it may be gone.</param>
/// <param name="Successor">What to use instead: a path.</param>
internal sealed record Deprecation(DateTimeOffset Since, DateTimeOffset Sunset, string Successor);

internal static class DeprecationEndpoints
{
    /// <summary>The endpoint, or the group, is to go.</summary>
    public static T Deprecated<T>(this T endpoint, Deprecation deprecation)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(deprecation).AddEndpointFilter<T, Announcement>();

    private sealed class Announcement : IEndpointFilter
    {
        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            var (since, sunset, successor) = context.HttpContext.GetEndpoint()!.Metadata.GetRequiredMetadata<Deprecation>();
            var headers = context.HttpContext.Response.Headers;
            headers["Deprecation"] = $"@{since.ToUnixTimeSeconds()}";
            headers["Sunset"] = sunset.ToString("r", CultureInfo.InvariantCulture);
            headers.Link = $"<{successor}>; rel=\"successor-version\"";
            return next(context);
        }
    }
}
