using System.Buffers;

namespace MediaPlatform.Api.Http;

/// <summary>Gives every request an id, the caller's own where it is a plain token, and its answer the headers that all answers carry.</summary>
/// <remarks>The id is <see cref="HttpContext.TraceIdentifier"/>: logs, problems, envelopes and the change log read it there.</remarks>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static void Begin(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        context.TraceIdentifier = given.Count == 1 && IsToken(given[0]) ? given[0]! : New();
        Stamp(context);
    }

    /// <summary>The headers that all answers carry; again after a half-made answer was thrown away.</summary>
    public static void Stamp(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[Header] = context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        // The credential is a header that shared caches know nothing of. Who may be kept longer, or not at all, says so itself.
        headers.CacheControl = "private, no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY"; // for browsers that do not know frame-ancestors
        headers["Cross-Origin-Resource-Policy"] = IsForPages(context.Request.Path) ? "cross-origin" : "same-origin";
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(Documentation.Path, StringComparison.Ordinal)
            ? "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
            : "default-src 'none'; frame-ancestors 'none'";
    }

    /// <summary>Pictures that any page may show: by a signed link, or because they are public.</summary>
    private static bool IsForPages(PathString path) =>
        path.StartsWithSegments(ApiGroup.Prefix + "/files", StringComparison.Ordinal) || path.StartsWithSegments(ApiGroup.Prefix + "/shared", StringComparison.Ordinal)
        || (path.StartsWithSegments(ApiGroup.Prefix + "/media", StringComparison.Ordinal, out var rest) && rest.Value!.Contains("/variants/", StringComparison.Ordinal));

    /// <summary>128 bits of chance. They guard nothing, and those that do would cost a call of the system for each request.</summary>
    private static string New()
    {
        Span<byte> bits = stackalloc byte[16];
        Random.Shared.NextBytes(bits);
        return Convert.ToHexStringLower(bits);
    }

    private static bool IsToken(string? text) => text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
}
