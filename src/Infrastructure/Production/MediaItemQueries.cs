using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Production;

internal sealed class MediaItemQueries(DbSession db) : IQueryHandler<ListMediaItems, Page<MediaItemDetails>>, IQueryHandler<GetMediaItem, MediaItemDetails>, IQueryHandler<ListMediaOfSession, MediaItemDetails[]>,
      IQueryHandler<GetMediaOfSession, MediaItemDetails>
{
    private const string Columns = """
        r.id, r.session_id, r.asset_id, asset.type, asset.title, asset.captured_at,
        (select count(*)::int from set_media_items shown where shown.client_id = r.client_id and shown.media_item_id = r.id) as sets, r.created_at, r.created_by, r.updated_at, r.version
        """;

    private const string From = "media_items r join media_assets asset on asset.client_id = r.client_id and asset.id = r.asset_id join sessions s on s.client_id = r.client_id and s.id = r.session_id";

    private const string Seen = "asset.deleted_at is null and s.deleted_at is null";

    private const string SelectSeen = $"""
        select {Columns}
        from {From}
        where r.client_id = @ClientId and r.id = @Id and {Seen}
        """;

    private const string SelectOfSession = $"""
        select {Columns}
        from {From}
        where r.client_id = @ClientId and r.session_id = @SessionId and (@After::uuid is null or r.id > @After) and asset.deleted_at is null
        order by r.id
        limit @Limit
        """;

    private const string SelectInSession = $"""
        select {Columns}
        from {From}
        where r.client_id = @ClientId and r.session_id = @SessionId and r.asset_id = @AssetId and asset.deleted_at is null
        """;

    internal static readonly ListDefinition<MediaItemDetails> List = new(
        Columns,
        From,
        [
            new("id", "r.id", FieldType.Uuid),
            new("session_id", "r.session_id", FieldType.Uuid),
            new("asset_id", "r.asset_id", FieldType.Uuid),
            new("set_id", $"r.id in (select shown.media_item_id from set_media_items shown where shown.client_id = @ClientId and shown.set_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "A set that shows it" },
            new("captured_at", "asset.captured_at", FieldType.Instant, Nullable: true),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("created_by", "r.created_by", FieldType.Uuid, Nullable: true),
            new("version", "r.version", FieldType.Integer),
        ],
        row => row.Id,
        Visible: Seen);

    public Task<Result<Page<MediaItemDetails>>> Handle(ListMediaItems query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public async Task<Result<MediaItemDetails>> Handle(GetMediaItem query, CancellationToken cancellationToken) =>
        await db.Find<MediaItemDetails>(SelectSeen, new { db.ClientId, query.Id }, cancellationToken) is { } item ? item : new MediaItemNotFound(query.Id);

    public async Task<Result<MediaItemDetails>> Handle(GetMediaOfSession query, CancellationToken cancellationToken)
    {
        if (await db.FindHidden(SessionRecords.Table, query.SessionId, cancellationToken) is { } hidden) return hidden;
        return await db.Find<MediaItemDetails>(SelectInSession, new { db.ClientId, query.SessionId, query.AssetId }, cancellationToken) is { } item ? item : new MediaItemNotFound(query.AssetId);
    }

    public async Task<Result<MediaItemDetails[]>> Handle(ListMediaOfSession query, CancellationToken cancellationToken)
    {
        if (await db.FindHidden(SessionRecords.Table, query.SessionId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<MediaItemDetails>(SelectOfSession, new { db.ClientId, query.SessionId, query.After, query.Limit }, cancellationToken)).ToArray();
    }
}
