using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediatR;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Media;

internal static class UploadEndpoints
{
    public static void MapUploads(this RouteGroupBuilder api)
    {
        var uploads = api.MapGroup("/uploads").Needs(Role.Viewer);
        uploads.MapGet("/", List).Lists<UploadDetails>(ListFields.Uploads.Fields, ListFields.Uploads.Sorts);
        uploads.MapGet("/{id:guid}", Get).Returns<UploadDetails>(versioned: true).Problems(404, "UPLOAD_NOT_FOUND");
    }

    public static void MapUpload(this RouteGroupBuilder media) =>
        media.MapPost("/upload", Upload).Needs(Role.Editor)
            .WithMetadata(new UnboundedBody()).TakesForm(UploadForm.FieldNames)
            .Returns<MediaBody>(201, versioned: true).Returns<MediaBody>(200, versioned: true)
            .Problems(400, "UPLOAD_INCOMPLETE", "MALFORMED_FORM", "UNKNOWN_FIELD", "INVALID_TEXT").Problems(408, "REQUEST_TIMEOUT").Problems(409, "DUPLICATE_IN_TRASH")
            .Problems(410, "UPLOAD_EXPIRED").Problems(413, "UPLOAD_TOO_LARGE")
            .Problems(415, "UNSUPPORTED_CONTENT_TYPE", "MEDIA_TYPE_UNKNOWN", "MEDIA_TYPE_NOT_SUPPORTED", "MEDIA_TYPE_NOT_ALLOWED")
            .Problems(422, "UPLOAD_EMPTY", "UPLOAD_ONE_FILE", "MEDIA_EXTENSION_MISMATCH", "MEDIA_MIME_MISMATCH", "VALIDATION_ERROR")
            .Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE");

    /// <summary>Upload a file</summary>
    /// <remarks>
    /// A multipart form with one `file` and, before or after it, `title`, `description`, `alt_text`, `caption`, `tags` (comma-separated or repeated) and
    /// `on_trashed` (`refuse`, or `restore` when the same bytes lie in the trash). The file streams through and is hashed on the way.
    /// 201 with a new asset; 200 with the asset that has the same bytes already, its tags merged. With `Prefer: wait=10` the answer comes when
    /// the variants are there, or after ten seconds. What a file is, its first bytes tell: pictures (JPEG, PNG, WebP, GIF, TIFF, AVIF, HEIC, JPEG 2000, SVG),
    /// films (MP4, QuickTime, Matroska, WebM, AVI, MXF), sounds (M4A, WAV, MP3, FLAC, Ogg) and documents (camera raw, Photoshop, PDF).
    /// </remarks>
    private static async Task<IResult> Upload(HttpRequest request, Preference preference, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        if (UploadForm.Of(request) is not { } form)
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "UNSUPPORTED_CONTENT_TYPE", "An upload is multipart/form-data with a boundary.");

        var file = await form.ReadToFile(cancellationToken);
        if (!file.Succeeded) return Problem.From(file.Errors);

        var uploaded = await mediator.Send(
            new UploadMedia(file.Value.Content, file.Value.FileName, file.Value.MimeType, OnTrashed.Refuse, form.ReadToEnd), cancellationToken);
        if (!uploaded.Succeeded) return Problem.From(uploaded.Errors);

        var (_, id, created, restored) = uploaded.Value;
        if (preference.Wait > TimeSpan.Zero)
        {
            await mediator.Send(new AwaitProcessed(id, preference.Wait), cancellationToken);
            preference.Applied();
        }

        var asset = await mediator.Send(new GetMediaAsset(id), cancellationToken);
        if (!asset.Succeeded) return Problem.From(asset.Errors);

        var body = MediaBody.From(asset.Value, links);
        if (created) return Respond.Created($"{ApiGroup.Prefix}/media/{id.Value}", body, asset.Value.Version);

        var warning = restored
            ? new Warning("RESTORED_FROM_TRASH", "The client had these bytes in the trash; the asset is restored. It got the tags; its other texts are as they were.", "file", [id.Value])
            : new Warning("DUPLICATE", "The client has these bytes already; this is that asset. It got the tags; its other texts are as they were.", "file", [id.Value]);
        return Respond.Item(body, asset.Value.Version, [warning]);
    }

    /// <summary>List uploads</summary>
    /// <remarks>Each way in, with what became of it.</remarks>
    private static async Task<IResult> List(ListQuery query, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListUploads(query.Request), cancellationToken)).Match(Respond.Page, Problem.From);

    /// <summary>Get an upload</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetUpload(new(id)), cancellationToken)).Match(upload => Respond.Item(upload, upload.Version), Problem.From);

    /// <summary>The use case counts the bytes of the file, and the form all others.</summary>
    private sealed class UnboundedBody : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => null;
    }
}
