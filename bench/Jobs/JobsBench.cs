using MediaPlatform.Application.Jobs;
using MediaPlatform.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Bench.Jobs;

/// <summary>Jobs without work: what outbox, relay, RabbitMQ, claim, lease, heartbeat and completion cost, with one worker as it is deployed.</summary>
public static class JobsBench
{
    /// <summary>The argument with which this program is the worker.</summary>
    public const string WorkerArgument = "worker-without-work";

    private const int Jobs = 3_000;
    private const int Tenants = 4;
    private const int Rounds = 3;
    private const string Idle = "BENCH_NOTHING";

    public static async Task<Measurement[]> Run(CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("jobs");
        await platform.Sql($"""
            insert into clients (id, name, slug, created_at, updated_at)
            select gen_random_uuid(), 'Tenant ' || n, 'tenant-' || n, now(), now()
            from generate_series(1, {Tenants}) n
            """);
        await platform.StartWorker("MediaPlatform.Bench.dll", WorkerArgument);
        for (var warmUp = 0; warmUp < 2; warmUp++) await Enqueue(platform, Jobs, cancellationToken); // a worker lives for days; its code is compiled by then

        List<double> rates = [];
        for (var round = 0; round < Rounds; round++) rates.Add(await Enqueue(platform, Jobs, cancellationToken));
        return
        [
            new("jobs without work, per second", Measurement.Median(rates), Bar.AtLeast(300),
                $"{Jobs} jobs of {Tenants} tenants, one worker, RabbitMQ; from the first claim to the last completion; median of {Rounds}, from {rates.Min():0} to {rates.Max():0}"),
        ];
    }

    /// <summary>The worker of the product, with one handler more.</summary>
    public static async Task RunWorker()
    {
        await using var worker = WorkerHost.Build([], settings: null, builder => builder.Services.AddTransient<IJobHandler, Nothing>());
        await worker.RunAsync();
    }

    private static async Task<double> Enqueue(BenchPlatform platform, int count, CancellationToken cancellationToken)
    {
        await platform.Sql("vacuum analyze jobs");
        await platform.Sql($"""
            with tenants as (
                select id, row_number() over () - 1 as number
                from clients
                where slug like 'tenant-%'
            ), job as (
                insert into jobs (client_id, id, type, family, max_attempts, run_after, dedupe_key, created_at, updated_at)
                select tenants.id, gen_random_uuid(), '{Idle}', 'image', 5, now(), n::text, now(), now()
                from generate_series(1, {count}) n
                join tenants on tenants.number = n % {Tenants}
                returning client_id, id, family
            )
            insert into job_outbox (client_id, job_id, family)
            select client_id, id, family
            from job
            """);
        while (await platform.Sql<bool>("select exists (select from jobs where status in ('queued', 'running') and type = '" + Idle + "')")) await Task.Delay(50, cancellationToken);

        return await platform.Sql<double>($"""
            select {count} / extract(epoch from max(finished_at) - min(started_at))::float8
            from (
                select started_at, finished_at
                from jobs
                where type = '{Idle}' and status = 'succeeded'
                order by created_at desc
                limit {count}
            ) round
            """);
    }

    private sealed class Nothing : IJobHandler
    {
        public string JobType => Idle;

        public Task<JobResult> Run(JobRun run, CancellationToken cancellationToken) => Task.FromResult(JobResult.Nothing);
    }
}
