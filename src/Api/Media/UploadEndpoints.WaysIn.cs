using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace MediaPlatform.Api.Media;

/// <summary>The ways in that lie below <c>/media</c>; the one by links is an upload's own.</summary>
internal static partial class UploadEndpoints
{
    public static void MapWaysIn(this RouteGroupBuilder media)
    {
        media.MapPost("/register", Register).Needs(Role.Editor).Returns<IReadOnlyList<UploadDetails>>(202).Problems(422, "S3_NOT_CONFIGURED", "S3_PREFIX_NOT_ALLOWED", "SESSION_NOT_FOUND").Problems(429, "TOO_MANY_UPLOADS")
            .Example(new { Items = new[] { new { Uri = "s3://archive/2019/rooftop.jpg", Tags = ExampleTags } } });
        media.MapPost("/fetch", Fetch).Needs(Role.Editor).Returns<UploadDetails>(202).Problems(422, "URL_INVALID", "SESSION_NOT_FOUND", "VALIDATION_ERROR").Problems(429, "TOO_MANY_UPLOADS")
            .Example(new { Url = "https://example.com/rooftop.jpg", Tags = ExampleTags });
        media.MapPost("/upload", Upload).Needs(Role.Editor).OrGuests()
            .WithMetadata(new DisableRequestSizeLimitAttribute()).TakesForm(UploadForm.FieldNames)
            .Returns<MediaBody>(201, versioned: true).Returns<MediaBody>(200, versioned: true).Returns<UploadDetails>(202)
            .Problems(400, "UPLOAD_INCOMPLETE", "MALFORMED_FORM", "UNKNOWN_FIELD", "INVALID_TEXT").Problems(408, "REQUEST_TIMEOUT").Problems(409, "DUPLICATE_IN_TRASH", "MEDIA_IN_ANOTHER_SESSION")
            .Problems(410, "UPLOAD_EXPIRED").Problems(413, "UPLOAD_TOO_LARGE")
            .Problems(415, "UNSUPPORTED_CONTENT_TYPE", "MEDIA_TYPE_UNKNOWN", "MEDIA_TYPE_NOT_SUPPORTED", "MEDIA_TYPE_NOT_ALLOWED")
            .Problems(422, "UPLOAD_EMPTY", "UPLOAD_ONE_FILE", "MEDIA_EXTENSION_MISMATCH", "MEDIA_MIME_MISMATCH", "UPLOAD_HASH_MISMATCH", "SESSION_NOT_FOUND", "VALIDATION_ERROR")
            .Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE", "UPLOADS_BUSY");
    }

    /// <summary>Upload a file</summary>
    /// <remarks>
    /// A multipart form with one `file` and, before or after it, `title`, `description`, `alt_text`, `caption`, `tags` (comma-separated or repeated),
    /// `sha256` (checked), `on_trashed` (`refuse`, or `restore` when the same bytes lie in the trash) and `session_id` (in which session it was taken). The file streams through and is hashed on the way.
    /// 201 with a new asset; 200 with the asset that has the same bytes already, its tags merged. With `Prefer: wait=10` the answer comes when
    /// the variants are there, or after ten seconds. 202 with the upload for a guest whose bytes are somebody else's asset already: it stays as it is. What a file is, its first bytes tell: pictures (JPEG, PNG, WebP, GIF, TIFF, AVIF, HEIC, JPEG 2000, SVG),
    /// films (MP4, QuickTime, Matroska, WebM, AVI, MXF), sounds (M4A, WAV, MP3, FLAC, Ogg) and documents (camera raw, Photoshop, PDF).
    /// </remarks>
    private static async Task<IResult> Upload(HttpRequest request, Preference preference, MediaOptions options, IMediator mediator, IMediaLinks links, CallContext context, CancellationToken cancellationToken)
    {
        if (UploadForm.Of(request, options.BodyPatience) is not { } form)
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "UNSUPPORTED_CONTENT_TYPE", "An upload is multipart/form-data with a boundary.");

        var file = await form.ReadToFile(cancellationToken);
        if (!file.Succeeded) return Refused(form, file.Errors);

        var (content, fileName, mimeType) = file.Value;
        var uploaded = await mediator.Send(new UploadMedia(content, fileName, mimeType, OnTrashed.Refuse, form.ReadToEnd), cancellationToken);
        if (!uploaded.Succeeded) return Refused(form, uploaded.Errors);

        if (preference.Wait > TimeSpan.Zero)
        {
            await mediator.Send(new AwaitProcessed(uploaded.Value.AssetId, preference.Wait), cancellationToken);
            preference.Applied();
        }

        var asset = await mediator.Send(new GetMediaAsset(uploaded.Value.AssetId), cancellationToken);
        return asset.Succeeded || context.Caller.Kind is not ActorKind.Guest
            ? asset.Match(found => Answer(uploaded.Value, MediaBody.From(found, links)), Problem.From)
            : await Accepted(uploaded.Value.UploadId, preference, mediator, cancellationToken);
    }

    private static IResult Answer(UploadedMedia uploaded, MediaBody asset)
    {
        if (uploaded.Created) return Respond.Created($"{ApiGroup.Prefix}/media/{asset.Id}", asset, asset.Version);

        var warning = uploaded.Restored
            ? new Warning("RESTORED_FROM_TRASH", "The client had these bytes in the trash; the asset is restored. It got the tags; its other texts are as they were.", "file", [asset.Id])
            : new Warning("DUPLICATE", "The client has these bytes already; this is that asset. It got the tags; its other texts are as they were.", "file", [asset.Id]);
        return Respond.Item(asset, asset.Version, [warning]);
    }

    private static IResult Refused(UploadForm form, IReadOnlyList<Error> errors) => form.TimedOut
        ? Problem.Of(StatusCodes.Status408RequestTimeout, "REQUEST_TIMEOUT", "The body came too slowly; nothing was kept.", "file")
        : Problem.From(errors);

    /// <summary>Register what lies in a bucket</summary>
    /// <remarks>
    /// Up to 500 objects, by `s3://bucket/key` below the prefixes that an operator has allowed the client. They stay where they are and are never
    /// written or deleted. Each becomes an upload, which the worker verifies; all are begun, or none.
    /// </remarks>
    private static async Task<IResult> Register(Body<RegisterBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var items = body.Value.Items.Select(item => new RegisteredObject(item.Uri, item.MimeType, item.Sha256, item.OnTrashed ?? OnTrashed.Refuse, item.Texts)).ToArray();
        var begun = await mediator.Send(new RegisterMedia(items), cancellationToken);
        if (!begun.Succeeded) return Problem.From(begun.Errors);

        var uploads = new List<UploadDetails>(items.Length);
        foreach (var id in begun.Value) uploads.Add((await mediator.Send(new GetUpload(id), cancellationToken)).Value);
        return Respond.Accepted<IReadOnlyList<UploadDetails>>($"{ApiGroup.Prefix}/uploads", uploads);
    }

    /// <summary>Fetch a file by URL</summary>
    /// <remarks>
    /// The worker fetches it over http or https, from the public internet alone, and follows up to three redirects. The answer is an upload, which is
    /// `completed` and names its `asset_id`, or is `rejected` and says why. With `Prefer: wait=10` the answer comes when that is done, or after ten seconds.
    /// </remarks>
    private static async Task<IResult> Fetch(Body<FetchBody> body, Preference preference, IMediator mediator, CancellationToken cancellationToken)
    {
        var b = body.Value;
        var begun = await mediator.Send(new FetchMedia(b.Url, b.FileName, b.MimeType, b.Sha256, b.OnTrashed ?? OnTrashed.Refuse, b.Texts), cancellationToken);
        return begun.Succeeded ? await Accepted(begun.Value, preference, mediator, cancellationToken) : Problem.From(begun.Errors);
    }

    /// <param name="Url">http or https; what stands behind the path, such as a signature, is kept to ourselves.</param>
    /// <param name="FileName">As it is to be called; left out, as the server calls it.</param>
    /// <param name="MimeType">What it is, as the client knows; the bytes decide.</param>
    /// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
    /// <param name="OnTrashed">refuse, or restore, when the same bytes lie in the trash.</param>
    /// <param name="SessionId">In which session it was taken.</param>
    internal sealed record FetchBody(
        string Url, string? FileName = null, string? MimeType = null, string? Sha256 = null, OnTrashed? OnTrashed = null, string? Title = null, string? Description = null,
        string? AltText = null, string? Caption = null, IReadOnlyList<string>? Tags = null, Guid? SessionId = null)
    {
        internal AssetTexts Texts => new(Title, Description, AltText, Caption, Tags ?? [], SessionId);
    }

    /// <param name="Items">1 to 500.</param>
    internal sealed record RegisterBody(IReadOnlyList<RegisterItem> Items);

    /// <param name="Uri">s3://bucket/key, the key as it is.</param>
    /// <param name="MimeType">What it is, as the client knows; the bytes decide.</param>
    /// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
    /// <param name="OnTrashed">refuse, or restore, when the same bytes lie in the trash.</param>
    /// <param name="SessionId">In which session it was taken.</param>
    internal sealed record RegisterItem(
        string Uri, string? MimeType = null, string? Sha256 = null, OnTrashed? OnTrashed = null, string? Title = null, string? Description = null, string? AltText = null,
        string? Caption = null, IReadOnlyList<string>? Tags = null, Guid? SessionId = null)
    {
        internal AssetTexts Texts => new(Title, Description, AltText, Caption, Tags ?? [], SessionId);
    }
}
