using Dapper;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;
using Npgsql;

namespace MediaPlatform.Infrastructure.Jobs;

/// <summary>What the scheduler starts: one maintenance job for each tenant that has such work, at most one of a type live at a time.</summary>
internal sealed class JobSchedule(DbSession db, IEnumerable<RecordTable> records, DatabaseOptions options, TimeProvider time) : IJobSchedule
{
    private const string Enqueue = """
        with job as (
            insert into jobs (client_id, id, type, family, max_attempts, run_after, dedupe_key, created_at, updated_at)
            select client_id, id, @Type, @Family, @MaxAttempts, @Now, @Type, @Now, @Now
            from unnest(@ClientIds::uuid[], @Ids::uuid[]) as due (client_id, id)
            on conflict (client_id, type, dedupe_key) where status in ('queued', 'running') do nothing
            returning client_id, id, family
        )
        insert into job_outbox (client_id, job_id, family)
        select client_id, id, family
        from job
        """;

    private const string WithLateUploads = """
        select distinct client_id
        from uploads
        where expires_at < @Now and status in ('open', 'conflict')
        """;

    private const string WithOldJobs = """
        select distinct client_id
        from jobs
        where (finished_at < @Now::timestamptz - interval '24 hours' and status in ('succeeded', 'canceled')) or finished_at < @Now::timestamptz - interval '30 days'
        """;

    private const string WithOldExports = """
        select distinct client_id
        from exports
        where expires_at < @Now
        """;

    private const string WithOldGuestSessions = """
        select distinct client_id
        from guest_sessions
        where expires_at < @Now
        """;

    private const string WithPendingSets = """
        select distinct client_id
        from sets
        where compilation_pending
        """;

    // Once an hour: what everything refers to stays, and nothing is gained by looking again at once.
    private const string WithFullLibraries = """
        select client.id
        from clients client
        join lateral (
            select provider, sum(bytes) as bytes
            from (
                select provider, bytes from library_usage where client_id = client.id
                union all
                select provider, bytes from library_usage_changes where client_id = client.id
            ) parts
            group by provider
        ) usage on true
        where client.deleted_at is null
            and not exists (select from jobs where client_id = client.id and type = 'LIBRARY_GC' and created_at > @Now::timestamptz - interval '1 hour')
        group by client.id
        having sum(usage.bytes) > client.library_quota_bytes or bool_or(usage.bytes > (client.library_provider_caps ->> usage.provider)::bigint)
        """;

    private const string CreatePartitions = "select create_change_log_partitions((@Now at time zone 'UTC')::date, 3)";

    private const string TryLock = "select pg_try_advisory_lock(hashtextextended('mediaplatform.scheduler', 0))";

    public Task MakePartitions(CancellationToken cancellationToken) => db.Execute(CreatePartitions, new { Now = time.GetUtcNow() }, cancellationToken);

    public Task EnqueueUploadExpire(CancellationToken cancellationToken) => EnqueueFor(WithLateUploads, JobType.UploadExpire, cancellationToken);

    public async Task EnqueueTrashPurge(CancellationToken cancellationToken)
    {
        foreach (var table in records) await EnqueueFor(table.SelectClientsWithOldTrash, JobType.TrashPurge, cancellationToken);
    }

    public Task EnqueueJobExpire(CancellationToken cancellationToken) => EnqueueFor(WithOldJobs, JobType.JobExpire, cancellationToken);

    public Task EnqueueExportExpire(CancellationToken cancellationToken) => EnqueueFor(WithOldExports, JobType.ExportExpire, cancellationToken);

    public Task EnqueueGuestSessionExpire(CancellationToken cancellationToken) => EnqueueFor(WithOldGuestSessions, JobType.GuestSessionExpire, cancellationToken);

    public Task EnqueueCompilationRecalc(CancellationToken cancellationToken) => EnqueueFor(WithPendingSets, JobType.SetCompilationRecalc, cancellationToken);

    public Task EnqueueLibraryGc(CancellationToken cancellationToken) => EnqueueFor(WithFullLibraries, JobType.LibraryGc, cancellationToken);

    public async Task<ISchedulerLock?> TryTake(TimeSpan silence, CancellationToken cancellationToken)
    {
        // A connection outside the pool: the lock lives exactly as long as it does. The server closes it when nothing comes any more, so
        // that a process that hangs, or a network that is cut, does not keep the clockwork for the hours that TCP would.
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false, KeepAlive = 10 };
        settings.Options = $"{settings.Options} -c idle_session_timeout={(int)silence.TotalMilliseconds}".Trim();
        var source = Database.Named(settings.ConnectionString, "mediaplatform-scheduler").Build();
        var connection = source.CreateConnection();
        var taken = false;
        try
        {
            await connection.OpenAsync(cancellationToken);
            taken = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(TryLock, cancellationToken: cancellationToken));
            return taken ? new Lock(source, connection) : null;
        }
        finally
        {
            if (!taken)
            {
                await connection.DisposeAsync();
                await source.DisposeAsync();
            }
        }
    }

    private async Task EnqueueFor(string tenantsWithWork, JobType type, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var clients = await db.List<Guid>(tenantsWithWork, new { Now = now }, cancellationToken);
        if (clients.Count == 0) return;

        var jobs = new
        {
            ClientIds = clients.ToArray(), Ids = clients.Select(_ => Guid.CreateVersion7()).ToArray(), Type = type.Name, Family = Names.Of(type.Family), type.MaxAttempts, Now = now,
        };
        await db.Run(ct => db.Execute(Enqueue, jobs, ct), static _ => true, again: false, cancellationToken);
    }

    private sealed class Lock(NpgsqlDataSource source, NpgsqlConnection connection) : ISchedulerLock
    {
        // Taking it again only counts up while it is held. A connection that broke meanwhile may be open again, without the lock:
        // then this asks for it like anybody else.
        public async Task<bool> IsHeld(CancellationToken cancellationToken)
        {
            try
            {
                return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(TryLock, cancellationToken: cancellationToken));
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            await source.DisposeAsync();
        }
    }
}
