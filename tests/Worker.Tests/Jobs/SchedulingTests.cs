using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Jobs;

[Parallelizable(ParallelScope.Self)]
internal sealed class SchedulingTests
{
    private const string LocksHeld = """
        pg_locks
        where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
        """;

    private Platform platform = null!;

    [SetUp]
    public async Task Start() => platform = await Platform.Start(overrides: JobRows.NoBroker);

    [TearDown]
    public async Task Stop() => await platform.DisposeAsync();

    [Test]
    public async Task An_upload_that_was_left_open_expires_with_its_object()
    {
        var (late, open) = (await GivenOpenUpload("now() - interval '1 minute'"), await GivenOpenUpload("now() + interval '1 hour'"));

        await platform.StartWorker();
        await Eventually.Is("it is expired", async () => await platform.Sql<string>($"select status from uploads where id = '{late}'") == "expired");
        await Eventually.Is("its object is gone", () => Task.FromResult(platform.StoredKeys().Length == 1));

        Assert.That(platform.StoredKeys().Single(), Does.Contain($"{open:n}"));
        Assert.That(await platform.Sql<string>($"select status from uploads where id = '{open}'"), Is.EqualTo("open"));
    }

    [Test]
    public async Task An_upload_that_expires_while_its_bytes_come_leaves_nothing()
    {
        var body = new Form().File(Samples.LargeJpeg(1 << 20), "late.jpg").Bytes;
        using var upload = await RawUpload.Begin(platform, platform.Tenant, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await Eventually.Is("it has begun", async () => await platform.Count("uploads") == 1);
        await platform.Sql<object>("update uploads set expires_at = now() - interval '1 minute'");
        await platform.StartWorker();
        await Eventually.Is("it is expired and swept", async () =>
            await platform.Count("uploads where status = 'expired'") == 1 && await platform.Count("object_deletions") == 0);

        await upload.Send(body.AsMemory(body.Length / 2));

        Assert.That(await upload.ReadAnswer(), Does.Contain("UPLOAD_EXPIRED"));
        await Eventually.Is("nothing is stored", () => Task.FromResult(platform.StoredKeys().Length == 0));
    }

    [Test]
    public async Task Trash_is_purged_when_the_client_keeps_it_no_longer()
    {
        var (old, young) = ((await platform.Tenant.Upload(Samples.Jpeg(1))).Id, (await platform.Tenant.Upload(Samples.Jpeg(2))).Id);
        await platform.Tenant.Delete($"/media/{old}");
        await platform.Tenant.Delete($"/media/{young}");
        await platform.Sql<object>($"update clients set trash_retention_days = 7 where id = '{platform.Tenant.ClientId}'");
        await platform.Sql<object>($"update media_assets set deleted_at = now() - interval '8 days' where id = '{old}'");
        await platform.Sql<object>($"update media_assets set deleted_at = now() - interval '6 days' where id = '{young}'");

        await platform.StartWorker();
        await Eventually.Is("the old one is purged", async () => await platform.Count($"media_assets where id = '{old}'") == 0);
        await Eventually.Is("its objects are gone", () => Task.FromResult(!platform.StoredKeys().Any(key => key.Contains($"{old:n}", StringComparison.Ordinal))));

        Assert.That(await platform.Count($"media_assets where id = '{young}'"), Is.EqualTo(1));
        Assert.That(platform.StoredKeys(), Has.Some.Contain($"{young:n}"));
    }

    [Test]
    public async Task Finished_jobs_are_forgotten_after_a_day_and_failed_ones_after_thirty()
    {
        string[] kept = ["SUCCEEDED_23_HOURS", "FAILED_29_DAYS"];
        foreach (var (type, status, age) in new[]
            {
                ("SUCCEEDED_25_HOURS", "succeeded", "25 hours"), (kept[0], "succeeded", "23 hours"), ("CANCELED_25_HOURS", "canceled", "25 hours"),
                (kept[1], "failed", "29 days"), ("DEAD_31_DAYS", "dead", "31 days"),
            })
            await platform.Sql<object>(
                $"""
                insert into jobs (client_id, id, type, family, status, max_attempts, run_after, created_at, updated_at, finished_at)
                select '{platform.Tenant.ClientId}', gen_random_uuid(), '{type}', 'image', '{status}', 5, at, at, at, at
                from (select now() - interval '{age}' as at) of
                """);

        await platform.StartWorker();
        await Eventually.Is("the old ones are gone", async () => await platform.Count("jobs where type ~ '_' and type <> 'JOB_EXPIRE'") == 2);

        Assert.That(await platform.Sql<string[]>("select array_agg(type order by type desc) from jobs where type <> 'JOB_EXPIRE'"), Is.EqualTo(kept));
    }

    [Test]
    public async Task The_change_log_has_its_partitions_ahead()
    {
        const string partitions = "pg_inherits where inhparent = 'change_log'::regclass";
        var all = await platform.Count(partitions);
        await platform.Sql<object>($"do $$ begin execute 'drop table ' || (select max(inhrelid::regclass::text) from {partitions} and inhrelid::regclass::text not like '%default'); end $$");
        Assert.That(await platform.Count(partitions), Is.EqualTo(all - 1));

        await platform.StartWorker();

        await Eventually.Is("the months ahead are there", async () => await platform.Count(partitions) >= all);
    }

    [Test]
    public async Task Of_two_workers_one_runs_the_clockwork_and_the_other_takes_over()
    {
        await platform.StartWorker();
        await Eventually.Is("the first has the clockwork", async () => await platform.Count(LocksHeld) == 1);
        await using var second = await platform.StartAnotherWorker();
        await using var scope = second.Services.CreateAsyncScope();
        Assert.That(await scope.ServiceProvider.GetRequiredService<IJobSchedule>().TryTake(TimeSpan.FromMinutes(1), CancellationToken.None), Is.Null);
        Assert.That(await platform.Count(LocksHeld), Is.EqualTo(1));

        await platform.StopWorker();
        await Eventually.Is("the second has it", async () => await platform.Count(LocksHeld) == 1);
        var abandoned = await platform.GivenJob(type: "OF_TOMORROW", maxAttempts: 1);
        await platform.Sql<object>(
            $"update jobs set status = 'running', attempts = 1, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{abandoned}' and status = 'queued'");
        await platform.Tenant.JobBecomes(abandoned, "dead");
    }

    [Test]
    public async Task A_lock_whose_connection_broke_stays_lost()
    {
        await using var scope = platform.ApiServices.CreateAsyncScope(); // no worker runs, so that nobody else asks for the lock
        var schedule = scope.ServiceProvider.GetRequiredService<IJobSchedule>();
        await using var held = (await schedule.TryTake(TimeSpan.FromMinutes(1), CancellationToken.None))!;

        await platform.Sql<bool>($"select bool_and(pg_terminate_backend(pid)) from {LocksHeld}");
        await using var rival = await Eventually.Get("another has it", () => schedule.TryTake(TimeSpan.FromMinutes(1), CancellationToken.None));

        Assert.That(await held.IsHeld(CancellationToken.None), Is.False);
        Assert.That(await held.IsHeld(CancellationToken.None), Is.False, "asked again");
        Assert.That(await rival.IsHeld(CancellationToken.None), Is.True);
    }

    private async Task<Guid> GivenOpenUpload(string expires)
    {
        var id = Guid.CreateVersion7();
        var key = $"{platform.Tenant.ClientId:n}/media/{id.ToString("n")[^2..]}/{id:n}/original";
        var path = Path.Combine(platform.StorageRoot, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Samples.Jpeg());
        await platform.Sql<object>(
            $"""
            insert into uploads (client_id, id, kind, status, file_name, on_trashed, storage_provider, storage_key, expires_at, created_at, created_by_kind, updated_at)
            values ('{platform.Tenant.ClientId}', '{id}', 'direct', 'open', 'a.jpg', 'refuse', 'local', '{key}', {expires}, now(), 'api_key', now())
            """);
        return id;
    }
}
