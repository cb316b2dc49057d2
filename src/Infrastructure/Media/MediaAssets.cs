using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class MediaAssets(DbSession db, TimeProvider time) : IMediaAssets
{
    private const string Insert = """
        insert into media_assets (
            client_id, id, type, format, mime_type, title, description, alt_text, caption, original_filename, size_bytes, sha256,
            storage_provider, storage_key, status, source, source_url, tags, created_at, created_by_kind, created_by, updated_at)
        values (
            @ClientId, @Id, @Type, @Format, @MimeType, normalize(@Title), normalize(@Description), normalize(@AltText), normalize(@Caption), normalize(@FileName),
            @SizeBytes, @Sha256,
            @StorageProvider, @StorageKey, @Status, @Source, @SourceUrl,
            array(select normalize(tag) from unnest(@Tags::text[]) with ordinality as given (tag, place) group by 1 order by min(place)), @Now, @CreatedByKind, @CreatedBy, @Now)
        on conflict on constraint media_assets_one_per_hash do nothing
        """;

    private const string SelectByHash = """
        select id, deleted_at
        from media_assets
        where client_id = @ClientId and sha256 = @Sha256
        for update
        """;

    private const string SelectOne = """
        select id, type, format, status, version, created_at, created_by_kind, created_by, deleted_at
        from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectForUpdate = $"""
        {SelectOne}
        for update
        """;

    private const string SelectForShare = $"""
        {SelectOne}
        for share
        """;

    private const string SelectMayBeRead = """
        select may_read_original(client_id, storage_key)
        from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateTrashed = """
        update media_assets
        set deleted_at = @DeletedAt, deleted_by_kind = @ActorKind, deleted_by = @ActorId, deleted_reason = @Reason,
            restored_at = null, restored_by_kind = null, restored_by = null, updated_at = @DeletedAt, version = version + 1
        where client_id = @ClientId and id = @Id
        returning (select count(*)::int from media_attachments a where a.client_id = @ClientId and a.asset_id = @Id)
        """;

    private const string UpdateRestored = """
        update media_assets
        set deleted_at = null, deleted_by_kind = null, deleted_by = null, deleted_reason = null,
            restored_at = @Now, restored_by_kind = @ActorKind, restored_by = @ActorId, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateProcessing = """
        update media_assets
        set status = 'processing', error_code = null, error_message = null, updated_at = @Now
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateTags = """
        update media_assets
        set tags = (media_assets.tags || new.tags)[1:@MaxCount], updated_at = @Now, version = version + 1
        from (
            select array_agg(tag order by place) as tags
            from (
                select normalize(given.tag) as tag, min(given.place) as place
                from unnest(@Tags::text[]) with ordinality as given (tag, place)
                group by 1
            ) composed
            where tag <> all (select unnest(tags) from media_assets where client_id = @ClientId and id = @Id)
        ) new
        where client_id = @ClientId and id = @Id and new.tags is not null
        """;

    private const string LetObjectsGo = """
        with object as (
            select storage_provider, storage_key, size_bytes, false as is_variant
            from media_assets
            where client_id = @ClientId and id = @Id
            union all
            select storage_provider, storage_key, size_bytes, true
            from media_variants
            where client_id = @ClientId and asset_id = @Id
        ), folder as (
            select storage_provider, regexp_replace(storage_key, '[^/]+$', '') as storage_key
            from object
            where storage_key not like 's3://%' -- a registered original stays with its owner
            union
            select storage_provider, renditions_folder(@Id)
            from object
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason)
            select @ClientId, storage_provider, storage_key, 'purged'
            from folder
        )
        select
            @Id as id,
            (count(*) filter (where is_variant))::int as variants,
            (select count(*)::int from media_attachments where client_id = @ClientId and asset_id = @Id) as attachments,
            count(*)::int as objects,
            sum(size_bytes)::bigint as bytes
        from object
        """;

    private const string Delete = """
        delete from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectPurgeable = """
        select asset.id
        from media_assets asset
        join clients client on client.id = asset.client_id
        where asset.client_id = @ClientId and asset.deleted_at < @Now::timestamptz - make_interval(days => client.trash_retention_days)
        order by asset.deleted_at
        limit @Limit
        for update of asset skip locked
        """;

    public async Task<FoundAsset> AddOrFind(NewAsset asset, CancellationToken cancellationToken)
    {
        var row = new
        {
            db.ClientId, Id = asset.Id.Value, Type = Names.Of(asset.Format.Type), Format = asset.Format.Name, asset.Format.MimeType, asset.Texts.Title,
            asset.Texts.Description, asset.Texts.AltText, asset.Texts.Caption, asset.FileName, asset.SizeBytes, asset.Sha256, asset.StorageProvider, asset.StorageKey,
            Status = Names.Of(asset.Status), asset.Source, asset.SourceUrl, Tags = asset.Texts.Tags.ToArray(),
            CreatedByKind = asset.CreatedBy?.Kind ?? db.Caller.KindName, CreatedBy = asset.CreatedBy is { } by ? by.Id : db.Caller.ActorId, Now = time.GetUtcNow(),
        };

        // Whoever comes second waits on the constraint for the first. Only when the first is purged in between is there neither.
        while (true)
        {
            if (await db.Execute(Insert, row, cancellationToken) == 1) return new FoundAsset(asset.Id, Added: true, DeletedAt: null);
            if (await db.Find<HashRow>(SelectByHash, new { db.ClientId, asset.Sha256 }, cancellationToken) is { } found)
                return new FoundAsset(new(found.Id), Added: false, found.DeletedAt);
        }
    }

    public Task<MediaAsset?> FindForUpdate(AssetId id, CancellationToken cancellationToken) => Find(SelectForUpdate, id, cancellationToken);

    public Task<MediaAsset?> FindForShare(AssetId id, CancellationToken cancellationToken) => Find(SelectForShare, id, cancellationToken);

    public Task<bool> MayReadOriginal(AssetId id, CancellationToken cancellationToken) => db.Single<bool>(SelectMayBeRead, new { db.ClientId, Id = id.Value }, cancellationToken);

    public Task<int> SaveTrashed(MediaAsset asset, string? reason, CancellationToken cancellationToken) => db.Single<int>(
        UpdateTrashed, new { db.ClientId, Id = asset.Id.Value, asset.DeletedAt, ActorKind = db.Caller.KindName, db.Caller.ActorId, Reason = reason }, cancellationToken);

    public Task SaveRestored(MediaAsset asset, CancellationToken cancellationToken) => db.Execute(UpdateRestored, Of(asset.Id), cancellationToken);

    public Task SaveProcessing(AssetId id, CancellationToken cancellationToken) => db.Execute(UpdateProcessing, Of(id), cancellationToken);

    public Task AddTags(AssetId id, IReadOnlyList<string> tags, CancellationToken cancellationToken) => db.Execute(
        UpdateTags, new { db.ClientId, Id = id.Value, Tags = tags.ToArray(), Domain.Media.Tags.MaxCount, Now = time.GetUtcNow() }, cancellationToken);

    public async Task<PurgedAsset> Purge(AssetId id, CancellationToken cancellationToken)
    {
        var purged = await db.Single<PurgedAsset>(LetObjectsGo, Of(id), cancellationToken);
        await db.Execute(Delete, Of(id), cancellationToken);
        return purged;
    }

    public async Task<IReadOnlyList<AssetId>> FindPurgeable(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        [.. (await db.List<Guid>(SelectPurgeable, new { db.ClientId, Now = now, Limit = limit }, cancellationToken)).Select(id => new AssetId(id))];

    private async Task<MediaAsset?> Find(string select, AssetId id, CancellationToken cancellationToken) =>
        await db.Find<Row>(select, Of(id), cancellationToken) is { } row
            ? new MediaAsset(
                new(row.Id), Names.Require<MediaType>(row.Type), FileFormats.All.First(format => format.Name == row.Format),
                Names.Require<AssetStatus>(row.Status), row.Version, row.CreatedAt, row.CreatedByKind, row.CreatedBy, row.DeletedAt)
            : null;

    private object Of(AssetId id) => new { db.ClientId, Id = id.Value, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() };

    private sealed record HashRow(Guid Id, DateTimeOffset? DeletedAt);

    private sealed record Row(
        Guid Id, string Type, string Format, string Status, int Version, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset? DeletedAt);
}
