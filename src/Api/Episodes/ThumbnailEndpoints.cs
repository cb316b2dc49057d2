using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Api.Media;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediatR;

namespace MediaPlatform.Api.Episodes;

/// <summary>The thumbnails of episodes, clips and outfits: one and the same for each.</summary>
internal static class ThumbnailEndpoints
{
    public static void MapThumbnails(this RouteGroupBuilder api)
    {
        Map(api, "/episodes", ThumbnailOwnerKind.Episode, "an episode", "Composed of its background (main_closet, else the first role) and the picture of its main outfit before it.", new { Source = "composed" });
        Map(api, "/clips", ThumbnailOwnerKind.Clip, "a clip", "The frame in the middle of its footage.", new { Source = "frame" });
        Map(api, "/outfits", ThumbnailOwnerKind.Outfit, "an outfit", "Its own picture, else those of up to four of its items beside each other.", new { Source = "composed" });
    }

    private static void Map(RouteGroupBuilder api, string path, ThumbnailOwnerKind kind, string owner, string automatic, object example)
    {
        var (name, code) = (kind.ToString(), Names.Of(kind).ToUpperInvariant());
        var group = api.MapGroup($"{path}/{{id:guid}}/thumbnail").Needs(Role.Viewer);
        Named(group.MapGet("/", (Guid id, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken) => Show(new(kind, id), mediator, links, cancellationToken)), "Get",
                $"Get the thumbnail of {owner}", $"{automatic} It is made when there is first something to make it of, and again when that changes; what is in place stays until then. `status` is none, pending, ready or failed, and `error_code` says why there is none.")
            .Returns<ThumbnailBody>(versioned: true);
        Named(group.MapGet("/{size}", async (Guid id, string size, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken) =>
                MediaEndpoints.ToLink(await mediator.Send(new FindThumbnail(new(kind, id), size), cancellationToken), links)), "GetSize",
                $"Get one size of the thumbnail of {owner}", "Redirects to a signed link, which needs no credentials. It works for at least an hour.")
            .ReturnsPlain(302, "To a signed link of the JPEG.").Problems(404, "THUMBNAIL_NOT_FOUND");
        Named(group.MapPut("/", (Guid id, Body<WantedBody> body, IfMatch ifMatch, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken) =>
                Choose(new(kind, id), body.Value.ToWanted(), ifMatch, mediator, links, cancellationToken)), "Choose",
                $"Say what the thumbnail of {owner} is made of", $"{automatic} That is what it is without a choice. A choice holds until it is taken back, whatever changes; while its picture is in the trash, the thumbnail is as without it. What is composed or custom is shown whole and padded, never distorted; a background fills the picture.")
            .Needs(Role.Editor).Returns<ThumbnailBody>(versioned: true).Example(example).Refuses(kind);
        Named(group.MapPost("/regenerate", async (Guid id, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new RegenerateThumbnail(new(kind, id)), cancellationToken)).Match(job => Respond.Accepted($"{ApiGroup.Prefix}/jobs/{job}", new RegeneratedBody(job)), Problem.From)), "Regenerate",
                $"Render the thumbnail of {owner} again", "Though nothing has changed. The job says how far it is.")
            .Needs(Role.Editor).Returns<RegeneratedBody>(202).Problems(423, "THUMBNAIL_SOURCES_ELSEWHERE", "THUMBNAIL_WITHOUT_SOURCES");
        Named(group.MapDelete("/", (Guid id, IfMatch ifMatch, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken) =>
                Choose(new(kind, id), wanted: null, ifMatch, mediator, links, cancellationToken)), "Reset",
                $"Take back what was said of the thumbnail of {owner}", automatic)
            .Needs(Role.Editor).Returns<ThumbnailBody>(versioned: true);

        RouteHandlerBuilder Named(RouteHandlerBuilder endpoint, string verb, string summary, string description) =>
            endpoint.WithName($"{name}Thumbnail_{verb}").WithTags(name).WithSummary(summary).WithDescription(description).Problems(404, $"{code}_NOT_FOUND").Problems(410, $"{code}_IN_TRASH");
    }

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, ThumbnailOwnerKind kind)
    {
        endpoint.Problems(400, "INVALID_NUMBER").Problems(422, "ASSET_NOT_A_PICTURE", "ASSET_NOT_FOUND", "VALIDATION_ERROR");
        if (kind is ThumbnailOwnerKind.Episode) endpoint.Problems(422, "CLIP_NOT_FOUND");
        else endpoint.Problems(422, "THUMBNAIL_SOURCE_UNFIT");
        return kind is ThumbnailOwnerKind.Outfit ? endpoint : endpoint.Problems(422, "CLIP_WITHOUT_FOOTAGE", "FRAME_OUT_OF_RANGE", "FRAME_RATE_UNKNOWN", "TIMECODE_FRAME_RATE", "TIMECODE_INVALID");
    }

    private static async Task<IResult> Choose(ThumbnailOwner owner, WantedSource? wanted, IfMatch ifMatch, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken)
    {
        var chosen = await mediator.Send(new ChooseThumbnail(owner, wanted, ifMatch.Version), cancellationToken);
        return chosen.Succeeded ? await Show(owner, mediator, links, cancellationToken) : Problem.From(chosen.Errors);
    }

    private static async Task<IResult> Show(ThumbnailOwner owner, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetThumbnail(owner), cancellationToken)).Match(thumbnail => Respond.Item(ThumbnailBody.From(thumbnail, links), thumbnail.Version), Problem.From);

    /// <param name="Source">composed, frame or custom.</param>
    /// <param name="ClipId">Of a frame for an episode: of which clip.</param>
    /// <param name="At">Of a frame, a timecode, counted from the beginning of the footage as 00:00:00:00.</param>
    /// <param name="AtSeconds">Of a frame, seconds from the beginning of the footage; without both, its middle.</param>
    /// <param name="AssetId">Of a custom picture: which one; a film gives its middle.</param>
    [ReadOnlyFields(typeof(ThumbnailBody))]
    internal sealed record WantedBody(ThumbnailSource Source, Guid? ClipId = null, string? At = null, double? AtSeconds = null, Guid? AssetId = null)
    {
        public WantedSource ToWanted() => new(Source, ClipId, At, AtSeconds, AssetId);
    }

    /// <param name="JobId">Its job.</param>
    internal sealed record RegeneratedBody(Guid JobId);

    /// <summary>A thumbnail on the wire.</summary>
    /// <param name="Status">none, pending, ready or failed.</param>
    /// <param name="Source">composed, frame or custom, as somebody has chosen; null where nobody has.</param>
    /// <param name="ClipId">Of a frame that was chosen for an episode.</param>
    /// <param name="AtSeconds">Of a frame that was chosen; null is the middle.</param>
    /// <param name="AssetId">Of a custom picture that was chosen.</param>
    /// <param name="Parts">What it is made of, or will be: assets, and the places that they have.</param>
    /// <param name="Renditions">What is in place, the largest first; it may be of before while the status is pending or failed.</param>
    internal sealed record ThumbnailBody(
        string Status, string? ErrorCode, string? ErrorMessage, string? Source, Guid? ClipId, double? AtSeconds, Guid? AssetId, PartBody[] Parts, RenditionBody[] Renditions, DateTimeOffset? RenderedAt,
        long Version)
    {
        public static ThumbnailBody From(ThumbnailDetails t, IMediaLinks links) => new(
            t.Status, t.ErrorCode, t.ErrorMessage, t.Chosen is null ? null : Names.Of(t.Chosen.Source), t.Chosen?.ClipId, t.Chosen?.Seconds, t.Chosen?.AssetId,
            [.. t.Parts.Select(part => new PartBody(part.AssetId, part.Place, part.Seconds))],
            [.. t.Renditions.Select(one => new RenditionBody(one.Size.Name, one.Object.MimeType, one.Size.Width, one.Size.Height, one.Object.SizeBytes, links.ToGet(one.Object)))], t.RenderedAt, t.Version);
    }

    /// <param name="Place">background, figure, column or whole.</param>
    /// <param name="Seconds">Of footage, where it is not its middle.</param>
    internal sealed record PartBody(Guid AssetId, string Place, double? Seconds);

    /// <param name="Size">1280x720, 640x360 or 320x180.</param>
    /// <param name="Url">A signed link that works for at least an hour, without credentials.</param>
    internal sealed record RenditionBody(string Size, string MimeType, int Width, int Height, long SizeBytes, string Url);
}
