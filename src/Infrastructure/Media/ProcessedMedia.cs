using System.Text.Json;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class ProcessedMedia(DbSession db, IMediaStores stores, TimeProvider time) : IProcessedMedia, IJobSubject
{
    private const string SelectSource = """
        select format, storage_provider, storage_key, renditions_folder(id) as renditions_folder, may_read_original(client_id, storage_key) as may_be_read
        from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateReady = """
        update media_assets
        set status = 'ready', error_code = null, error_message = null, type = @Type, width = @Width, height = @Height, frames = @Frames,
            duration_ms = @DurationMs, frame_rate = @FrameRate, video_codec = @VideoCodec, audio_codec = @AudioCodec, bit_rate = @BitRate, has_audio = @HasAudio,
            placeholder_hash = @PlaceholderHash, phash = @PerceptualHash, dominant_colors = @DominantColors, captured_at = @CapturedAt, exif = @Exif::jsonb, gps = @Gps::jsonb,
            processing_warnings = @Warnings::jsonb, updated_at = @Now
        where client_id = @ClientId and id = @Id
        """;

    /// <summary>A variant in the place of the one of its preset, whose object is let go; <see cref="OnePerPreset"/> ends the statement.</summary>
    internal const string InsertVariant = """
        old as (
            select storage_provider, storage_key
            from media_variants
            where client_id = @ClientId and asset_id = @AssetId and preset = @Preset
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason)
            select @ClientId, storage_provider, storage_key, 'replaced'
            from old
            where (storage_provider, storage_key) <> (@StorageProvider, @StorageKey)
        )
        insert into media_variants (
            client_id, id, asset_id, kind, preset, recipe, format, mime_type, width, height, size_bytes, storage_provider, storage_key, created_at)
        """;

    internal const string OnePerPreset = """
        on conflict on constraint media_variants_one_per_preset do update
        set kind = excluded.kind, recipe = excluded.recipe, format = excluded.format, mime_type = excluded.mime_type, width = excluded.width,
            height = excluded.height, size_bytes = excluded.size_bytes, storage_provider = excluded.storage_provider, storage_key = excluded.storage_key,
            created_at = excluded.created_at
        """;

    private const string UpsertVariant = $"""
        with {InsertVariant}
        values (
            @ClientId, @Id, @AssetId, @Kind, @Preset, @Recipe, @Format, @MimeType, @Width, @Height, @SizeBytes, @StorageProvider, @StorageKey, @Now)
        {OnePerPreset}
        """;

    private const string InsertDeletion = """
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select @ClientId, provider, folder, 'purged'
        from unnest(@Providers::text[]) provider -- where attempts may have stored something: the origin may have changed since
        cross join unnest(array[@StorageKey, renditions_folder(@Id)]) folder
        where not exists (select from media_assets where client_id = @ClientId and id = @Id)
        """;

    // An asset that was ready before, as its facts show, keeps its variants and is so again; the reason is one warning, however often it comes.
    // A document can be used without its preview.
    private const string UpdateGivenUp = """
        update media_assets
        set status = case when processed then 'ready' else 'failed' end,
            error_code = case when processed then null else @Code end,
            error_message = case when processed then null else @Message end,
            processing_warnings = case
                when processed then
                    jsonb_path_query_array(processing_warnings, '$[*] ? (@.code != $code)', jsonb_build_object('code', @Code::text))
                    || jsonb_build_object('code', @Code::text, 'message', @Message::text)
                else processing_warnings
            end,
            updated_at = @Now
        from (
            select placeholder_hash is not null or has_audio is not null or type = 'document' as processed
            from media_assets
            where client_id = @ClientId and id = @Id
        ) facts
        where client_id = @ClientId and id = @Id and status = 'processing'
        """;

    private const string UpdateResumed = """
        update media_assets
        set status = 'processing', error_code = null, error_message = null, updated_at = @Now
        where client_id = @ClientId and id = @Id
        """;

    public string SubjectType => MediaJobs.SubjectType;

    public async Task<ProcessingSource?> Find(AssetId id, CancellationToken cancellationToken) =>
        await db.Find<Row>(SelectSource, new { db.ClientId, Id = id.Value }, cancellationToken) is { } row
            ? new ProcessingSource(id, FileFormats.All.First(format => format.Name == row.Format), row.StorageProvider, row.StorageKey, row.RenditionsFolder, row.MayBeRead)
            : null;

    public async Task SaveReady(AssetId id, MediaFacts facts, IReadOnlyList<NewVariant> variants, IReadOnlyList<JobError> warnings, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var updated = await db.Execute(
            UpdateReady,
            new
            {
                db.ClientId, Id = id.Value, Type = Names.Of(facts.Type), facts.Width, facts.Height, facts.Frames, facts.DurationMs, facts.FrameRate,
                facts.VideoCodec, facts.AudioCodec, facts.BitRate, facts.HasAudio, facts.PlaceholderHash, facts.PerceptualHash, DominantColors = facts.DominantColors.ToArray(),
                CapturedAt = facts.Metadata.CapturedAt?.ToUniversalTime(), Exif = JsonSerializer.Serialize(facts.Metadata.Exif, RowJson.Default.IReadOnlyDictionaryStringObject),
                Gps = facts.Metadata.Gps is { } gps ? JsonSerializer.Serialize(gps, RowJson.Default.GpsPosition) : null,
                Warnings = JsonSerializer.Serialize([.. warnings], RowJson.Default.JobErrorArray), Now = now,
            },
            cancellationToken);

        if (updated == 0)
        {
            await LetGo(id, cancellationToken);
            return;
        }

        foreach (var variant in variants)
        {
            await db.Execute(
                UpsertVariant,
                new
                {
                    db.ClientId, Id = Guid.CreateVersion7(), AssetId = id.Value, variant.Kind, variant.Preset, variant.Recipe, variant.Format, variant.MimeType,
                    variant.Width, variant.Height, variant.SizeBytes, variant.StorageProvider, variant.StorageKey, Now = now,
                },
                cancellationToken);
        }
    }

    public async Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken)
    {
        await db.Execute(UpdateGivenUp, new { db.ClientId, Id = subjectId, error.Code, error.Message, Now = time.GetUtcNow() }, cancellationToken);
        await LetGo(new(subjectId), cancellationToken); // in a statement of its own: the update may have waited for a purge
    }

    public Task Left(Guid subjectId, CancellationToken cancellationToken) => LetGo(new(subjectId), cancellationToken);

    public Task LetGo(AssetId id, CancellationToken cancellationToken) => db.Execute(
        InsertDeletion,
        new { db.ClientId, Id = id.Value, Providers = stores.All.Select(store => store.Provider).ToArray(), StorageKey = StorageKeys.Folder(db.ClientId, id.Value) },
        cancellationToken);

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) => db.Execute(
        UpdateResumed, new { db.ClientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);

    private sealed record Row(string Format, string StorageProvider, string StorageKey, string RenditionsFolder, bool MayBeRead);
}
