using System.Text.Json;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Media;

internal static class MediaEndpoints
{
    public static void MapMedia(this RouteGroupBuilder api)
    {
        var media = api.MapGroup("/media").Needs(Role.Viewer);
        media.MapGet("/", List).Lists<MediaBody>(ListFields.Media.Fields, ListFields.Media.Sorts);
        media.MapGet("/{id:guid}", Get).Returns<MediaBody>(versioned: true).Problems(404, "ASSET_NOT_FOUND").Problems(410, "ASSET_IN_TRASH");
        media.MapGet("/{id:guid}/content", Content).ReturnsPlain(302, "To a signed link of the original.").Problems(403, "S3_PREFIX_NOT_ALLOWED").Problems(404, "ASSET_NOT_FOUND").Problems(410, "ASSET_IN_TRASH");
        media.MapGet("/{id:guid}/variants/{preset}", Variant).AllowAnonymous().ReturnsPlain(302, "To a signed link of the rendition.").Problems(401, "UNAUTHENTICATED").Problems(404, "ASSET_NOT_FOUND", "VARIANT_NOT_FOUND").Problems(410, "ASSET_IN_TRASH");
        media.MapGet("/{id:guid}/timeline", Timeline).Returns<MediaTimeline>().Problems(404, "ASSET_NOT_FOUND").Problems(410, "ASSET_IN_TRASH");
        media.MapPost("/{id:guid}/attach", Attach).Needs(Role.Editor).Returns<AttachmentDetails>(201, versioned: true).Problems(404, "ASSET_NOT_FOUND", "OWNER_NOT_FOUND")
            .Problems(400, "INVALID_NUMBER").Problems(409, "ALREADY_ATTACHED", "COVER_TAKEN").Problems(410, "ASSET_IN_TRASH").Problems(422, "VALIDATION_ERROR")
            .Example(new { OwnerType = "scene", OwnerId = "42", Role = "gallery", SortOrder = 1, Meta = new { Crop = "left" } });
        media.MapPost("/{id:guid}/reprocess", Reprocess).Needs(Role.Editor).Returns<MediaBody>(202).Problems(403, "S3_PREFIX_NOT_ALLOWED").Problems(404, "ASSET_NOT_FOUND")
            .Problems(410, "ASSET_IN_TRASH").Problems(423, "ASSET_NOT_PROCESSABLE");
        media.MapPost("/{id:guid}/restore", Restore).Needs(Role.Admin).Returns<MediaBody>(versioned: true).Problems(404, "ASSET_NOT_FOUND").Problems(423, "ASSET_NOT_IN_TRASH");
        media.MapDelete("/{id:guid}", Delete).Needs(Role.Editor).Returns<TrashedMedia>().Problems(403, "ROLE_TOO_LOW").Problems(404, "ASSET_NOT_FOUND")
            .Problems(410, "ASSET_IN_TRASH").Problems(422, "VALIDATION_ERROR");
        media.MapSharing();
        media.MapUpload();
    }

    /// <summary>List the library</summary>
    /// <remarks>Newest first. `q` searches titles, tags, captions, alternative texts, descriptions and file names, by the stems of their words; very common words count only when there are no others. `tags[all]=a,b` filters by tags.</remarks>
    private static async Task<IResult> List(ListQuery query, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(new ListMedia(query.Request), cancellationToken);
        return page.Match(
            found => Respond.Page(new Page<MediaBody>(
                [.. found.Items.Select(asset => MediaBody.From(asset, links))], found.Limit, found.NextCursor, found.Total, found.TotalIsCapped)),
            Problem.From);
    }

    /// <summary>Get an asset with its variants</summary>
    /// <param name="id">The asset.</param>
    /// <param name="include_deleted">Also when it is in the trash; for admins.</param>
    private static async Task<IResult> Get(Guid id, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken, bool include_deleted = false) =>
        (await mediator.Send(new GetMediaAsset(new(id), include_deleted), cancellationToken))
            .Match(asset => Respond.Item(MediaBody.From(asset, links), asset.Version), Problem.From);

    /// <summary>Get the original</summary>
    /// <remarks>Redirects to a signed link, which takes Range and needs no credentials. It works for at least an hour.</remarks>
    private static async Task<IResult> Content(Guid id, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken) =>
        ToLink(await mediator.Send(new FindContent(new(id)), cancellationToken), links);

    /// <summary>Get a rendition</summary>
    /// <remarks>Redirects to a signed link, as the original does. Of a public asset it needs no credentials, and may be cached for a minute.</remarks>
    /// <param name="id">The asset.</param>
    /// <param name="preset">thumb, preview or poster.</param>
    private static async Task<IResult> Variant(Guid id, string preset, HttpContext context, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        var isKnown = context.User.Identity is { IsAuthenticated: true };
        var own = isKnown ? await mediator.Send(new FindVariant(new(id), preset), cancellationToken) : new AssetNotFound(new(id));
        if (own.Succeeded || own.Errors[0] is not AssetNotFound) return ToLink(own, links);

        var everybodys = await mediator.Send(new FindPublicVariant(new(id), preset), cancellationToken);
        if (!everybodys.Succeeded || everybodys.Value.Content is not { } content) return isKnown ? Problem.From(own.Errors) : Results.Challenge(authenticationSchemes: [Authentication.ApiKeyScheme]);

        context.Response.Headers.CacheControl = "public, max-age=60"; // no longer than the shortest link works
        return ToLink(content, links);
    }

    /// <summary>What happened to an asset</summary>
    /// <remarks>Its uploads, and every stage of every job with its errors, oldest first.</remarks>
    /// <param name="id">The asset.</param>
    /// <param name="include_deleted">Also when it is in the trash; for admins.</param>
    private static async Task<IResult> Timeline(Guid id, IMediator mediator, CancellationToken cancellationToken, bool include_deleted = false) =>
        (await mediator.Send(new GetMediaTimeline(new(id), include_deleted), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Attach an asset to an owner</summary>
    /// <remarks>An owner has one cover, and an asset once in each role. A cover that is in the trash gives way to a new one and becomes a reference, for the case that it is restored. Owners outside the platform are made known by PUT /owners first.</remarks>
    private static async Task<IResult> Attach(Guid id, Body<AttachBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var (ownerType, ownerId, role, sortOrder, meta) = body.Value;
        var attached = await mediator.Send(new AttachMedia(new(id), ownerType, ownerId, role, sortOrder, meta), cancellationToken);
        if (!attached.Succeeded) return Problem.From(attached.Errors);

        return (await mediator.Send(new GetAttachment(attached.Value), cancellationToken))
            .Match(attachment => Respond.Created($"{ApiGroup.Prefix}/attachments/{attachment.Id}", attachment, attachment.Version), Problem.From);
    }

    /// <summary>Probe and render an asset again</summary>
    private static async Task<IResult> Reprocess(Guid id, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        var processing = await mediator.Send(new ReprocessMedia(new(id)), cancellationToken);
        if (!processing.Succeeded) return Problem.From(processing.Errors);

        return (await mediator.Send(new GetMediaAsset(new(id)), cancellationToken))
            .Match(asset => Respond.Accepted($"{ApiGroup.Prefix}/media/{id}", MediaBody.From(asset, links)), Problem.From);
    }

    /// <summary>Take an asset out of the trash</summary>
    private static async Task<IResult> Restore(Guid id, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        var restored = await mediator.Send(new RestoreMedia(new(id)), cancellationToken);
        return restored.Succeeded ? await Get(id, mediator, links, cancellationToken) : Problem.From(restored.Errors);
    }

    /// <summary>Move an asset to the trash, or delete it for good</summary>
    /// <remarks>The answer says what went along. With `purge=true` the row, its variants and its objects are deleted for good; that is for admins, and within an hour for whoever brought it in.</remarks>
    /// <param name="id">The asset.</param>
    /// <param name="ifMatch">The version that the caller has seen.</param>
    /// <param name="reason">Kept with what is in the trash.</param>
    /// <param name="purge">For good.</param>
    private static async Task<IResult> Delete(
        Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken, string? reason = null, bool purge = false) => purge
        ? (await mediator.Send(new PurgeMedia(new(id), ifMatch.Version), cancellationToken)).Match(Respond.Ok, Problem.From)
        : (await mediator.Send(new TrashMedia(new(id), reason, ifMatch.Version), cancellationToken)).Match(Respond.Ok, Problem.From);

    private static IResult ToLink(Result<StoredContent> found, IMediaLinks links) => found.Match(
        content => Results.Redirect(links.ToGet(new(content.StorageProvider, content.StorageKey, content.MimeType, content.SizeBytes, content.FileName, content.IsPublic))), Problem.From);

    /// <param name="OwnerType">Lower case, such as scene.</param>
    /// <param name="OwnerId">The owner's id in its own system.</param>
    /// <param name="Role">cover, inline, gallery or reference.</param>
    /// <param name="SortOrder">Among the owner's media of this role, ascending.</param>
    /// <param name="Meta">A JSON object of the caller's own.</param>
    [ReadOnlyFields(typeof(AttachmentDetails))]
    internal sealed record AttachBody(string OwnerType, string OwnerId, AttachmentRole Role, int SortOrder = 0, JsonElement? Meta = null);
}
