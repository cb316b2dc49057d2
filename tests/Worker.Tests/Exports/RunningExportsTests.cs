using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Npgsql;

namespace MediaPlatform.Worker.Tests.Exports;

/// <summary>Exports that the worker writes.</summary>
internal sealed class RunningExportsTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    [SetUp]
    public async Task Prepare()
    {
        await Platform.Sql<object>($"""
            insert into media_assets (
                client_id, id, type, format, mime_type, title, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, created_at, created_by_kind, updated_at)
            select '{Owner.ClientId}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', 'row ' || n, 'row.jpg', n, sha256(n::text::bytea), 'local',
                n::text, 'ready', 'upload', timestamptz '2026-01-01' + n % 11 * interval '1 microsecond', 'system', now()
            from generate_series(1, 1203) n
            """);
    }

    [Test]
    public async Task A_filtered_list_becomes_a_file_behind_a_link()
    {
        await Platform.StartWorker();
        var asked = (await Owner.Post("/exports", new
        {
            Resource = "media", Format = "csv", Fields = new[] { "size_bytes", "title" }, Sort = new[] { "size_bytes" },
            Where = new { And = new object[] { new { Field = "size_bytes", Op = "gt", Value = 3 }, new { Not = new { Field = "title", Op = "in", Value = new[] { "row 5" } } } } },
        })).Expect(HttpStatusCode.Accepted);

        var export = await Becomes(asked.Id, "ready");

        Assert.That(export["rows"]!.GetValue<int>(), Is.EqualTo(1_199));
        Assert.That(export["progress"]!.GetValue<int>(), Is.EqualTo(100));
        var file = await new Tenant(Platform, Guid.Empty, "").Get(export["download_url"]!.GetValue<string>());
        Assert.That(file.Expect(HttpStatusCode.OK).Text, Does.StartWith("size_bytes,title\r\n4,row 4\r\n6,row 6\r\n"));
        Assert.That(file.Bytes, Has.Length.EqualTo(export["size_bytes"]!.GetValue<long>()));
        Assert.That(file.ContentHeaders.ContentDisposition!.ToString(), Does.Contain("attachment").And.Contain(".csv"));
    }

    [Test]
    public async Task A_deleted_export_takes_its_file_along()
    {
        await Platform.StartWorker();
        var export = (await Owner.Post("/exports", new { Resource = "media", Format = "json" })).Id;
        await Becomes(export, "ready");
        Assert.That(Platform.StoredKeys(), Has.Length.EqualTo(1));

        (await Owner.Delete($"/exports/{export}")).Expect(HttpStatusCode.OK);

        await Eventually.Is("nothing is stored", () => Task.FromResult(Platform.StoredKeys().Length == 0));
    }

    [Test]
    public async Task An_export_expires_with_its_file()
    {
        var export = (await Owner.Post("/exports", new { Resource = "media" })).Id;
        await Platform.StartWorker();
        await Becomes(export, "ready");
        await Platform.StopWorker();

        await Platform.Sql<object>("update exports set expires_at = now() - interval '1 second'");
        await Platform.StartWorker();

        await Eventually.Is("the export is gone", async () => (await Owner.Get($"/exports/{export}")).Status is HttpStatusCode.NotFound);
        await Eventually.Is("nothing is stored", () => Task.FromResult(Platform.StoredKeys().Length == 0));
    }

    [Test]
    public async Task What_a_killed_attempt_has_stored_goes_and_the_export_goes_on()
    {
        var export = (await Owner.Post("/exports", new { Resource = "media" })).Id;
        var stray = await GivenKilledAttempt(export, attempts: 1);

        await Platform.StartWorker();

        var ready = await Becomes(export, "ready");
        Assert.That(ready["rows"]!.GetValue<int>(), Is.EqualTo(1_203));
        await Eventually.Is("the file of the killed attempt is gone", () => Task.FromResult(Platform.StoredKeys() is [var only] && only != stray));
    }

    [Test]
    public async Task A_worker_killed_in_the_middle_leaves_nothing_and_another_goes_on()
    {
        var export = (await Owner.Post("/exports", new { Resource = "media", Format = "json" })).Id;
        await using (var holding = new NpgsqlConnection(Platform.Database))
        {
            await holding.OpenAsync();
            await using var transaction = await holding.BeginTransactionAsync(); // the rows are not to be had: the worker waits for them
            await using var locking = new NpgsqlCommand("lock table media_assets in access exclusive mode", holding, transaction);
            await locking.ExecuteNonQueryAsync();
            using var worker = ChildWorker.StartPlain(Platform);
            await Eventually.Is("the worker has begun", () => Platform.Sql<bool>($"select status = 'running' from exports where id = '{export}'"));
            await worker.Kill();
        }

        await Platform.StartWorker();

        Assert.That((await Becomes(export, "ready"))["rows"]!.GetValue<int>(), Is.EqualTo(1_203));
        Assert.That(Platform.StoredKeys(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task What_the_last_attempt_has_stored_goes_when_there_is_no_other()
    {
        var export = (await Owner.Post("/exports", new { Resource = "media" })).Id;
        await GivenKilledAttempt(export, attempts: 5);

        await Platform.StartWorker();

        Assert.That((await Becomes(export, "failed"))["error_code"]!.GetValue<string>(), Is.EqualTo("WORKER_LOST"));
        await Eventually.Is("nothing is stored", () => Task.FromResult(Platform.StoredKeys().Length == 0));
    }

    [Test]
    public async Task What_an_attempt_stores_of_an_export_that_is_gone_goes_as_well()
    {
        var export = (await Owner.Post("/exports", new { Resource = "media" })).Id;
        (await Owner.Delete($"/exports/{export}")).Expect(HttpStatusCode.OK);
        await GivenKilledAttempt(export, attempts: 1); // it had begun before, and stored afterwards

        await Platform.StartWorker();

        await Eventually.Is("nothing is stored", () => Task.FromResult(Platform.StoredKeys().Length == 0));
        await Owner.JobBecomes(await JobOf(export), "succeeded");
    }

    [Test]
    public async Task An_export_of_tags_counts_what_was_tagged_a_moment_before()
    {
        await using var scheduler = new NpgsqlConnection(Platform.Database);
        await scheduler.OpenAsync();
        await using var taken = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('mediaplatform.scheduler', 0))", scheduler); // which would add them up as well
        await taken.ExecuteNonQueryAsync();
        await Platform.Sql<object>("update media_assets set tags = case when size_bytes = 1 then array['sea', 'sky'] else array['sea'] end where size_bytes <= 2");
        await Platform.StartWorker();

        var export = await Becomes((await Owner.Post("/exports", new { Resource = "tags", Fields = new[] { "tag", "count" } })).Expect(HttpStatusCode.Accepted).Id, "ready");

        Assert.That((await new Tenant(Platform, Guid.Empty, "").Get(export["download_url"]!.GetValue<string>())).Text, Is.EqualTo("tag,count\r\nsea,2\r\nsky,1\r\n"));
    }

    [Test]
    public async Task A_question_that_costs_too_much_fails_at_once()
    {
        await Platform.Sql<object>("""
            create or replace function search_query(given text) returns tsquery
            language plpgsql as $$
            begin
                perform pg_sleep(60);
                return websearch_to_tsquery('prose', given);
            end $$
            """);
        var export = (await Owner.Post("/exports", new { Resource = "media", Q = "expensive" })).Expect(HttpStatusCode.Accepted).Id;

        await Platform.StartWorker(overrides: JobRows.With(("Database:StatementTimeout", "00:00:01")));

        Assert.That((await Becomes(export, "failed"))["error_code"]!.GetValue<string>(), Is.EqualTo("QUERY_TOO_EXPENSIVE"));
        var job = (await Owner.Get($"/jobs/{await JobOf(export)}")).Data;
        Assert.That((job["status"]!.GetValue<string>(), job["attempts"]!.GetValue<int>()), Is.EqualTo(("failed", 1)));
    }

    [Test]
    public async Task A_failed_export_can_be_tried_again()
    {
        var export = (await Owner.Post("/exports", new { Resource = "media" })).Id;
        var job = await JobOf(export);
        (await Owner.Post($"/jobs/{job}/cancel")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/exports/{export}")).Data["error_code"]!.GetValue<string>(), Is.EqualTo("JOB_CANCELED"));

        (await Owner.Post($"/jobs/{job}/retry")).Expect(HttpStatusCode.OK);
        await Platform.StartWorker();

        await Becomes(export, "ready");
    }

    [Test]
    public async Task Who_may_not_read_any_more_gets_no_file([Values] bool revoked)
    {
        var admin = await Platform.CreateKey(Owner, Role.Admin);
        var export = (await admin.Post("/exports", new { Resource = "members" })).Expect(HttpStatusCode.Accepted).Id;
        var key = (await Owner.Get($"/exports/{export}")).Data["created_by"]!.GetValue<Guid>();
        if (revoked) (await Owner.Delete($"/api-keys/{key}")).Expect(HttpStatusCode.OK);
        else await Platform.Sql<object>($"update api_keys set role = 'viewer' where id = '{key}'");

        await Platform.StartWorker();

        Assert.That((await Becomes(export, "failed"))["error_code"]!.GetValue<string>(), Is.EqualTo("EXPORT_NOT_ALLOWED"));
        Assert.That(Platform.StoredKeys(), Is.Empty);
    }

    private Task<JsonNode> Becomes(Guid export, string status) => Eventually.Get<JsonNode>($"the export is {status}", async () =>
    {
        var data = (await Owner.Get($"/exports/{export}")).Data;
        return data["status"]!.GetValue<string>() == status ? data : null;
    });

    private Task<Guid> JobOf(Guid export) => Platform.Sql<Guid>($"select id from jobs where subject_id = '{export}'");

    /// <summary>What is left of a worker that was killed after it had stored the file and before it said so.</summary>
    private async Task<string> GivenKilledAttempt(Guid export, int attempts)
    {
        var key = $"{Owner.ClientId:n}/exports/{export:n}/{Guid.NewGuid():n}.csv";
        var path = Path.Combine(Platform.StorageRoot, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "half");
        await Platform.Sql<object>($"""
            update exports set status = 'running', storage_provider = 'local', storage_key = '{key}' where id = '{export}';
            update jobs set status = 'running', attempts = {attempts}, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where subject_id = '{export}'
            """);
        return key;
    }
}
