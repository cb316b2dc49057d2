using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MediaPlatform.Worker.Tests.Jobs;

internal sealed class SchedulingTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    [Test]
    public async Task An_upload_that_was_left_open_expires_with_its_object()
    {
        var (late, open) = (await GivenOpenUpload("now() - interval '1 minute'"), await GivenOpenUpload("now() + interval '1 hour'"));

        await Platform.StartWorker();
        await Eventually.Is("it is expired", async () => await Platform.Sql<string>($"select status from uploads where id = '{late}'") == "expired");
        await Eventually.Is("its object is gone", () => Task.FromResult(Platform.StoredKeys().Length == 1));

        Assert.That(Platform.StoredKeys().Single(), Does.Contain($"{open:n}"));
        Assert.That(await Platform.Sql<string>($"select status from uploads where id = '{open}'"), Is.EqualTo("open"));
    }

    [Test]
    public async Task An_upload_that_expires_while_its_bytes_come_leaves_nothing()
    {
        var body = new Form().File(Samples.LargeJpeg(1 << 20), "late.jpg").Bytes;
        using var upload = await RawUpload.Begin(Platform, Owner, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await Eventually.Is("it has begun", async () => await Platform.Count("uploads") == 1);
        await Platform.Sql<object>("update uploads set expires_at = now() - interval '1 minute'");
        await Platform.StartWorker();
        await Eventually.Is("it is expired and swept", async () =>
            await Platform.Count("uploads where status = 'expired'") == 1 && await Platform.Count("object_deletions") == 0);

        await upload.Send(body.AsMemory(body.Length / 2));

        Assert.That(await upload.ReadAnswer(), Does.Contain("UPLOAD_EXPIRED"));
        await Eventually.Is("nothing is stored", () => Task.FromResult(Platform.StoredKeys().Length == 0));
    }

    [Test]
    public async Task An_upload_that_expires_in_the_moment_of_its_end_is_no_asset()
    {
        var body = new Form().File(Samples.LargeJpeg(1 << 20), "late.jpg").Bytes;
        using var upload = await RawUpload.Begin(Platform, Owner, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await Eventually.Is("it has begun", async () => await Platform.Count("uploads") == 1);
        await using var sweep = new NpgsqlConnection(Platform.Database);
        await sweep.OpenAsync();
        await using var transaction = await sweep.BeginTransactionAsync();
        await using var expiry = new NpgsqlCommand("update uploads set status = 'expired', error_code = 'UPLOAD_EXPIRED', error_message = 'It expired.'", sweep, transaction);
        await expiry.ExecuteNonQueryAsync();

        await upload.Send(body.AsMemory(body.Length / 2));
        await Eventually.Is("its end waits for the sweep", async () => await Platform.Count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
        await transaction.CommitAsync();

        Assert.That(await upload.ReadAnswer(), Does.Contain("UPLOAD_EXPIRED"));
        Assert.That(await Platform.Count("media_assets"), Is.Zero);
    }

    [Test]
    public async Task Trash_is_purged_when_the_client_keeps_it_no_longer()
    {
        var (old, young) = ((await Owner.Upload(Samples.Jpeg(1))).Id, (await Owner.Upload(Samples.Jpeg(2))).Id);
        await Owner.Delete($"/media/{old}");
        await Owner.Delete($"/media/{young}");
        await Platform.Sql<object>($"update clients set trash_retention_days = 7 where id = '{Owner.ClientId}'");
        await Platform.Sql<object>($"update media_assets set deleted_at = now() - interval '8 days' where id = '{old}'");
        await Platform.Sql<object>($"update media_assets set deleted_at = now() - interval '6 days' where id = '{young}'");

        await Platform.StartWorker();
        await Eventually.Is("the old one is purged", async () => await Platform.Count($"media_assets where id = '{old}'") == 0);
        await Eventually.Is("its objects are gone", () => Task.FromResult(!Platform.StoredKeys().Any(key => key.Contains($"{old:n}", StringComparison.Ordinal))));

        Assert.That(await Platform.Count($"media_assets where id = '{young}'"), Is.EqualTo(1));
        Assert.That(Platform.StoredKeys(), Has.Some.Contain($"{young:n}"));
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
            await Platform.Sql<object>(
                $"""
                insert into jobs (client_id, id, type, family, status, max_attempts, run_after, created_at, updated_at, finished_at)
                select '{Owner.ClientId}', gen_random_uuid(), '{type}', 'image', '{status}', 5, at, at, at, at
                from (select now() - interval '{age}' as at) of
                """);

        await Platform.StartWorker();
        await Eventually.Is("the old ones are gone", async () => await Platform.Count("jobs where type ~ '_' and type <> 'JOB_EXPIRE'") == 2);

        Assert.That(await Platform.Sql<string[]>("select array_agg(type order by type desc) from jobs where type <> 'JOB_EXPIRE'"), Is.EqualTo(kept));
    }

    [Test]
    public async Task What_a_job_writes_is_logged_as_the_jobs()
    {
        var upload = await GivenOpenUpload("now() - interval '1 minute'");

        await Platform.StartWorker();
        await Eventually.Is("the upload is expired", async () => await Platform.Sql<string>($"select status from uploads where id = '{upload}'") == "expired");

        var job = await Platform.Sql<Guid>("select id from jobs where type = 'UPLOAD_EXPIRE'");
        Assert.That(
            await Platform.Sql<string>($"select actor_kind || ' ' || actor_id || ' ' || request_id from change_log where entity_id = '{upload}' and operation = 'update'"),
            Is.EqualTo($"job {job} {job:n}"));
    }

    [Test]
    public async Task The_change_log_has_its_partitions_ahead()
    {
        const string partitions = "pg_inherits where inhparent = 'change_log'::regclass";
        var all = await Platform.Count(partitions);
        await Platform.Sql<object>($"do $$ begin execute 'drop table ' || (select max(inhrelid::regclass::text) from {partitions} and inhrelid::regclass::text not like '%default'); end $$");
        Assert.That(await Platform.Count(partitions), Is.EqualTo(all - 1));

        await Platform.StartWorker();

        await Eventually.Is("the months ahead are there", async () => await Platform.Count(partitions) >= all);
    }

    [Test]
    public async Task A_part_of_the_clockwork_that_fails_does_not_stop_the_others()
    {
        await Platform.Sql<object>("create or replace function create_change_log_partitions(starting date, months int) returns void language plpgsql as $$ begin raise 'broken'; end $$");
        var late = await GivenOpenUpload("now() - interval '1 minute'");
        var bad = await Platform.GivenJob(type: "OF_TOMORROW", maxAttempts: 1);
        await Platform.Sql<object>(
            $"""
            update jobs set status = 'running', attempts = 1, lease_token = gen_random_uuid(), lease_until = now() - interval '1 minute' where id = '{bad}';
            alter table jobs add constraint never_ends check (id <> '{bad}' or status = 'running');
            """);
        var abandoned = await Platform.GivenJob(type: "OF_TOMORROW", maxAttempts: 1);
        await Platform.Sql<object>(
            $"update jobs set status = 'running', attempts = 1, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{abandoned}'");

        await Platform.StartWorker();

        await Eventually.Is("the upload is expired", async () => await Platform.Sql<string>($"select status from uploads where id = '{late}'") == "expired");
        await Owner.JobBecomes(abandoned, "dead");
        Assert.That(Platform.Logs, Has.Some.Contains("could not make partitions").And.Some.Contains($"could not end abandoned job {bad}"));
    }

    [Test]
    public async Task Of_two_workers_one_runs_the_clockwork_and_the_other_takes_over()
    {
        await Platform.StartWorker();
        await Eventually.Is("the first has the clockwork", async () => await Platform.Count(JobRows.LocksHeld) == 1);
        await using var second = await Platform.StartAnotherWorker();
        await using var scope = second.Services.CreateAsyncScope();
        Assert.That(await scope.ServiceProvider.GetRequiredService<IJobSchedule>().TryTake(TimeSpan.FromMinutes(1), CancellationToken.None), Is.Null);
        Assert.That(await Platform.Count(JobRows.LocksHeld), Is.EqualTo(1));

        await Platform.StopWorker();
        await Eventually.Is("the second has it", async () => await Platform.Count(JobRows.LocksHeld) == 1);
        var abandoned = await Platform.GivenJob(type: "OF_TOMORROW", maxAttempts: 1);
        await Platform.Sql<object>(
            $"update jobs set status = 'running', attempts = 1, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{abandoned}' and status = 'queued'");
        await Owner.JobBecomes(abandoned, "dead");
    }

    [Test]
    public async Task A_lock_whose_connection_broke_stays_lost()
    {
        await using var scope = Platform.ApiServices.CreateAsyncScope(); // no worker runs, so that nobody else asks for the lock
        var schedule = scope.ServiceProvider.GetRequiredService<IJobSchedule>();
        await using var held = (await schedule.TryTake(TimeSpan.FromMinutes(1), CancellationToken.None))!;

        await Platform.Sql<bool>($"select bool_and(pg_terminate_backend(pid)) from {JobRows.LocksHeld}");
        await using var rival = await Eventually.Get("another has it", () => schedule.TryTake(TimeSpan.FromMinutes(1), CancellationToken.None));

        Assert.That(await held.IsHeld(CancellationToken.None), Is.False);
        Assert.That(await held.IsHeld(CancellationToken.None), Is.False, "asked again");
        Assert.That(await rival.IsHeld(CancellationToken.None), Is.True);
    }

    private async Task<Guid> GivenOpenUpload(string expires)
    {
        var id = Guid.CreateVersion7();
        var key = $"{Owner.ClientId:n}/media/{id.ToString("n")[^2..]}/{id:n}/original";
        var path = Path.Combine(Platform.StorageRoot, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Samples.Jpeg());
        await Platform.Sql<object>(
            $"""
            insert into uploads (client_id, id, kind, status, file_name, on_trashed, storage_provider, storage_key, expires_at, created_at, created_by_kind, updated_at)
            values ('{Owner.ClientId}', '{id}', 'direct', 'open', 'a.jpg', 'refuse', 'local', '{key}', {expires}, now(), 'api_key', now())
            """);
        return id;
    }
}
