using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediatR;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Media;

internal static class UploadEndpoints
{
    private static readonly string[] ExampleTags = ["rooftop"];
    private static readonly string[] ExampleHashes = ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];

    public static void MapUploads(this RouteGroupBuilder api)
    {
        var uploads = api.MapGroup("/uploads").Needs(Role.Viewer);
        uploads.MapList(new("Upload", "uploads", ListFields.Uploads, "Each way in, with what became of it."), request => new ListUploads(request));
        uploads.MapGet("/{id:guid}", Get).Returns<UploadDetails>(versioned: true).Problems(404, "UPLOAD_NOT_FOUND");
        uploads.MapPost("/", Begin).Needs(Role.Editor).Returns<BegunUploadBody>(201, versioned: true).Problems(413, "UPLOAD_TOO_LARGE").Problems(429, "TOO_MANY_UPLOADS").Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE")
            .Example(new { FileName = "rooftop.mov", SizeBytes = 734_003_200, MimeType = "video/quicktime", Title = "The rooftop at dawn", Tags = ExampleTags });
        uploads.MapGet("/{id:guid}/parts", Parts).Needs(Role.Editor).Returns<IReadOnlyList<UploadPart>>().Problems(404, "UPLOAD_NOT_FOUND").Problems(410, "UPLOAD_EXPIRED")
            .Problems(423, "UPLOAD_NOT_OPEN", "UPLOAD_NOT_SENT").Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE");
        uploads.MapPost("/{id:guid}/complete", Complete).Needs(Role.Editor).Returns<UploadDetails>(202).Problems(404, "UPLOAD_NOT_FOUND").Problems(409, "PART_BUSY").Problems(410, "UPLOAD_EXPIRED")
            .Problems(422, "UPLOAD_HASH_MISMATCH", "UPLOAD_NOT_RECEIVED", "UPLOAD_PARTS_MISSING", "UPLOAD_SIZE_MISMATCH", "VALIDATION_ERROR").Problems(423, "UPLOAD_NOT_OPEN", "UPLOAD_NOT_SENT")
            .Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE");
        uploads.MapDelete("/{id:guid}", Abort).Needs(Role.Editor).Returns<UploadDetails>(versioned: true).Problems(404, "UPLOAD_NOT_FOUND").Problems(423, "UPLOAD_NOT_OPEN");
        uploads.MapPost("/{id:guid}/resolve", Resolve).Needs(Role.Editor).Returns<UploadDetails>(versioned: true).Problems(404, "UPLOAD_NOT_FOUND").Problems(422, "VALIDATION_ERROR").Problems(423, "UPLOAD_NOT_IN_CONFLICT")
            .Example(new { Action = "restore" });
        uploads.MapPost("/check", Check).Needs(Role.Editor).Returns<IReadOnlyList<CheckedHash>>()
            .Example(new { Hashes = ExampleHashes });
        uploads.MapBatch("Upload", new BatchVerbs
        {
            Example = new { Op = "delete", Id = Guid.Empty },
            Delete = BatchVerb.Naming<AbortUpload, UploadId>(Role.Editor, item => new(new(item.Id), item.IfMatch)),
        });
    }

    public static void MapUpload(this RouteGroupBuilder media)
    {
        media.MapPost("/register", Register).Needs(Role.Editor).Returns<IReadOnlyList<UploadDetails>>(202).Problems(422, "S3_NOT_CONFIGURED", "S3_PREFIX_NOT_ALLOWED").Problems(429, "TOO_MANY_UPLOADS")
            .Example(new { Items = new[] { new { Uri = "s3://archive/2019/rooftop.jpg", Tags = ExampleTags } } });
        media.MapPost("/fetch", Fetch).Needs(Role.Editor).Returns<UploadDetails>(202).Problems(422, "URL_INVALID", "VALIDATION_ERROR").Problems(429, "TOO_MANY_UPLOADS")
            .Example(new { Url = "https://example.com/rooftop.jpg", Tags = ExampleTags });
        media.MapPost("/upload", Upload).Needs(Role.Editor)
            .WithMetadata(new UnboundedBody()).TakesForm(UploadForm.FieldNames)
            .Returns<MediaBody>(201, versioned: true).Returns<MediaBody>(200, versioned: true)
            .Problems(400, "UPLOAD_INCOMPLETE", "MALFORMED_FORM", "UNKNOWN_FIELD", "INVALID_TEXT").Problems(408, "REQUEST_TIMEOUT").Problems(409, "DUPLICATE_IN_TRASH")
            .Problems(410, "UPLOAD_EXPIRED").Problems(413, "UPLOAD_TOO_LARGE")
            .Problems(415, "UNSUPPORTED_CONTENT_TYPE", "MEDIA_TYPE_UNKNOWN", "MEDIA_TYPE_NOT_SUPPORTED", "MEDIA_TYPE_NOT_ALLOWED")
            .Problems(422, "UPLOAD_EMPTY", "UPLOAD_ONE_FILE", "MEDIA_EXTENSION_MISMATCH", "MEDIA_MIME_MISMATCH", "UPLOAD_HASH_MISMATCH", "VALIDATION_ERROR")
            .Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE", "UPLOADS_BUSY");
    }

    /// <summary>Upload a file</summary>
    /// <remarks>
    /// A multipart form with one `file` and, before or after it, `title`, `description`, `alt_text`, `caption`, `tags` (comma-separated or repeated),
    /// `sha256` (checked) and `on_trashed` (`refuse`, or `restore` when the same bytes lie in the trash). The file streams through and is hashed on the way.
    /// 201 with a new asset; 200 with the asset that has the same bytes already, its tags merged. With `Prefer: wait=10` the answer comes when
    /// the variants are there, or after ten seconds. What a file is, its first bytes tell: pictures (JPEG, PNG, WebP, GIF, TIFF, AVIF, HEIC, JPEG 2000, SVG),
    /// films (MP4, QuickTime, Matroska, WebM, AVI, MXF), sounds (M4A, WAV, MP3, FLAC, Ogg) and documents (camera raw, Photoshop, PDF).
    /// </remarks>
    private static async Task<IResult> Upload(HttpRequest request, Preference preference, MediaOptions options, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        if (UploadForm.Of(request, options.BodyPatience) is not { } form)
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "UNSUPPORTED_CONTENT_TYPE", "An upload is multipart/form-data with a boundary.");

        var file = await form.ReadToFile(cancellationToken);
        if (!file.Succeeded) return Refused(form, file.Errors);

        var uploaded = await mediator.Send(
            new UploadMedia(file.Value.Content, file.Value.FileName, file.Value.MimeType, OnTrashed.Refuse, form.ReadToEnd), cancellationToken);
        if (!uploaded.Succeeded) return Refused(form, uploaded.Errors);

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

    private static IResult Refused(UploadForm form, IReadOnlyList<Error> errors) => form.TimedOut
        ? Problem.Of(StatusCodes.Status408RequestTimeout, "REQUEST_TIMEOUT", "The body came too slowly; nothing was kept.", "file")
        : Problem.From(errors);

    /// <summary>Get an upload</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetUpload(new(id)), cancellationToken)).Match(upload => Respond.Item(upload, upload.Version), Problem.From);

    /// <summary>Begin an upload by links</summary>
    /// <remarks>
    /// For files that a client sends to the storage itself: one link for up to 64 MiB, links for parts above that. PUT each part's bytes to its
    /// link with the headers that stand beside it, in any order and as many at once as you like; then complete the upload.
    /// A part that failed is sent again; `GET /uploads/{id}/parts` says which have arrived and gives fresh links for the others.
    /// </remarks>
    private static async Task<IResult> Begin(Body<BeginUploadBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var b = body.Value;
        var begun = await mediator.Send(new BeginUpload(b.FileName, b.SizeBytes, b.MimeType, b.Sha256, b.OnTrashed ?? OnTrashed.Refuse, b.Texts), cancellationToken);
        if (!begun.Succeeded) return Problem.From(begun.Errors);

        var upload = await mediator.Send(new GetUpload(begun.Value), cancellationToken);
        var parts = await mediator.Send(new ListUploadParts(begun.Value), cancellationToken);
        if (!upload.Succeeded || !parts.Succeeded) return Problem.From([.. upload.Errors, .. parts.Errors]);
        return Respond.Created($"{ApiGroup.Prefix}/uploads/{begun.Value.Value}", new BegunUploadBody(upload.Value, parts.Value), upload.Value.Version);
    }

    /// <summary>What of an upload has arrived</summary>
    /// <remarks>Its parts, with fresh links for those that have not arrived. A file that is sent in one go is one part.</remarks>
    private static async Task<IResult> Parts(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListUploadParts(new(id)), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Complete an upload</summary>
    /// <remarks>
    /// When all bytes have been sent. The worker reads them, checks them as it does any upload's and makes an asset of them: the upload then is
    /// `completed` and names its `asset_id`, is `rejected` and says why, or is in `conflict` since the same bytes lie in the trash. With `Prefer: wait=10` the answer comes when that is done, or after ten seconds.
    /// Again is no error.
    /// </remarks>
    /// <param name="id">The upload.</param>
    /// <param name="sha256">The file's SHA-256 as hexadecimal, where it was not known before; it is checked.</param>
    private static async Task<IResult> Complete(Guid id, Preference preference, IMediator mediator, CancellationToken cancellationToken, string? sha256 = null)
    {
        var completed = await mediator.Send(new CompleteUpload(new(id), sha256), cancellationToken);
        return completed.Succeeded ? await Accepted(completed.Value, preference, mediator, cancellationToken) : Problem.From(completed.Errors);
    }

    /// <summary>Give an upload up</summary>
    /// <remarks>What it has sent so far goes. One that has come to an end stays as it is.</remarks>
    private static async Task<IResult> Abort(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var aborted = await mediator.Send(new AbortUpload(new(id), ifMatch.Version), cancellationToken);
        return aborted.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(aborted.Errors);
    }

    /// <summary>Decide on an upload whose bytes lie in the trash</summary>
    /// <remarks>
    /// An upload by links, by URL or by registration is in `conflict` when its bytes are those of an asset in the trash and it was not told to restore it. They are kept
    /// until somebody decides, or the upload expires (`expires_at`). `restore` takes the asset out of the trash, or makes a new one where it was purged meanwhile, and completes the upload;
    /// `discard` leaves it there, and rejects the upload.
    /// </remarks>
    /// <param name="id">The upload.</param>
    /// <param name="body">restore or discard.</param>
    /// <param name="ifMatch">The version that the caller has seen.</param>
    private static async Task<IResult> Resolve(Guid id, Body<ResolveBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var resolved = await mediator.Send(new ResolveUpload(new(id), body.Value.Action, ifMatch.Version), cancellationToken);
        return resolved.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(resolved.Errors);
    }

    /// <summary>Ask which files are known</summary>
    /// <remarks>Up to 1,000 SHA-256 as hexadecimal; each is answered with the client's asset that has these bytes, if there is one.</remarks>
    private static async Task<IResult> Check(Body<CheckBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new CheckHashes(body.Value.Hashes), cancellationToken)).Match(Respond.Ok, Problem.From);

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

    private static async Task<IResult> Accepted(UploadId id, Preference preference, IMediator mediator, CancellationToken cancellationToken)
    {
        if (preference.Wait > TimeSpan.Zero)
        {
            await mediator.Send(new AwaitUpload(id, preference.Wait), cancellationToken);
            preference.Applied();
        }

        return (await mediator.Send(new GetUpload(id), cancellationToken)).Match(upload => Respond.Accepted($"{ApiGroup.Prefix}/uploads/{id.Value}", upload), Problem.From);
    }

    /// <summary>An upload that has begun.</summary>
    /// <param name="Upload">The upload.</param>
    /// <param name="Parts">What to send, and where.</param>
    internal sealed record BegunUploadBody(UploadDetails Upload, IReadOnlyList<UploadPart> Parts);

    /// <param name="FileName">As it is called.</param>
    /// <param name="SizeBytes">All of its bytes.</param>
    /// <param name="MimeType">What it is, as the client knows; the bytes decide.</param>
    /// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
    /// <param name="OnTrashed">refuse, or restore, when the same bytes lie in the trash.</param>
    internal sealed record BeginUploadBody(
        string FileName, long SizeBytes, string? MimeType = null, string? Sha256 = null, OnTrashed? OnTrashed = null, string? Title = null, string? Description = null,
        string? AltText = null, string? Caption = null, IReadOnlyList<string>? Tags = null)
    {
        internal AssetTexts Texts => new(Title, Description, AltText, Caption, Tags ?? []);
    }

    /// <param name="Url">http or https; what stands behind the path, such as a signature, is kept to ourselves.</param>
    /// <param name="FileName">As it is to be called; left out, as the server calls it.</param>
    /// <param name="MimeType">What it is, as the client knows; the bytes decide.</param>
    /// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
    /// <param name="OnTrashed">refuse, or restore, when the same bytes lie in the trash.</param>
    internal sealed record FetchBody(
        string Url, string? FileName = null, string? MimeType = null, string? Sha256 = null, OnTrashed? OnTrashed = null, string? Title = null, string? Description = null,
        string? AltText = null, string? Caption = null, IReadOnlyList<string>? Tags = null)
    {
        internal AssetTexts Texts => new(Title, Description, AltText, Caption, Tags ?? []);
    }

    /// <param name="Action">restore or discard.</param>
    internal sealed record ResolveBody(ConflictAction Action);

    /// <param name="Hashes">SHA-256 as hexadecimal.</param>
    internal sealed record CheckBody(IReadOnlyList<string> Hashes);

    /// <param name="Items">1 to 500.</param>
    internal sealed record RegisterBody(IReadOnlyList<RegisterItem> Items);

    /// <param name="Uri">s3://bucket/key, the key as it is.</param>
    /// <param name="MimeType">What it is, as the client knows; the bytes decide.</param>
    /// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
    /// <param name="OnTrashed">refuse, or restore, when the same bytes lie in the trash.</param>
    internal sealed record RegisterItem(
        string Uri, string? MimeType = null, string? Sha256 = null, OnTrashed? OnTrashed = null, string? Title = null, string? Description = null, string? AltText = null,
        string? Caption = null, IReadOnlyList<string>? Tags = null)
    {
        internal AssetTexts Texts => new(Title, Description, AltText, Caption, Tags ?? []);
    }

    /// <summary>The use case counts the bytes of the file, and the form all others.</summary>
    private sealed class UnboundedBody : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => null;
    }
}
