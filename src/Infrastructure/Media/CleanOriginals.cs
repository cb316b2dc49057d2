using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class CleanOriginals(DbSession db, IProcessedMedia media, TimeProvider time) : ICleanOriginals, IJobSubject
{
    // The asset is held: a purge that goes on at this moment is waited for, and then there is nothing to insert.
    private const string Upsert = """
        with asset as (
            select client_id, id, width, height
            from media_assets
            where client_id = @ClientId and id = @AssetId
            for key share
        ), old as (
            select storage_provider, storage_key
            from media_variants
            where client_id = @ClientId and asset_id = @AssetId and preset = 'original'
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason)
            select @ClientId, storage_provider, storage_key, 'replaced'
            from old
            where (storage_provider, storage_key) <> (@StorageProvider, @StorageKey)
        )
        insert into media_variants (
            client_id, id, asset_id, kind, preset, recipe, format, mime_type, width, height, size_bytes, storage_provider, storage_key, created_at)
        select client_id, @Id::uuid, id, 'original', 'original', @Recipe::int, @Format::text, @MimeType::text, width, height, @SizeBytes::bigint, @StorageProvider::text, @StorageKey::text, @Now::timestamptz
        from asset
        on conflict on constraint media_variants_one_per_preset do update
        set recipe = excluded.recipe, format = excluded.format, mime_type = excluded.mime_type, width = excluded.width, height = excluded.height,
            size_bytes = excluded.size_bytes, storage_provider = excluded.storage_provider, storage_key = excluded.storage_key, created_at = excluded.created_at
        """;

    public string SubjectType => "original_copy";

    public async Task Save(AssetId id, FileFormat format, long sizeBytes, string provider, string key, CancellationToken cancellationToken)
    {
        var saved = await db.Execute(
            Upsert,
            new
            {
                db.ClientId, Id = Guid.CreateVersion7(), AssetId = id.Value, ICleanOriginals.Recipe, Format = format.Extension, format.MimeType, SizeBytes = sizeBytes,
                StorageProvider = provider, StorageKey = key, Now = time.GetUtcNow(),
            },
            cancellationToken);
        if (saved == 0) await media.LetGo(id, cancellationToken);
    }

    public Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken) => media.LetGo(new(subjectId), cancellationToken);

    public Task Left(Guid subjectId, CancellationToken cancellationToken) => media.LetGo(new(subjectId), cancellationToken);

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) => Task.CompletedTask;
}
