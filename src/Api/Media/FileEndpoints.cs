using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Storage;
using Microsoft.Net.Http.Headers;

namespace MediaPlatform.Api.Media;

internal static class FileEndpoints
{
    // What a browser may show by itself. All else is saved: a document that scripts could run in must not share our origin.
    private static readonly string[] Shown = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "video/", "audio/"];

    public static void MapFiles(this RouteGroupBuilder api) =>
        api.MapGet("/files/{**key}", Get).AllowAnonymous().ReturnsPlain(200, "The bytes; 206 for a Range.", "application/octet-stream")
            .Problems(403, "LINK_INVALID", "LINK_EXPIRED").Problems(404, "FILE_NOT_FOUND").Problems(416, "RANGE_NOT_SATISFIABLE").Problems(503, "STORAGE_UNAVAILABLE");

    /// <summary>Fetch bytes by a signed link</summary>
    /// <remarks>Links come from the endpoints of media; nobody makes them by hand. The signature is the credential.</remarks>
    private static async Task<IResult> Get(
        string key, long expires, long length, string type, string key_id, string signature, HttpContext context, LocalLinks links, IMediaStore store, TimeProvider time,
        CancellationToken cancellationToken, string? name = null)
    {
        switch (links.Verify(key, expires, length, type, name, key_id, signature))
        {
            case LinkState.Forged: return Problem.Of(StatusCodes.Status403Forbidden, "LINK_INVALID", "This link was not made here, or was changed.");
            case LinkState.Expired: return Problem.Of(StatusCodes.Status403Forbidden, "LINK_EXPIRED", "This link has expired; ask for a new one.");
        }

        if (await Open(store, key, cancellationToken) is not { } opened) return Problem.Of(StatusCodes.Status503ServiceUnavailable, "STORAGE_UNAVAILABLE", "The media storage cannot be reached.");
        if (opened.Stream is not { } stream) return Problem.Of(StatusCodes.Status404NotFound, "FILE_NOT_FOUND", "The file is not there any more.");

        var headers = context.Response.Headers;
        headers.CacheControl = $"private, max-age={expires - time.GetUtcNow().ToUnixTimeSeconds()}, immutable";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"; // pages of other origins show pictures by their links
        var disposition = new ContentDispositionHeaderValue(Array.Exists(Shown, type.StartsWith) ? "inline" : "attachment");
        if (name is not null) disposition.SetHttpFileName(name);
        headers.ContentDisposition = disposition.ToString();

        // keys are never used twice, so the key alone tells whether the bytes are the same
        return Results.Stream(stream, type, entityTag: new EntityTagHeaderValue($"\"{Path.GetFileName(Path.GetDirectoryName(key))}-{Path.GetFileName(key)}\""), enableRangeProcessing: true);
    }

    private static async Task<Opened?> Open(IMediaStore store, string key, CancellationToken cancellationToken)
    {
        try
        {
            return new Opened(await store.Open(key, cancellationToken));
        }
        catch (StorageException)
        {
            return null;
        }
    }

    private sealed record Opened(Stream? Stream);
}
