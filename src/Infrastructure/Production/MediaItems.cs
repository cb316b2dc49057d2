using MediaPlatform.Application.Production;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Production;

internal sealed class MediaItems(DbSession db, TimeProvider time) : IMediaItems
{
    private const string SelectAssets = """
        select asset.id as asset_id, item.session_id
        from (
            select id
            from media_assets
            where client_id = @ClientId and id = any(@Ids) and deleted_at is null
            order by id
            for share
        ) asset
        left join media_items item on item.client_id = @ClientId and item.asset_id = asset.id
        """;

    private const string Insert = """
        insert into media_items (client_id, id, session_id, asset_id, created_at, created_by_kind, created_by, updated_at)
        select @ClientId, id, @SessionId, asset_id, @Now, @ActorKind, @ActorId, @Now
        from unnest(@ItemIds::uuid[], @Ids::uuid[]) given (id, asset_id)
        order by asset_id
        on conflict on constraint media_items_asset_once do nothing
        """;

    // Whoever put one of them into another session meanwhile is seen here: an insert that did nothing has waited for that one.
    private const string SelectElsewhere = """
        select asset_id, session_id
        from media_items
        where client_id = @ClientId and asset_id = any(@Ids) and session_id <> @SessionId
        order by asset_id
        limit 1
        """;

    private const string LockSets = """
        select id
        from sets
        where client_id = @ClientId and id in (select set_id from set_media_items where client_id = @ClientId and media_item_id = any(@Ids))
        order by id
        for update
        """;

    private const string LockSetsShowingAsset = """
        select id
        from sets
        where client_id = @ClientId and id in (
            select shown.set_id
            from media_items item
            join set_media_items shown on shown.client_id = item.client_id and shown.media_item_id = item.id
            where item.client_id = @ClientId and item.asset_id = @AssetId)
        order by id
        for update
        """;

    private const string SelectForUpdate = """
        select id, session_id, asset_id, version
        from media_items
        where client_id = @ClientId and id = any(@Ids)
        order by id
        for update
        """;

    private const string SelectInSession = """
        select id, session_id, asset_id, version
        from media_items
        where client_id = @ClientId and session_id = @SessionId and asset_id = @AssetId
        for update
        """;

    private const string Update = """
        update media_items
        set session_id = @SessionId, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = any(@Ids) and session_id <> @SessionId
        """;

    private const string SelectIsInSets = """
        select exists (
            select from set_media_items
            where client_id = @ClientId and media_item_id = @Id)
        """;

    private const string Delete = """
        delete from media_items
        where client_id = @ClientId and id = @Id
        """;

    public Task<IReadOnlyList<PlacedAsset>> FindAssets(IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken) =>
        db.List<PlacedAsset>(SelectAssets, new { db.ClientId, Ids = assetIds.ToArray() }, cancellationToken);

    public async Task<int> Add(Guid sessionId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken) => await db.Execute(
        Insert,
        new
        {
            db.ClientId, SessionId = sessionId, Ids = assetIds.ToArray(), ItemIds = assetIds.Select(_ => Guid.CreateVersion7()).ToArray(), Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId,
        },
        cancellationToken);

    public Task<PlacedAsset?> FindElsewhere(Guid sessionId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken) =>
        db.Find<PlacedAsset>(SelectElsewhere, new { db.ClientId, SessionId = sessionId, Ids = assetIds.ToArray() }, cancellationToken);

    public Task LockSetsOf(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => db.List<Guid>(LockSets, new { db.ClientId, Ids = ids.ToArray() }, cancellationToken);

    public Task LockSetsOfAsset(Guid assetId, CancellationToken cancellationToken) => db.List<Guid>(LockSetsShowingAsset, new { db.ClientId, AssetId = assetId }, cancellationToken);

    public Task<IReadOnlyList<MediaItem>> FindForUpdate(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => db.List<MediaItem>(SelectForUpdate, new { db.ClientId, Ids = ids.ToArray() }, cancellationToken);

    public Task<MediaItem?> FindInSession(Guid sessionId, Guid assetId, CancellationToken cancellationToken) =>
        db.Find<MediaItem>(SelectInSession, new { db.ClientId, SessionId = sessionId, AssetId = assetId }, cancellationToken);

    public Task<int> Move(Guid sessionId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        db.Execute(Update, new { db.ClientId, SessionId = sessionId, Ids = ids.ToArray(), Now = time.GetUtcNow() }, cancellationToken);

    public Task<bool> IsInSets(Guid id, CancellationToken cancellationToken) => db.Single<bool>(SelectIsInSets, new { db.ClientId, Id = id }, cancellationToken);

    public Task Remove(Guid id, CancellationToken cancellationToken) => db.Execute(Delete, new { db.ClientId, Id = id }, cancellationToken);
}
