using System.Text.Json;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class Thumbnails(DbSession db, IMediaStores stores, TimeProvider time) : IThumbnails, IJobSubject
{
    private const string SelectVersion = """
        select version
        from thumbnails
        where client_id = @ClientId and owner_id = @OwnerId
        for update
        """;

    private const string SelectPicture = """
        select type, is_picture(asset.*) as has_picture, duration_ms, frame_rate
        from media_assets asset
        where client_id = @ClientId and id = @Id and deleted_at is null
        for share
        """;

    private const string UpsertChoice = """
        insert into thumbnails (
            client_id, id, episode_id, clip_id, outfit_id, source, frame_clip_id, frame_seconds, custom_asset_id, created_at, created_by_kind, created_by, updated_at)
        values (
            @ClientId, @Id, case @Kind when 'episode' then @OwnerId::uuid end, case @Kind when 'clip' then @OwnerId::uuid end, case @Kind when 'outfit' then @OwnerId::uuid end,
            @Source, @ClipId, @Seconds, @AssetId, @Now, @ActorKind, @ActorId, @Now)
        on conflict on constraint thumbnails_one_per_owner do update
        set source = excluded.source, frame_clip_id = excluded.frame_clip_id, frame_seconds = excluded.frame_seconds, custom_asset_id = excluded.custom_asset_id,
            updated_at = excluded.updated_at, version = thumbnails.version + 1
        """;

    private const string Refresh = """
        select refresh_thumbnail(@ClientId, @Kind, @OwnerId, @Anyway)
        """;

    private const string SelectElsewhere = """
        select exists (
            select from thumbnail_candidates(@ClientId, @OwnerId)
            where asset_id is null and reference is not null)
        """;

    private const string SelectWanted = """
        select thumbnail.wanted_folder as folder, thumbnail.sources
        from jobs job
        join thumbnails thumbnail on thumbnail.client_id = job.client_id and thumbnail.id = job.subject_id and thumbnail.wanted_folder = job.dedupe_key
        where job.client_id = @ClientId and job.id = @JobId and thumbnail.id = @Id and thumbnail.status = 'pending'
        """;

    private const string LockWanted = """
        select storage_provider, storage_folder
        from thumbnails
        where client_id = @ClientId and id = @Id and wanted_folder = @Folder and status = 'pending'
        for update
        """;

    private const string UpdateReady = """
        update thumbnails
        set status = 'ready', error_code = null, error_message = null, rendered = sources, storage_provider = @StorageProvider, storage_folder = @Folder, large_bytes = @Large,
            medium_bytes = @Medium, small_bytes = @Small, rendered_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    private const string InsertDeletion = """
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        values (@ClientId, @StorageProvider, @StorageFolder, 'replaced')
        """;

    // No other attempt of a job that has ended comes, and its folder is no other's.
    private const string LetGoOfEnded = """
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        select job.client_id, provider, job.dedupe_key, 'replaced'
        from jobs job
        cross join unnest(@Providers::text[]) provider
        where job.client_id = @ClientId and job.subject_type = 'thumbnail' and job.subject_id = @Id and (@JobId::uuid is null or job.id = @JobId) and job.status not in ('queued', 'running')
            and not exists (select from thumbnails thumbnail where thumbnail.client_id = job.client_id and thumbnail.storage_folder = job.dedupe_key)
        """;

    // A job that is too late to matter leaves the thumbnail to the one that is not.
    private const string UpdateGivenUp = """
        update thumbnails
        set status = 'failed', error_code = @Code, error_message = @Message, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'pending'
            and not exists (
                select from jobs live
                where live.client_id = @ClientId and live.type = 'THUMBNAIL_RENDER' and live.dedupe_key = wanted_folder and live.status in ('queued', 'running'))
        """;

    private const string UpdateResumed = """
        update thumbnails
        set status = 'pending', error_code = null, error_message = null, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and status = 'failed'
            and exists (
                select from jobs live
                where live.client_id = @ClientId and live.type = 'THUMBNAIL_RENDER' and live.dedupe_key = wanted_folder and live.status in ('queued', 'running'))
        """;

    /// <summary>What the purge of owners <c>@Ids</c> lets go of. Their thumbnails are held: a job that ends at this moment comes before, or finds none.</summary>
    internal const string LetObjectsGo = """
        with held as (
            select storage_provider, storage_folder, large_bytes + medium_bytes + small_bytes as bytes
            from thumbnails
            where client_id = @ClientId and owner_id = any(@Ids)
            for update
        ), shown as (
            select storage_provider, storage_folder, bytes
            from held
            where storage_folder is not null
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason, receipt_id)
            select @ClientId, storage_provider, storage_folder, 'purged', @ReceiptId::uuid
            from shown
        )
        select 'objects' as name, count(*) * 3 as count
        from shown
        having count(*) > 0
        union all
        select 'bytes', sum(bytes)::bigint
        from shown
        having count(*) > 0
        """;

    public string SubjectType => RenderThumbnail.SubjectType;

    public async Task<long> VersionForUpdate(ThumbnailOwner owner, CancellationToken cancellationToken) =>
        await db.Find<int?>(SelectVersion, new { db.ClientId, OwnerId = owner.Id }, cancellationToken) ?? 0;

    public async Task<HeldPicture?> HoldPicture(Guid assetId, CancellationToken cancellationToken) =>
        await db.Find<PictureRow>(SelectPicture, new { db.ClientId, Id = assetId }, cancellationToken) is { } row
            ? new HeldPicture(Names.Require<MediaType>(row.Type), row.HasPicture, row.DurationMs, row.FrameRate)
            : null;

    public async Task Choose(ThumbnailOwner owner, ThumbnailChoice? choice, CancellationToken cancellationToken)
    {
        await db.Execute(
            UpsertChoice,
            new
            {
                db.ClientId, Id = Guid.CreateVersion7(), Kind = Names.Of(owner.Kind), OwnerId = owner.Id, Source = choice is null ? null : Names.Of(choice.Source), choice?.ClipId, choice?.Seconds,
                choice?.AssetId, Now = time.GetUtcNow(), ActorKind = db.Caller.KindName, db.Caller.ActorId,
            },
            cancellationToken);
        await Look(owner, anyway: false, cancellationToken);
    }

    public Task<Guid?> Regenerate(ThumbnailOwner owner, CancellationToken cancellationToken) => Look(owner, anyway: true, cancellationToken);

    public Task<bool> HasSourcesElsewhere(ThumbnailOwner owner, CancellationToken cancellationToken) =>
        db.Single<bool>(SelectElsewhere, new { db.ClientId, OwnerId = owner.Id }, cancellationToken);

    public async Task<WantedThumbnail?> FindWanted(Guid id, Guid jobId, CancellationToken cancellationToken) =>
        await db.Find<WantedRow>(SelectWanted, new { db.ClientId, Id = id, JobId = jobId }, cancellationToken) is { } row ? new WantedThumbnail(row.Folder, PartsOf(row.Sources)) : null;

    public async Task SaveReady(Guid id, Guid jobId, RenderedThumbnail rendered, CancellationToken cancellationToken)
    {
        if (await db.Find<StoredRow>(LockWanted, new { db.ClientId, Id = id, rendered.Folder }, cancellationToken) is not { } before)
        {
            await LetGo(id, jobId, cancellationToken);
            return;
        }

        var sizes = rendered.SizesBytes;
        await db.Execute(
            UpdateReady,
            new { db.ClientId, Id = id, rendered.Folder, rendered.StorageProvider, Large = sizes[0], Medium = sizes[1], Small = sizes[2], Now = time.GetUtcNow() },
            cancellationToken);
        if (before.StorageFolder is not null) await db.Execute(InsertDeletion, new { db.ClientId, before.StorageProvider, before.StorageFolder }, cancellationToken);
    }

    public Task LetGo(Guid id, Guid jobId, CancellationToken cancellationToken) => LetGoOf(id, jobId, cancellationToken);

    public async Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken)
    {
        await db.Execute(UpdateGivenUp, new { db.ClientId, Id = subjectId, error.Code, error.Message, Now = time.GetUtcNow() }, cancellationToken);
        await LetGoOf(subjectId, jobId: null, cancellationToken);
    }

    public Task Left(Guid subjectId, CancellationToken cancellationToken) => LetGoOf(subjectId, jobId: null, cancellationToken);

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) => db.Execute(UpdateResumed, new { db.ClientId, Id = subjectId, Now = time.GetUtcNow() }, cancellationToken);

    internal static IReadOnlyList<ThumbnailPart> PartsOf(JsonElement sources) => sources.Deserialize<ThumbnailPart[]>(RecordJson.Options)!;

    private async Task<Guid?> Look(ThumbnailOwner owner, bool anyway, CancellationToken cancellationToken) =>
        await db.Find<Guid?>(Refresh, new { db.ClientId, Kind = Names.Of(owner.Kind), OwnerId = owner.Id, Anyway = anyway }, cancellationToken);

    private Task<int> LetGoOf(Guid id, Guid? jobId, CancellationToken cancellationToken) =>
        db.Execute(LetGoOfEnded, new { db.ClientId, Id = id, JobId = jobId, Providers = stores.All.Select(store => store.Provider).ToArray() }, cancellationToken);

    private sealed record PictureRow(string Type, bool HasPicture, long? DurationMs, double? FrameRate);

    private sealed record WantedRow(string Folder, JsonElement Sources);

    private sealed record StoredRow(string? StorageProvider, string? StorageFolder);
}
