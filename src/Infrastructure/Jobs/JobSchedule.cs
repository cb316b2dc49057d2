using Dapper;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Postgres;
using Npgsql;

namespace MediaPlatform.Infrastructure.Jobs;

/// <summary>What the scheduler starts: one maintenance job for each tenant that has such work, at most one of a type live at a time.</summary>
internal sealed class JobSchedule(DbSession db, DatabaseOptions options, TimeProvider time) : IJobSchedule
{
    private const string EnqueueFor = """
        , job as (
            insert into jobs (client_id, id, type, family, max_attempts, run_after, dedupe_key, created_at, updated_at)
            select client_id, gen_random_uuid(), @Type, 'maintenance', 5, @Now, @Type, @Now, @Now
            from tenants
            on conflict (client_id, type, dedupe_key) where status in ('queued', 'running') do nothing
            returning client_id, id, family
        )
        insert into job_outbox (client_id, job_id, family)
        select client_id, id, family
        from job
        """;

    private const string EnqueueUploadExpire = $"""
        with tenants as (
            select distinct client_id
            from uploads
            where expires_at < @Now and status in ('open', 'received', 'verifying')
        )
        {EnqueueFor}
        """;

    private const string EnqueueTrashPurge = $"""
        with tenants as (
            select client.id as client_id
            from clients client
            where exists (
                select from media_assets asset
                where asset.client_id = client.id and asset.deleted_at < @Now::timestamptz - make_interval(days => client.trash_retention_days))
        )
        {EnqueueFor}
        """;

    private const string EnqueueJobExpire = $"""
        with tenants as (
            select distinct client_id
            from jobs
            where (finished_at < @Now::timestamptz - interval '24 hours' and status in ('succeeded', 'canceled')) or finished_at < @Now::timestamptz - interval '30 days'
        )
        {EnqueueFor}
        """;

    private const string MakePartitions = "select create_change_log_partitions((@Now at time zone 'UTC')::date, 3)";

    private const string TryLock = "select pg_try_advisory_lock(hashtextextended('mediaplatform.scheduler', 0))";

    public async Task EnqueueDue(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await db.Execute(MakePartitions, new { Now = now }, cancellationToken);
        await Enqueue(EnqueueUploadExpire, JobType.UploadExpire);
        await Enqueue(EnqueueTrashPurge, JobType.TrashPurge);
        await Enqueue(EnqueueJobExpire, JobType.JobExpire);

        Task Enqueue(string sql, JobType type) => db.Run(ct => db.Execute(sql, new { Now = now, Type = type.Name }, ct), static _ => true, cancellationToken);
    }

    public async Task<ISchedulerLock?> TryTake(TimeSpan silence, CancellationToken cancellationToken)
    {
        // A connection outside the pool: the lock lives exactly as long as it does. The server closes it when nothing comes any more, so
        // that a process that hangs, or a network that is cut, does not keep the clockwork for the hours that TCP would.
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false, KeepAlive = 10 };
        settings.Options = $"{settings.Options} -c idle_session_timeout={(int)silence.TotalMilliseconds}".Trim();
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(TryLock, cancellationToken: cancellationToken))) return new Lock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private sealed class Lock(NpgsqlConnection connection) : ISchedulerLock
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

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
