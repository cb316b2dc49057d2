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
            storage_provider, storage_key, status, source, provider, source_url, tags, created_at, created_by_kind, created_by, updated_at)
        values (
            @ClientId, @Id, @Type, @Format, @MimeType, normalize(@Title), normalize(@Description), normalize(@AltText), normalize(@Caption), normalize(@FileName),
            @SizeBytes, @Sha256,
            @StorageProvider, @StorageKey, @Status, @Source, @Provider, @SourceUrl,
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
        select id, type, format, status, version, deleted_at
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

    public async Task<FoundAsset> AddOrFind(NewAsset asset, CancellationToken cancellationToken)
    {
        var row = new
        {
            db.ClientId, Id = asset.Id.Value, Type = Names.Of(asset.Format.Type), Format = asset.Format.Name, asset.Format.MimeType, asset.Texts.Title,
            asset.Texts.Description, asset.Texts.AltText, asset.Texts.Caption, asset.FileName, asset.SizeBytes, asset.Sha256, asset.StorageProvider, asset.StorageKey,
            Status = Names.Of(asset.Status), asset.Source, asset.Provider, asset.SourceUrl, Tags = asset.Texts.Tags.ToArray(),
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

    public Task SaveProcessing(AssetId id, CancellationToken cancellationToken) =>
        db.Execute(UpdateProcessing, new { db.ClientId, Id = id.Value, Now = time.GetUtcNow() }, cancellationToken);

    public Task AddTags(AssetId id, IReadOnlyList<string> tags, CancellationToken cancellationToken) => db.Execute(
        UpdateTags, new { db.ClientId, Id = id.Value, Tags = tags.ToArray(), Domain.Tagging.Tags.MaxCount, Now = time.GetUtcNow() }, cancellationToken);

    private async Task<MediaAsset?> Find(string select, AssetId id, CancellationToken cancellationToken) =>
        await db.Find<Row>(select, new { db.ClientId, Id = id.Value }, cancellationToken) is { } row
            ? new MediaAsset(
                new(row.Id), Names.Require<MediaType>(row.Type), FileFormats.All.First(format => format.Name == row.Format),
                Names.Require<AssetStatus>(row.Status), row.Version, row.DeletedAt)
            : null;

    private sealed record HashRow(Guid Id, DateTimeOffset? DeletedAt);

    private sealed record Row(Guid Id, string Type, string Format, string Status, int Version, DateTimeOffset? DeletedAt);
}
