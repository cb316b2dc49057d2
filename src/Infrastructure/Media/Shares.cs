using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class Shares(DbSession db, TimeProvider time)
    : IMediaShares, IQueryHandler<FindShared, LinkedObject>, IQueryHandler<FindPublicVariant, LinkedObject>
{
    private const string SelectSubject = """
        select asset.format, variant.id is not null as is_stored
        from media_assets asset
        left join media_variants variant on variant.client_id = asset.client_id and variant.asset_id = asset.id and variant.preset = @What
            and (variant.kind <> 'original' or variant.recipe = @Recipe)
        where asset.client_id = @ClientId and asset.id = @Id
        """;

    private const string UpdateShared = """
        update media_assets
        set visibility = case visibility when 'private' then 'shared' else visibility end,
            version = version + case visibility when 'private' then 1 else 0 end,
            updated_at = case visibility when 'private' then @Now else updated_at end,
            shared_at = @Now
        where client_id = @ClientId and id = @Id
        returning share_generation
        """;

    private const string SelectShared = """
        select
            asset.original_filename, variant.storage_provider, variant.storage_key, variant.mime_type, variant.size_bytes,
            (
                select job.status
                from jobs job
                where job.client_id = asset.client_id and job.subject_id = asset.id and job.type = @JobType
                order by job.created_at desc
                limit 1
            ) as job_status
        from media_assets asset
        left join media_variants variant on variant.client_id = asset.client_id and variant.asset_id = asset.id and variant.preset = @What
            and (variant.kind <> 'original' or variant.recipe = @Recipe)
        where asset.client_id = @ClientId and asset.id = @Id and asset.deleted_at is null
            and asset.visibility in ('shared', 'public') and asset.share_generation = @Generation
            and not exists (select from clients client where client.id = asset.client_id and client.deleted_at is not null)
        """;

    // The one statement that asks for no client: what is public is everybody's.
    private const string SelectPublic = """
        select variant.storage_provider, variant.storage_key, variant.mime_type, variant.size_bytes
        from media_assets asset
        join media_variants variant on variant.client_id = asset.client_id and variant.asset_id = asset.id
        where asset.id = @Id and asset.visibility = 'public' and asset.deleted_at is null and variant.preset = @Preset and variant.kind <> 'original'
            and not exists (select from clients client where client.id = asset.client_id and client.deleted_at is not null)
        """;

    public async Task<ShareSubject> Find(AssetId id, string what, CancellationToken cancellationToken)
    {
        var row = await db.Single<SubjectRow>(SelectSubject, new { db.ClientId, Id = id.Value, What = what, ICleanOriginals.Recipe }, cancellationToken);
        return new(FileFormats.All.First(format => format.Name == row.Format), row.IsStored);
    }

    public Task<int> SaveShared(AssetId id, CancellationToken cancellationToken) =>
        db.Single<int>(UpdateShared, new { db.ClientId, Id = id.Value, Now = time.GetUtcNow() }, cancellationToken);

    public async Task<Result<LinkedObject>> Handle(FindShared query, CancellationToken cancellationToken)
    {
        var grant = query.Grant;
        if (grant.ExpiresAt <= time.GetUtcNow()) return new ShareExpired();

        var row = await db.Find<SharedRow>(
            SelectShared,
            new { grant.ClientId, Id = grant.AssetId.Value, grant.What, grant.Generation, ICleanOriginals.Recipe, JobType = JobType.OriginalClean.Name },
            cancellationToken);
        if (row is null) return new ShareNotFound();

        var isOriginal = grant.What == Sharing.Original;
        if (row.StorageKey is not null)
            return new LinkedObject(row.StorageProvider!, row.StorageKey, row.MimeType!, row.SizeBytes!.Value, isOriginal ? row.OriginalFilename : Path.GetFileName(row.StorageKey))
            {
                NotAfter = grant.ExpiresAt,
            };
        return isOriginal && row.JobStatus is "queued" or "running" ? new ShareNotReady() : new ShareUnavailable();
    }

    public async Task<Result<LinkedObject>> Handle(FindPublicVariant query, CancellationToken cancellationToken) =>
        await db.Find<PublicRow>(SelectPublic, new { Id = query.Id.Value, query.Preset }, cancellationToken) is { } row
            ? new LinkedObject(row.StorageProvider, row.StorageKey, row.MimeType, row.SizeBytes, Path.GetFileName(row.StorageKey), IsPublic: true)
            : new VariantNotFound(query.Id, query.Preset);

    private sealed record SubjectRow(string Format, bool IsStored);

    private sealed record SharedRow(string OriginalFilename, string? StorageProvider, string? StorageKey, string? MimeType, long? SizeBytes, string? JobStatus);

    private sealed record PublicRow(string StorageProvider, string StorageKey, string MimeType, long SizeBytes);
}
