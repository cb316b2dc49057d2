using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Production;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Production;

/// <summary>Which media were taken in which session.</summary>
internal static class MediaItemEndpoints
{
    private const int ListedUnlessAsked = 100;

    public static void MapMediaItems(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/sessions/{id:guid}/media").Needs(Role.Viewer);
        sessions.MapGet("/", OfSession).WithTags("Session").Returns<MediaItemDetails[]>().Problems(404, "SESSION_NOT_FOUND").Problems(410, "SESSION_IN_TRASH").Problems(422, "VALIDATION_ERROR");
        sessions.MapPost("/", Put).WithTags("Session").Needs(Role.Editor).Returns<CountBody>().Problems(404, "SESSION_NOT_FOUND").Problems(409, "MEDIA_IN_ANOTHER_SESSION").Problems(410, "SESSION_IN_TRASH")
            .Problems(422, "ASSET_NOT_FOUND", "VALIDATION_ERROR").Example(new { AssetIds = Ids });
        sessions.MapPost("/move", Move).WithTags("Session").Needs(Role.Editor).Returns<CountBody>().Problems(404, "SESSION_NOT_FOUND").Problems(410, "SESSION_IN_TRASH").Problems(422, "MEDIA_ITEM_NOT_FOUND", "VALIDATION_ERROR")
            .Example(new { MediaItemIds = Ids });
        sessions.MapGet("/{asset_id:guid}", One).WithTags("Session").Returns<MediaItemDetails>(versioned: true).Problems(404, "SESSION_NOT_FOUND", "MEDIA_ITEM_NOT_FOUND").Problems(410, "SESSION_IN_TRASH");
        sessions.MapDelete("/{asset_id:guid}", Remove).WithTags("Session").Needs(Role.Editor).Returns<RemovedMedia>().Problems(404, "SESSION_NOT_FOUND", "MEDIA_ITEM_NOT_FOUND").Problems(410, "SESSION_IN_TRASH").Problems(423, "MEDIA_ITEM_IN_SETS");

        var items = api.MapGroup("/media-items").Needs(Role.Viewer);
        items.MapList(new("MediaItem", "media items", ListFields.MediaItems, "The media of all sessions, newest first. Those of assets and of sessions in the trash are left out."), request => new ListMediaItems(request));
        items.MapGet("/{id:guid}", Get).Returns<MediaItemDetails>(versioned: true).Problems(404, "MEDIA_ITEM_NOT_FOUND");
    }

    private static readonly Guid[] Ids = [Guid.Empty];

    /// <summary>List the media of a session</summary>
    /// <remarks>In the order in which they came into it. Those of assets in the trash are left out.</remarks>
    /// <param name="after">Those after this media item.</param>
    /// <param name="limit">At most so many, 1 to 500.</param>
    private static async Task<IResult> OfSession(Guid id, IMediator mediator, CancellationToken cancellationToken, Guid? after = null, int limit = ListedUnlessAsked) =>
        (await mediator.Send(new ListMediaOfSession(id, after, limit), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Put media into a session</summary>
    /// <remarks>All of them or, where one is of another session, none. An asset is of one session at most; one that is in it already stays as it is.</remarks>
    private static async Task<IResult> Put(Guid id, Body<MediaBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new PutMediaIntoSession(id, body.Value.AssetIds), cancellationToken)).Match(count => Respond.Ok(new CountBody(count)), Problem.From);

    /// <summary>Get an asset in a session</summary>
    private static async Task<IResult> One(Guid id, Guid asset_id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetMediaOfSession(id, asset_id), cancellationToken)).Match(item => Respond.Item(item, item.Version), Problem.From);

    /// <summary>Take an asset out of a session</summary>
    /// <remarks>The asset stays, and is of no session. One that a set shows is refused.</remarks>
    private static async Task<IResult> Remove(Guid id, Guid asset_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new TakeMediaOutOfSession(id, asset_id, ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(new RemovedMedia(id, asset_id)), Problem.From);

    /// <summary>Get a media item</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetMediaItem(id), cancellationToken)).Match(item => Respond.Item(item, item.Version), Problem.From);

    /// <summary>Move media of other sessions into a session</summary>
    /// <remarks>All of them or none. Whether the sets that show them are compilations is found out anew.</remarks>
    private static async Task<IResult> Move(Guid id, Body<MoveBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new MoveMedia(id, body.Value.MediaItemIds), cancellationToken)).Match(count => Respond.Ok(new CountBody(count)), Problem.From);

    /// <param name="AssetIds">1 to 500.</param>
    internal sealed record MediaBody(IReadOnlyList<Guid> AssetIds);

    /// <param name="MediaItemIds">1 to 500.</param>
    internal sealed record MoveBody(IReadOnlyList<Guid> MediaItemIds);

    /// <param name="Count">How many were written.</param>
    internal sealed record CountBody(int Count);

    /// <param name="SessionId">The session.</param>
    /// <param name="AssetId">The asset.</param>
    internal sealed record RemovedMedia(Guid SessionId, Guid AssetId);
}
