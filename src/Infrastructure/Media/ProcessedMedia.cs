using System.Text.Json;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class ProcessedMedia(DbSession db, IMediaStore store, TimeProvider time) : IProcessedMedia, IJobSubject
{
    private const string SelectSource = """
        select format, storage_provider, storage_key
        from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateReady = """
        update media_assets
        set status = 'ready', error_code = null, error_message = null, type = @Type, width = @Width, height = @Height, frames = @Frames,
            duration_ms = @DurationMs, frame_rate = @FrameRate, video_codec = @VideoCodec, audio_codec = @AudioCodec, bit_rate = @BitRate, has_audio = @HasAudio,
            placeholder_hash = @PlaceholderHash, dominant_colors = @DominantColors, captured_at = @CapturedAt, exif = @Exif::jsonb, gps = @Gps::jsonb,
            processing_warnings = @Warnings::jsonb, updated_at = @Now
        where client_id = @ClientId and id = @Id
        """;

    private const string UpsertVariant = """
        with old as (
            select storage_provider, storage_key
            from media_variants
            where client_id = @ClientId and asset_id = @AssetId and preset = @Preset
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason)
            select @ClientId, storage_provider, storage_key, 'replaced'
            from old
            where storage_key <> @StorageKey
        )
        insert into media_variants (
            client_id, id, asset_id, kind, preset, recipe, format, mime_type, width, height, size_bytes, storage_provider, storage_key, created_at)
        values (
            @ClientId, @Id, @AssetId, @Kind, @Preset, @Recipe, @Format, @MimeType, @Width, @Height, @SizeBytes, @StorageProvider, @StorageKey, @Now)
        on conflict on constraint media_variants_one_per_preset do update
        set kind = excluded.kind, recipe = excluded.recipe, format = excluded.format, mime_type = excluded.mime_type, width = excluded.width,
            height = excluded.height, size_bytes = excluded.size_bytes, storage_provider = excluded.storage_provider, storage_key = excluded.storage_key,
            created_at = excluded.created_at
        """;

    private const string InsertDeletion = """
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        values (@ClientId, @StorageProvider, @StorageKey, 'purged')
        """;

    // What the job stored after a purge is in nobody's way but the disk's, and no later attempt comes to let go of it.
    private const string UpdateFailed = """
        with failed as (
            update media_assets
            set status = 'failed', error_code = @Code, error_message = @Message, updated_at = @Now
            where client_id = @ClientId and id = @Id and status = 'processing'
        )
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select @ClientId, @StorageProvider, @StorageKey, 'purged'
        where not exists (select from media_assets where client_id = @ClientId and id = @Id)
        """;

    private const string UpdateResumed = """
        update media_assets
        set status = 'processing', error_code = null, error_message = null, updated_at = @Now
        where client_id = @ClientId and id = @Id
        """;

    public string SubjectType => "media_asset";

    public async Task<ProcessingSource?> Find(Guid clientId, AssetId id, CancellationToken cancellationToken) =>
        await db.Find<Row>(SelectSource, new { ClientId = clientId, Id = id.Value }, cancellationToken) is { } row
            ? new ProcessingSource(id, FileFormats.All.First(format => format.Name == row.Format), row.StorageProvider, row.StorageKey)
            : null;

    public async Task SaveReady(
        Guid clientId, AssetId id, MediaFacts facts, IReadOnlyList<NewVariant> variants, IReadOnlyList<JobError> warnings, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var updated = await db.Execute(
            UpdateReady,
            new
            {
                ClientId = clientId, Id = id.Value, Type = Names.Of(facts.Type), facts.Width, facts.Height, facts.Frames, facts.DurationMs, facts.FrameRate,
                facts.VideoCodec, facts.AudioCodec, facts.BitRate, facts.HasAudio, facts.PlaceholderHash, DominantColors = facts.DominantColors.ToArray(),
                CapturedAt = facts.Metadata.CapturedAt?.ToUniversalTime(), Exif = JsonSerializer.Serialize(facts.Metadata.Exif, RowJson.Default.IReadOnlyDictionaryStringObject),
                Gps = facts.Metadata.Gps is { } gps ? JsonSerializer.Serialize(gps, RowJson.Default.GpsPosition) : null,
                Warnings = JsonSerializer.Serialize([.. warnings], RowJson.Default.JobErrorArray), Now = now,
            },
            cancellationToken);

        foreach (var variant in variants)
        {
            if (updated == 0)
                await LetGo(clientId, id, variant.StorageProvider, cancellationToken);
            else
                await db.Execute(
                    UpsertVariant,
                    new
                    {
                        ClientId = clientId, Id = Guid.CreateVersion7(), AssetId = id.Value, variant.Kind, variant.Preset, variant.Recipe, variant.Format, variant.MimeType,
                        variant.Width, variant.Height, variant.SizeBytes, variant.StorageProvider, variant.StorageKey, Now = now,
                    },
                    cancellationToken);
        }
    }

    public Task LetGo(Guid clientId, AssetId id, string storageProvider, CancellationToken cancellationToken) => db.Execute(
        InsertDeletion, new { ClientId = clientId, StorageProvider = storageProvider, StorageKey = StorageKeys.Folder(clientId, id.Value) }, cancellationToken);

    public Task GivenUp(Guid clientId, Guid subjectId, JobError error, CancellationToken cancellationToken) => db.Execute(
        UpdateFailed,
        new
        {
            ClientId = clientId, Id = subjectId, error.Code, error.Message, StorageProvider = store.Provider, StorageKey = StorageKeys.Folder(clientId, subjectId),
            Now = time.GetUtcNow(),
        },
        cancellationToken);

    public Task Resumed(Guid clientId, Guid subjectId, CancellationToken cancellationToken) => db.Execute(
        UpdateResumed, new { ClientId = clientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);

    private sealed record Row(string Format, string StorageProvider, string StorageKey);
}
