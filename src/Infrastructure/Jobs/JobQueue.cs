using System.Text.Json;
using Dapper;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Postgres;
using Npgsql;

namespace MediaPlatform.Infrastructure.Jobs;

/// <summary>The queue of the worker. Beside it the scheduler's and the figures for /metrics read across tenants, and nothing else.</summary>
internal sealed class JobQueue(NpgsqlDataSource source, DbSession db, TimeProvider time) : IJobQueue
{
    // Tenants with due work are found by skipping along the index, one step a tenant, however long the queue is; the whole order of the
    // index is asked for, since others have the tenant in front as well, and no family. The one that runs
    // fewest comes first, chance decides between equals, and only the first row that nobody else holds is locked. A claim does not
    // wait for the disk: should the server lose it, the job is queued again and the lost lease cannot end it; whatever end comes to be
    // on the disk has its claim there before it.
    private const string ClaimNext = """
        with recursive tenants as (
            (
                select client_id
                from jobs
                where family = @Family and status = 'queued'
                order by client_id, run_after, id
                limit 1
            )
            union all
            select (
                select job.client_id
                from jobs job
                where job.family = @Family and job.status = 'queued' and job.client_id > tenants.client_id
                order by job.client_id, job.run_after, job.id
                limit 1
            )
            from tenants
            where tenants.client_id is not null
        ), fair as (
            select
                tenants.client_id,
                (select count(*) from jobs busy where busy.family = @Family and busy.status = 'running' and busy.client_id = tenants.client_id) as running
            from tenants
            where tenants.client_id is not null
            order by running, random()
        ), next as (
            select due.client_id, due.id
            from fair
            cross join lateral (
                select job.client_id, job.id
                from jobs job
                where job.family = @Family and job.status = 'queued' and job.client_id = fair.client_id and job.run_after <= @Now
                order by job.run_after, job.id
                limit 1
                for update skip locked
            ) due
            where set_config('synchronous_commit', 'off', true) = 'off'
            limit 1
        )
        update jobs
        set status = 'running', attempts = jobs.attempts + 1, lease_token = @Token, lease_until = @Until, started_at = @Now, progress = 0, updated_at = @Now
        from next
        where jobs.client_id = next.client_id and jobs.id = next.id
        returning
            jobs.client_id, jobs.id, jobs.type, jobs.subject_type, jobs.subject_id, jobs.attempts as attempt, jobs.max_attempts, jobs.lease_token,
            jobs.request_id, greatest(jobs.retried_at, (jobs.timeline -> 0 ->> 'started_at')::timestamptz) as tried_since,
            jsonb_array_length(jobs.timeline) as earlier_stages
        """;

    private const string ClaimThis = """
        update jobs
        set status = 'running', attempts = attempts + 1, lease_token = @Token, lease_until = @Until, started_at = @Now, progress = 0, updated_at = @Now
        where client_id = @ClientId and id = @Id and status = 'queued' and run_after <= @Now
        returning client_id, id, type, subject_type, subject_id, attempts as attempt, max_attempts, lease_token, request_id,
            greatest(retried_at, (timeline -> 0 ->> 'started_at')::timestamptz) as tried_since, jsonb_array_length(timeline) as earlier_stages
        """;

    private const string Prolong = """
        update jobs
        set lease_until = @Until, progress = @Progress, updated_at = @Now,
            timeline = jsonb_path_query_array(timeline, '$[0 to $last]', jsonb_build_object('last', @EarlierStages - 1)) || @Timeline::jsonb
        where client_id = @ClientId and id = @Id and lease_token = @LeaseToken
        returning cancel_requested_at is not null
        """;

    // What is queued again has its wake-up, a little after its time, so that a worker whose clock is behind finds it due.
    private const string Finish = """
        with job as (
            update jobs
            set status = @Status, lease_token = null, lease_until = null, updated_at = @Now,
                run_after = coalesce(@RunAfter, run_after),
                finished_at = case when @Status in ('queued', 'running') then null else @Now::timestamptz end,
                attempts = attempts - case when @CountsAsAttempt then 0 else 1 end,
                progress = case when @Status = 'succeeded' then 100 else progress end,
                error_code = @ErrorCode, error_message = @ErrorMessage,
                timeline = jsonb_path_query_array(timeline, '$[0 to $last]', jsonb_build_object('last', @EarlierStages - 1)) || @Timeline::jsonb
            where client_id = @ClientId and id = @Id and lease_token = @LeaseToken and (lease_until < @Now or not @OnlyWhenLapsed)
            returning client_id, id, family, status, run_after
        ), wake as (
            insert into job_outbox (client_id, job_id, family, due_at)
            select client_id, id, family, run_after + interval '0.1 seconds'
            from job
            where status = 'queued'
        )
        select count(*)::int
        from job
        """;

    private const string SelectCancelRequested = """
        select cancel_requested_at is not null
        from jobs
        where client_id = @ClientId and id = @Id
        for update
        """;

    private const string SelectAbandoned = """
        select client_id, id, type, subject_type, subject_id, attempts as attempt, max_attempts, lease_token, request_id,
            greatest(retried_at, (timeline -> 0 ->> 'started_at')::timestamptz) as tried_since, jsonb_array_length(timeline) as earlier_stages
        from jobs
        where status = 'running' and lease_until < @Now
        order by lease_until
        limit @Limit
        """;

    private const string IsAnyOut = "select exists (select from job_outbox where due_at <= now())";

    private const string TakeOutbox = """
        delete from job_outbox
        where id in (
            select id
            from job_outbox
            where due_at <= now()
            order by due_at, id
            limit @Limit
            for update skip locked
        )
        returning family
        """;

    public async Task<ClaimedJob?> Claim(JobFamily family, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await db.Find<ClaimedJob>(ClaimNext, new { Family = Names.Of(family), Token = Guid.NewGuid(), Until = now + lease, Now = now }, cancellationToken);
    }

    public async Task<ClaimedJob?> ClaimOne(Guid clientId, Guid id, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await db.Find<ClaimedJob>(ClaimThis, new { ClientId = clientId, Id = id, Token = Guid.NewGuid(), Until = now + lease, Now = now }, cancellationToken);
    }

    public async Task<LeaseState> Beat(ClaimedJob job, TimeSpan lease, int progress, IReadOnlyList<StageEntry> timeline, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var canceled = await db.Find<bool?>(
            Prolong,
            new { job.ClientId, job.Id, job.LeaseToken, job.EarlierStages, Progress = progress, Until = now + lease, Now = now, Timeline = Json(timeline) },
            cancellationToken);
        return canceled switch { null => LeaseState.Lost, true => LeaseState.CancelRequested, _ => LeaseState.Held };
    }

    public async Task<bool> End(ClaimedJob job, JobEnd end, IReadOnlyList<StageEntry> timeline, CancellationToken cancellationToken) => await db.Single<int>(
        Finish,
        new
        {
            job.ClientId, job.Id, job.LeaseToken, job.EarlierStages, Status = Names.Of(end.Status), end.RunAfter, end.CountsAsAttempt, end.OnlyWhenLapsed, ErrorCode = end.Error?.Code,
            ErrorMessage = end.Error?.Message, Timeline = Json(timeline), Now = time.GetUtcNow(),
        },
        cancellationToken) == 1;

    public Task<bool> IsCancelRequested(ClaimedJob job, CancellationToken cancellationToken) =>
        db.Find<bool>(SelectCancelRequested, new { job.ClientId, job.Id }, cancellationToken);

    public Task<IReadOnlyList<ClaimedJob>> FindAbandoned(int limit, CancellationToken cancellationToken) =>
        db.List<ClaimedJob>(SelectAbandoned, new { Limit = limit, Now = time.GetUtcNow() }, cancellationToken);

    public async Task<int> Relay(int limit, Func<IReadOnlyList<JobFamily>, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsAnyOut, cancellationToken: cancellationToken))) return 0; // mostly; without a transaction

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var families = (await connection.QueryAsync<string>(new CommandDefinition(TakeOutbox, new { Limit = limit }, transaction, cancellationToken: cancellationToken))).AsList();
        if (families.Count == 0) return 0;

        await publish([.. families.Select(Names.Require<JobFamily>)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return families.Count;
    }

    private static string Json(IReadOnlyList<StageEntry> timeline) => JsonSerializer.Serialize([.. timeline], RowJson.Default.StageEntryArray);
}
