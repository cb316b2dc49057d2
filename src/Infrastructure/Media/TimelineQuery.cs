using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class TimelineQuery(DbSession db) : IQueryHandler<GetMediaTimeline, MediaTimeline>
{
    private const string SelectStatus = """
        select status, deleted_at
        from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectUploads = """
        select id, kind, status, file_name, created_at, updated_at
        from uploads
        where client_id = @ClientId and asset_id = @Id
        order by created_at desc
        limit 200
        """;

    private const string SelectJobs = """
        select id, type, status, attempts, error_code, error_message, created_at, finished_at, timeline as stages
        from jobs
        where client_id = @ClientId and subject_id = @Id
        order by created_at desc
        limit 200
        """;

    public async Task<Result<MediaTimeline>> Handle(GetMediaTimeline query, CancellationToken cancellationToken)
    {
        var parameters = new { db.ClientId, Id = query.Id.Value };
        var asset = await db.Find<StatusRow>(SelectStatus, parameters, cancellationToken);
        if (asset is null) return new AssetNotFound(query.Id);
        if (RecordState.Hidden(MediaAsset.Kind, query.Id.Value, asset.DeletedAt, db.Caller.Role, query.IncludeDeleted) is { } error) return error;

        var uploads = await db.List<TimelineUpload>(SelectUploads, parameters, cancellationToken);
        var jobs = await db.List<TimelineJob>(SelectJobs, parameters, cancellationToken);
        return new MediaTimeline(query.Id.Value, asset.Status, [.. uploads.Reverse()], [.. jobs.Reverse()]);
    }

    private sealed record StatusRow(string Status, DateTimeOffset? DeletedAt);
}
