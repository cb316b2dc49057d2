using System.Security.Claims;
using System.Text.Json;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Media;

internal static class MediaEndpoints
{
    private const string ListRemarks =
        "Newest first. `q` searches titles, tags, captions, alternative texts, descriptions and file names, by the stems of their words; "
        + "very common words count only when there are no others. `tags[all]=a,b` filters by tags.";

    private const int DistanceUnlessAsked = 10;

    private static readonly string[] ExampleTags = ["dawn", "rooftop"];

    public static void MapMedia(this RouteGroupBuilder api)
    {
        var media = api.MapGroup("/media").Needs(Role.Viewer);
        media.MapList(
            new("Media", "media", ListFields.Media, ListRemarks), request => new ListMedia(request),
            static (asset, services) => MediaBody.From(asset, services.GetRequiredService<IMediaLinks>()));
        media.MapGet("/{id:guid}/content", Content).ReturnsPlain(302, "To a signed link of the original.").Problems(403, "S3_PREFIX_NOT_ALLOWED").Problems(404, "ASSET_NOT_FOUND").Problems(410, "ASSET_IN_TRASH");
        media.MapGet("/{id:guid}/variants/{preset}", Variant).AllowAnonymous().ReturnsPlain(302, "To a signed link of the rendition.").Problems(401, "UNAUTHENTICATED").Problems(404, "ASSET_NOT_FOUND", "VARIANT_NOT_FOUND").Problems(410, "ASSET_IN_TRASH");
        media.MapGet("/{id:guid}/timeline", Timeline).Returns<MediaTimeline>().Problems(404, "ASSET_NOT_FOUND").Problems(410, "ASSET_IN_TRASH");
        media.MapGet("/{id:guid}/similar", Similar).Returns<SimilarMediaBody[]>().Problems(404, "ASSET_NOT_FOUND").Problems(410, "ASSET_IN_TRASH").Problems(422, "VALIDATION_ERROR").Problems(423, "MEDIA_WITHOUT_PERCEPTUAL_HASH");
        media.MapPost("/{id:guid}/attach", Attach).Needs(Role.Editor).Returns<AttachmentDetails>(201, versioned: true).Problems(404, "ASSET_NOT_FOUND", "OWNER_NOT_FOUND")
            .Problems(400, "INVALID_NUMBER").Problems(409, "ALREADY_ATTACHED", "COVER_TAKEN").Problems(410, "ASSET_IN_TRASH").Problems(422, "VALIDATION_ERROR")
            .Example(new { OwnerType = "scene", OwnerId = "42", Role = "gallery", SortOrder = 1, Meta = new { Crop = "left" } });
        media.MapPost("/{id:guid}/reprocess", Reprocess).Needs(Role.Editor).Returns<MediaBody>(202).Problems(403, "S3_PREFIX_NOT_ALLOWED").Problems(404, "ASSET_NOT_FOUND")
            .Problems(410, "ASSET_IN_TRASH").Problems(423, "ASSET_NOT_PROCESSABLE");
        media.MapRecords(new RecordRoutes<MediaFields, MediaBody>("Media", MediaAsset.Kind, "an asset", new { Title = "The rooftop at dawn", Tags = ExampleTags, Visibility = "private", CustomFields = new { Mood = "cozy" } })
        {
            Show = Show, Creates = false, ShownToGuests = true, Remarks = "Made private, all share links of the asset end for good.",
        });
        media.MapSharing();
        media.MapWaysIn();
    }

    private static async Task<Result<Shown<MediaBody>>> Show(Guid id, bool includeDeleted, IServiceProvider services, CancellationToken cancellationToken)
    {
        var found = await services.GetRequiredService<IMediator>().Send(new GetMediaAsset(new(id), includeDeleted), cancellationToken);
        return found.Succeeded ? new Shown<MediaBody>(MediaBody.From(found.Value, services.GetRequiredService<IMediaLinks>()), found.Value.Version) : found.As<Shown<MediaBody>>();
    }

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
        var isKnown = context.User.HasClaim(claim => claim.Type == ClaimTypes.Role); // who has no right on media is as anybody here
        var own = isKnown ? await mediator.Send(new FindVariant(new(id), preset), cancellationToken) : new AssetNotFound(new(id));
        if (own.Succeeded || own.Errors[0] is not RecordNotFound) return ToLink(own, links);

        var everybodys = await mediator.Send(new FindPublicVariant(new(id), preset), cancellationToken);
        if (!everybodys.Succeeded) return isKnown ? Problem.From(own.Errors) : Results.Challenge();

        context.Response.Headers.CacheControl = "public, max-age=60"; // no longer than the shortest link works
        return ToLink(everybodys, links);
    }

    /// <summary>What happened to an asset</summary>
    /// <remarks>Its uploads, and every stage of every job with its errors, oldest first.</remarks>
    /// <param name="id">The asset.</param>
    /// <param name="include_deleted">Also when it is in the trash; for admins.</param>
    private static async Task<IResult> Timeline(Guid id, IMediator mediator, CancellationToken cancellationToken, bool include_deleted = false) =>
        (await mediator.Send(new GetMediaTimeline(new(id), include_deleted), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Find assets that look like one</summary>
    /// <remarks>
    /// Nearest first, then by id: other sizes, formats and qualities of a picture, and what differs little from it. Neither the asset itself nor what is in the trash. Compared are the `perceptual_hash`es, of a film that of
    /// its poster; a picture that was turned, mirrored or cut is another one. An asset without a hash is 423, and the message says why it has none.
    /// </remarks>
    /// <param name="id">The asset.</param>
    /// <param name="distance">In how many of the 64 bits the hashes may differ, 0 to 11: up to 4 is nearly always the same picture, above 8 others are among them.</param>
    /// <param name="limit">At most so many, 1 to 200.</param>
    /// <param name="type">Only image, video, audio or document; all, when left out.</param>
    private static async Task<IResult> Similar(
        Guid id, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken, int distance = DistanceUnlessAsked, int limit = ListRequest.DefaultLimit, string? type = null)
    {
        var wanted = Names.Parse<MediaType>(type);
        if (type is not null && wanted is null)
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "VALIDATION_ERROR", $"\"{type}\" is not one of {string.Join(", ", Names.All<MediaType>())}.", "type");

        return (await mediator.Send(new FindSimilarMedia(new(id), distance, limit, wanted), cancellationToken)).Match(
            found => Respond.Ok(Array.ConvertAll(found, one => new SimilarMediaBody(MediaBody.From(one.Asset, links), one.Distance))), Problem.From);
    }

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

    internal static IResult ToLink(Result<LinkedObject> found, IMediaLinks links) => found.Match(target => Results.Redirect(links.ToGet(target)), Problem.From);

    /// <param name="OwnerType">Lower case, such as scene.</param>
    /// <param name="OwnerId">The owner's id in its own system.</param>
    /// <param name="Role">cover, inline, gallery or reference.</param>
    /// <param name="SortOrder">Among the owner's media of this role, ascending.</param>
    /// <param name="Meta">A JSON object of the caller's own.</param>
    [ReadOnlyFields(typeof(AttachmentDetails))]
    internal sealed record AttachBody(string OwnerType, string OwnerId, AttachmentRole Role, int SortOrder = 0, JsonElement? Meta = null);
}
