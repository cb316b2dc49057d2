using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Jobs;

internal sealed class JobQueries(DbSession db, TimeProvider time)
    : IQueryHandler<ListJobs, Page<JobDetails>>, IQueryHandler<GetJob, JobDetails>, IQueryHandler<SummarizeJobs, IReadOnlyList<JobSummary>>
{
    private const string Columns = """
        r.id, r.type, r.family, r.status, r.subject_type, r.subject_id, r.attempts, r.max_attempts, r.progress, r.run_after, r.cancel_requested_at, r.timeline,
        r.error_code, r.error_message, r.created_at, r.created_by_kind, r.created_by, r.started_at, r.finished_at, r.updated_at, r.version
        """;

    private const string SelectSummary = """
        select
            type, family, status, count(*)::int as count, min(created_at) as oldest_created_at,
            extract(epoch from @Now - min(created_at))::double precision as oldest_seconds
        from jobs
        where client_id = @ClientId
        group by type, family, status
        order by type, status
        """;

    internal static readonly ListDefinition<JobDetails> List = new(
        Columns,
        "jobs r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("type", "r.type", FieldType.Text),
            Fields.Enum<JobDetails, JobFamily>("family", "r.family"),
            Fields.Enum<JobDetails, JobStatus>("status", "r.status"),
            new("subject_type", "r.subject_type", FieldType.Text, Nullable: true),
            new("subject_id", "r.subject_id", FieldType.Uuid, Nullable: true),
            new("attempts", "r.attempts", FieldType.Integer),
            new("error_code", "r.error_code", FieldType.Text, Nullable: true),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("finished_at", "r.finished_at", FieldType.Instant, Nullable: true),
        ],
        row => row.Id);

    public Task<Result<Page<JobDetails>>> Handle(ListJobs query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public Task<Result<JobDetails>> Handle(GetJob query, CancellationToken cancellationToken) =>
        db.One(List, query.Id.Value, new JobNotFound(query.Id), cancellationToken);

    public async Task<Result<IReadOnlyList<JobSummary>>> Handle(SummarizeJobs query, CancellationToken cancellationToken) =>
        (await db.List<JobSummary>(SelectSummary, new { db.ClientId, Now = time.GetUtcNow() }, cancellationToken)).ToArray();
}
