using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Jobs;

internal sealed class JobStore(DbSession db, TimeProvider time) : IJobs
{
    private const string Insert = """
        with job as (
            insert into jobs (
                client_id, id, type, family, subject_type, subject_id, max_attempts, run_after, dedupe_key, request_id, created_at, created_by_kind, created_by,
                updated_at)
            values (@ClientId, @Id, @Type, @Family, @SubjectType, @SubjectId, @MaxAttempts, @Now, @DedupeKey, @RequestId, @Now, @ActorKind, @ActorId, @Now)
            on conflict (client_id, type, dedupe_key) where status in ('queued', 'running') do nothing
            returning client_id, id, family
        )
        insert into job_outbox (client_id, job_id, family)
        select client_id, id, family
        from job
        """;

    private const string SelectForUpdate = """
        select id, type, status, subject_type, subject_id
        from jobs
        where client_id = @ClientId and id = @Id
        for update
        """;

    private const string SelectOfSubject = """
        select id
        from jobs
        where client_id = @ClientId and subject_type = @SubjectType and subject_id = @SubjectId
        order by id
        for update
        """;

    private const string SelectRetryable = """
        select id, type, status, subject_type, subject_id
        from jobs
        where client_id = @ClientId
            and status = any(@Statuses)
            and (@Type::text is null or type = @Type)
        order by created_at, id
        limit @Limit
        for update skip locked
        """;

    private const string UpdateCanceled = """
        update jobs
        set status = 'canceled', canceled_by_kind = @ActorKind, canceled_by = @ActorId, cancel_requested_at = @Now, finished_at = @Now, updated_at = @Now, version = version + 1,
            error_code = @Code, error_message = @Message
        where client_id = @ClientId and id = @Id
        """;

    private const string UpdateCancelRequested = """
        update jobs
        set canceled_by_kind = @ActorKind, canceled_by = @ActorId, cancel_requested_at = @Now, updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id and cancel_requested_at is null
        """;

    private const string UpdateRequeued = """
        with job as (
            update jobs
            set status = 'queued', attempts = 0, run_after = @Now, finished_at = null, progress = 0, error_code = null, error_message = null,
                cancel_requested_at = null, canceled_by_kind = null, canceled_by = null, retried_at = @Now, retried_by_kind = @ActorKind,
                retried_by = @ActorId, updated_at = @Now, version = version + 1
            where client_id = @ClientId and id = @Id
                and not exists (
                    select from jobs live
                    where live.client_id = jobs.client_id and live.type = jobs.type and live.dedupe_key = jobs.dedupe_key
                        and live.status in ('queued', 'running'))
            returning client_id, id, family
        )
        insert into job_outbox (client_id, job_id, family)
        select client_id, id, family
        from job
        """;

    public Task Enqueue(NewJob job, CancellationToken cancellationToken) => db.Execute(
        Insert,
        new
        {
            db.ClientId, Id = Guid.CreateVersion7(), Type = job.Type.Name, Family = Names.Of(job.Type.Family), job.SubjectType, job.SubjectId, job.Type.MaxAttempts,
            job.DedupeKey, db.Caller.RequestId, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(),
        },
        cancellationToken);

    public async Task<JobState?> FindForUpdate(JobId id, CancellationToken cancellationToken) =>
        await db.Find<Row>(SelectForUpdate, new { db.ClientId, Id = id.Value }, cancellationToken) is { } row ? row.ToState() : null;

    public Task LockOf(string subjectType, Guid subjectId, CancellationToken cancellationToken) =>
        db.List<Guid>(SelectOfSubject, new { db.ClientId, SubjectType = subjectType, SubjectId = subjectId }, cancellationToken);

    public async Task<IReadOnlyList<JobState>> FindRetryable(string? type, JobStatus? status, int limit, CancellationToken cancellationToken)
    {
        var statuses = status is { } one ? [Names.Of(one)] : new[] { "failed", "dead", "canceled" };
        var rows = await db.List<Row>(SelectRetryable, new { db.ClientId, Type = type, Statuses = statuses, Limit = limit }, cancellationToken);
        return [.. rows.Select(row => row.ToState())];
    }

    public Task CancelQueued(JobId id, CancellationToken cancellationToken) => db.Execute(
        UpdateCanceled, new { db.ClientId, Id = id.Value, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow(), JobError.Canceled.Code, JobError.Canceled.Message }, cancellationToken);

    public Task AskToCancel(JobId id, CancellationToken cancellationToken) => db.Execute(UpdateCancelRequested, Of(id), cancellationToken);

    public async Task<bool> Requeue(JobId id, CancellationToken cancellationToken)
    {
        // Another transaction may be queueing the same work: the constraint then says so, and only this statement is undone.
        return await db.InSavepoint(() => db.Execute(UpdateRequeued, Of(id), cancellationToken), "jobs_one_live_per_key", cancellationToken) == 1;
    }

    private object Of(JobId id) => new { db.ClientId, Id = id.Value, ActorKind = db.Caller.KindName, db.Caller.ActorId, Now = time.GetUtcNow() };

    private sealed record Row(Guid Id, string Type, string Status, string? SubjectType, Guid? SubjectId)
    {
        public JobState ToState() => new(new(Id), Type, Names.Require<JobStatus>(Status), SubjectType, SubjectId);
    }
}
