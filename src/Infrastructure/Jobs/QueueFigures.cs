using Dapper;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Infrastructure.Jobs;

/// <summary>How the queue of all tenants together stands, in figures that name none of them. Read once for all who ask within five seconds.</summary>
internal sealed class QueueFigures(NpgsqlDataSource source, TimeProvider time, ILogger<QueueFigures> log)
{
    // Of what is finished there may be millions; of that the workers count the ends. The live ones have an index of their own.
    private const string SelectLive = """
        select family, type, status, count(*)::int as count,
            coalesce(extract(epoch from @Now - min(run_after) filter (where status = 'queued' and run_after <= @Now)), 0)::double precision as waiting_seconds
        from jobs
        where status in ('queued', 'running')
        group by family, type, status
        order by family, type, status
        """;

    private const string CountWakeUps = "select count(*)::int from job_outbox where due_at <= @Now";

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2); // a pool that is exhausted is what the figures are to show, so they do not wait for it

    private readonly Lock gate = new();
    private Task<QueueReading>? current;
    private DateTimeOffset askedAt;

    /// <summary>It never throws: where the database does not answer in time, the reading says so.</summary>
    public Task<QueueReading> Read()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (current is null || (current.IsCompleted && now - askedAt >= KeptFor)) (current, askedAt) = (Ask(now), now);
            return current;
        }
    }

    private async Task<QueueReading> Ask(DateTimeOffset now)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            await using var connection = await source.OpenConnectionAsync(limit.Token);
            var live = await connection.QueryAsync<LiveJobs>(new CommandDefinition(SelectLive, new { Now = now }, cancellationToken: limit.Token));
            return new(live.AsList(), await connection.ExecuteScalarAsync<int>(new CommandDefinition(CountWakeUps, new { Now = now }, cancellationToken: limit.Token)));
        }
#pragma warning disable CA1031 // whatever it is, the other figures are wanted all the more
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.LogWarning(exception, "The figures of the queue could not be read");
            return new(Live: null, WakeUps: 0);
        }
    }
}

/// <summary>The live jobs of one type in one status.</summary>
/// <param name="WaitingSeconds">Since when the first of them is due; 0 where none is.</param>
internal sealed record LiveJobs(string Family, string Type, string Status, int Count, double WaitingSeconds);

/// <summary>The queue at one time.</summary>
/// <param name="Live">Null when the database did not answer.</param>
/// <param name="WakeUps">Those that are due and not with the broker.</param>
internal sealed record QueueReading(IReadOnlyList<LiveJobs>? Live, int WakeUps)
{
    private const string Prefix = "mediaplatform_";

    public void Write(PrometheusText text)
    {
        One("database_up", "Whether the database answered within two seconds.", Live is null ? 0 : 1);
        if (Live is null) return;

        text.Gauge(Prefix + "jobs", "Jobs that wait or run, of all clients.");
        foreach (var jobs in Live)
            text.Sample(Prefix + "jobs", string.Join(',', PrometheusText.Label("family", jobs.Family), PrometheusText.Label("type", jobs.Type), PrometheusText.Label("status", jobs.Status)), jobs.Count);

        text.Gauge(Prefix + "jobs_oldest_waiting_seconds", "How long the oldest job that is due has waited, by family.");
        foreach (var family in Names.All<JobFamily>())
            text.Sample(Prefix + "jobs_oldest_waiting_seconds", PrometheusText.Label("family", family), Live.Where(jobs => jobs.Family == family).Select(jobs => jobs.WaitingSeconds).DefaultIfEmpty().Max());

        One("job_wakeups_pending", "Wake-ups that are due and not handed to the broker.", WakeUps);

        void One(string name, string help, double value)
        {
            text.Gauge(Prefix + name, help);
            text.Sample(Prefix + name, "", value);
        }
    }
}
