using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Media;

internal static partial class UploadEndpoints
{
    private static readonly string[] ExampleTags = ["rooftop"];
    private static readonly string[] ExampleHashes = ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];

    public static void MapUploads(this RouteGroupBuilder api)
    {
        var uploads = api.MapGroup("/uploads").Needs(Role.Viewer);
        uploads.MapList(new("Upload", "uploads", ListFields.Uploads, "Each way in, with what became of it. A guest sees the own.") { ShownToGuests = true }, request => new ListUploads(request));
        uploads.MapGet("/{id:guid}", Get).OrGuests().Returns<UploadDetails>(versioned: true).Problems(404, "UPLOAD_NOT_FOUND");
        uploads.MapPost("/", Begin).Needs(Role.Editor).OrGuests().Returns<BegunUploadBody>(201, versioned: true).Problems(422, "SESSION_NOT_FOUND").Problems(413, "UPLOAD_TOO_LARGE").Problems(429, "TOO_MANY_UPLOADS").Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE")
            .Example(new { FileName = "rooftop.mov", SizeBytes = 734_003_200, MimeType = "video/quicktime", Title = "The rooftop at dawn", Tags = ExampleTags });
        uploads.MapGet("/{id:guid}/parts", Parts).Needs(Role.Editor).OrGuests().Returns<IReadOnlyList<UploadPart>>().Problems(404, "UPLOAD_NOT_FOUND").Problems(410, "UPLOAD_EXPIRED")
            .Problems(423, "UPLOAD_NOT_OPEN", "UPLOAD_NOT_SENT").Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE");
        uploads.MapPost("/{id:guid}/complete", Complete).Needs(Role.Editor).OrGuests().Returns<UploadDetails>(202).Problems(404, "UPLOAD_NOT_FOUND").Problems(409, "PART_BUSY").Problems(410, "UPLOAD_EXPIRED")
            .Problems(422, "UPLOAD_HASH_MISMATCH", "UPLOAD_NOT_RECEIVED", "UPLOAD_PARTS_MISSING", "UPLOAD_SIZE_MISMATCH", "VALIDATION_ERROR").Problems(423, "UPLOAD_NOT_OPEN", "UPLOAD_NOT_SENT")
            .Problems(503, "STORAGE_FULL", "STORAGE_UNAVAILABLE");
        uploads.MapDelete("/{id:guid}", Abort).Needs(Role.Editor).OrGuests().Returns<UploadDetails>(versioned: true).Problems(404, "UPLOAD_NOT_FOUND").Problems(423, "UPLOAD_NOT_OPEN");
        uploads.MapPost("/{id:guid}/resolve", Resolve).Needs(Role.Editor).Returns<UploadDetails>(versioned: true).Problems(404, "UPLOAD_NOT_FOUND").Problems(422, "VALIDATION_ERROR").Problems(423, "UPLOAD_NOT_IN_CONFLICT", "UPLOAD_ACTION_UNFIT")
            .Example(new { Action = "restore" });
        uploads.MapPost("/check", Check).Needs(Role.Editor).Returns<IReadOnlyList<CheckedHash>>()
            .Example(new { Hashes = ExampleHashes });
        uploads.MapBatch("Upload", new BatchVerbs
        {
            Example = new { Op = "delete", Id = Guid.Empty },
            Delete = BatchVerb.Naming<AbortUpload, UploadId>(Role.Editor, item => new(new(item.Id), item.IfMatch)),
        });
    }

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

    /// <summary>Decide on an upload that is in conflict</summary>
    /// <remarks>
    /// An upload by links, by URL or by registration is in `conflict` when its bytes are those of an asset in the trash and it was not told to restore it. They are kept
    /// until somebody decides, or the upload expires (`expires_at`). `restore` takes the asset out of the trash, or makes a new one where it was purged meanwhile, and completes the upload;
    /// `discard` leaves it there, and rejects the upload.
    ///
    /// An upload, by whatever way, is in `conflict` also when it is for a session and its bytes are those of an asset of another one (`error_code` is `MEDIA_IN_ANOTHER_SESSION`). `move` moves the asset
    /// to the session of the upload, `keep` leaves it where it is and completes the upload, `discard` leaves it and rejects the upload.
    /// </remarks>
    /// <param name="id">The upload.</param>
    /// <param name="body">restore, discard, move or keep.</param>
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

    /// <summary>An upload that the worker is at; where the caller wants to wait, when it has come to an end.</summary>
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
    /// <param name="SessionId">In which session it was taken.</param>
    internal sealed record BeginUploadBody(
        string FileName, long SizeBytes, string? MimeType = null, string? Sha256 = null, OnTrashed? OnTrashed = null, string? Title = null, string? Description = null,
        string? AltText = null, string? Caption = null, IReadOnlyList<string>? Tags = null, Guid? SessionId = null)
    {
        internal AssetTexts Texts => new(Title, Description, AltText, Caption, Tags ?? [], SessionId);
    }

    /// <param name="Action">restore or discard where its bytes lie in the trash; move, keep or discard where they are of another session.</param>
    internal sealed record ResolveBody(ConflictAction Action);

    /// <param name="Hashes">SHA-256 as hexadecimal.</param>
    internal sealed record CheckBody(IReadOnlyList<string> Hashes);
}
