using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class CleanOriginals(DbSession db, IProcessedMedia media, TimeProvider time) : ICleanOriginals, IJobSubject
{
    // The asset is held: a purge that goes on at this moment is waited for, and then there is nothing to insert.
    private const string Upsert = $"""
        with asset as (
            select client_id, id, width, height
            from media_assets
            where client_id = @ClientId and id = @AssetId
            for key share
        ), {ProcessedMedia.InsertVariant}
        select client_id, @Id::uuid, id, @Preset, @Preset, @Recipe::int, @Format::text, @MimeType::text, width, height, @SizeBytes::bigint, @StorageProvider::text, @StorageKey::text, @Now::timestamptz
        from asset
        {ProcessedMedia.OnePerPreset}
        """;

    public string SubjectType => CleanOriginal.SubjectType;

    public async Task Save(AssetId id, FileFormat format, long sizeBytes, string provider, string key, CancellationToken cancellationToken)
    {
        var saved = await db.Execute(
            Upsert,
            new
            {
                db.ClientId, Id = Guid.CreateVersion7(), AssetId = id.Value, Preset = Sharing.Original, ICleanOriginals.Recipe, Format = format.Extension, format.MimeType, SizeBytes = sizeBytes,
                StorageProvider = provider, StorageKey = key, Now = time.GetUtcNow(),
            },
            cancellationToken);
        if (saved == 0) await media.LetGo(id, cancellationToken);
    }

    public Task GivenUp(Guid subjectId, JobError error, CancellationToken cancellationToken) => media.LetGo(new(subjectId), cancellationToken);

    public Task Left(Guid subjectId, CancellationToken cancellationToken) => media.LetGo(new(subjectId), cancellationToken);

    public Task Resumed(Guid subjectId, CancellationToken cancellationToken) => Task.CompletedTask;
}
