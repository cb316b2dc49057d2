using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace MediaPlatform.Api.Media;

internal static class FileEndpoints
{
    public static void MapFiles(this RouteGroupBuilder api)
    {
        api.MapGet("/files/{**key}", Get).AllowAnonymous().ReturnsPlain(200, "The bytes; 206 for a Range.", "application/octet-stream")
            .Problems(403, "LINK_INVALID", "LINK_EXPIRED").Problems(404, "FILE_NOT_FOUND").Problems(410, "ORIGINAL_CHANGED").Problems(416, "RANGE_NOT_SATISFIABLE").Problems(503, "STORAGE_UNAVAILABLE");
        api.MapPut("/files/{**key}", Put).AllowAnonymous().WithMetadata(new DisableRequestSizeLimitAttribute()) // the signature bounds it
            .ReturnsPlain(200, "The bytes are stored.")
            .Problems(400, "UPLOAD_INCOMPLETE").Problems(403, "LINK_INVALID", "LINK_EXPIRED").Problems(404, "UPLOAD_ENDED").Problems(408, "REQUEST_TIMEOUT").Problems(409, "PART_BUSY")
            .Problems(411, "LENGTH_REQUIRED").Problems(415, "CONTENT_TYPE_MISMATCH").Problems(422, "LENGTH_MISMATCH")
            .Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE");
    }

    /// <summary>Fetch bytes by a signed link</summary>
    /// <remarks>Links come from the endpoints of media; nobody makes them by hand. The signature is the credential.</remarks>
    private static async Task<IResult> Get(
        string key, long expires, long length, string type, string key_id, string signature, HttpContext context, LocalLinks links, IMediaStores stores, TimeProvider time,
        ILogger<LocalLinks> logger, CancellationToken cancellationToken, string? name = null, string? store = null)
    {
        if (Refused(links.Verify("GET", key, expires, length, type, name, store, key_id, signature)) is { } refused) return refused;
        Stream? stream;
        try
        {
            stream = await stores.Of(store ?? LocalDisk.Name).Open(key, cancellationToken);
        }
        catch (ObjectChangedException)
        {
            return Problem.From([new OriginalChanged()]);
        }
        catch (StorageException exception)
        {
            return Unavailable(exception, logger);
        }

        if (stream is null) return Problem.Of(StatusCodes.Status404NotFound, "FILE_NOT_FOUND", "The file is not there any more.");

        var headers = context.Response.Headers;
        headers.CacheControl = $"private, max-age={expires - time.GetUtcNow().ToUnixTimeSeconds()}, immutable";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        headers.ContentDisposition = MediaLinks.Disposition(type, name);

        if (S3Uri.OfKey(key) is not null)
        {
            headers.CacheControl = "private, no-cache"; // a registered object is its owner's to exchange
            return Results.Stream(stream, type, enableRangeProcessing: true);
        }

        // keys of ours are never used twice, so the key alone tells whether the bytes are the same
        return Results.Stream(stream, type, entityTag: new EntityTagHeaderValue($"\"{Path.GetFileName(Path.GetDirectoryName(key))}-{Path.GetFileName(key)}\""), enableRangeProcessing: true);
    }

    /// <summary>Send the bytes of an upload by a signed link</summary>
    /// <remarks>Links come from POST /uploads, where media lie on local disk. The length and the type are signed.</remarks>
    private static async Task<IResult> Put(
        string key, long expires, long length, string type, string key_id, string signature, HttpRequest request, LocalLinks links, [FromServices] LocalDisk disk,
        MediaOptions options, TimeProvider time, ILogger<LocalLinks> logger, CancellationToken cancellationToken, string? multipart = null, int? part = null)
    {
        var partText = part?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (Refused(links.Verify("PUT", key, expires, length, type, multipart, partText, key_id, signature)) is { } refused) return refused;
        if (request.ContentLength is not { } sent) return Problem.Of(StatusCodes.Status411LengthRequired, "LENGTH_REQUIRED", "Content-Length is required.");
        if (sent != length) return Problem.Of(StatusCodes.Status422UnprocessableEntity, "LENGTH_MISMATCH", $"The link is for {length} bytes, and the body has {sent}.");
        if (type.Length > 0 && request.ContentType != type) return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "CONTENT_TYPE_MISMATCH", $"The link is for {type}; send it as Content-Type.");

        await using var body = new WatchedBody(request.Body, options.BodyPatience);
        using var late = new CancellationTokenSource(DateTimeOffset.FromUnixTimeSeconds(expires) + options.UploadLinkGrace - time.GetUtcNow(), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            if (multipart is null)
            {
                await disk.Put(key, body, type, stop.Token);
                return Results.Ok();
            }

            return await disk.PutPart(key, multipart, part!.Value, body, stop.Token)
                ? Results.Ok()
                : Problem.Of(StatusCodes.Status404NotFound, "UPLOAD_ENDED", "The upload was completed, aborted or has expired.");
        }
        catch (PartBusyException)
        {
            return Problem.Of(StatusCodes.Status409Conflict, "PART_BUSY", "Another request is sending this part; try again when it has ended.", retryAfter: 5);
        }
        catch (StorageException exception)
        {
            return Unavailable(exception, logger);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            if (late.IsCancellationRequested) return Refused(LinkState.Expired)!;
            if (body.TimedOut) return Problem.Of(StatusCodes.Status408RequestTimeout, "REQUEST_TIMEOUT", "The body came too slowly; nothing was kept.");
            return Problem.Of(StatusCodes.Status400BadRequest, "UPLOAD_INCOMPLETE", "The connection ended before all bytes had arrived; nothing was kept.");
        }
    }

    private static ProblemResult? Refused(LinkState state) => state switch
    {
        LinkState.Forged => Problem.Of(StatusCodes.Status403Forbidden, "LINK_INVALID", "This link was not made here, or was changed."),
        LinkState.Expired => Problem.Of(StatusCodes.Status403Forbidden, "LINK_EXPIRED", "This link has expired; ask for a new one."),
        _ => null,
    };

    private static IResult Unavailable(StorageException exception, ILogger logger)
    {
        logger.LogError(exception, "The media storage did not serve a signed link");
        return Problem.From([exception.Reason]);
    }
}
