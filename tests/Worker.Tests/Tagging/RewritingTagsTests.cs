using System.Net;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;

namespace MediaPlatform.Worker.Tests.Tagging;

/// <summary>Tags of more records than one transaction changes.</summary>
internal sealed class RewritingTagsTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    private const int Records = 1_500;

    [SetUp]
    public async Task Prepare()
    {
        await Platform.Sql<object>($"""
            insert into media_assets (
                client_id, id, type, format, mime_type, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, tags, created_at, created_by_kind,
                updated_at, deleted_at)
            select '{Owner.ClientId}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', 'a.jpg', 1, sha256(n::text::bytea), 'local', n::text, 'ready', 'upload',
                array['first', 'old', 'n' || n % 10], now(), 'system', now(), case when n % 100 = 0 then now() end
            from generate_series(1, {Records}) n
            """);
    }

    [Test]
    public async Task Many_records_are_renamed_by_a_job()
    {
        (await Owner.Put("/tags/old", new { Category = "show" })).Expect(HttpStatusCode.OK);
        var job = await Rename("old", "new");
        await Platform.StartWorker();

        var done = await Owner.JobBecomes(job, "succeeded");

        Assert.That(done.Stages(), Does.Contain("1:rewrite"));
        Assert.That($"{done["progress"]}", Is.EqualTo("100"));
        await ExpectAllRewrittenOnce();
        var tag = (await Owner.Get("/tags/new")).Data;
        Assert.That(($"{tag["count"]}", $"{tag["category"]}"), Is.EqualTo(($"{Records - Records / 100}", "show")));
        (await Owner.Get("/tags/old")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");
        Assert.That(await Platform.Count("tag_rewrites"), Is.Zero, "it is done");
    }

    [Test]
    public async Task A_job_that_was_killed_in_the_middle_goes_on_where_it_was()
    {
        // one record in the middle is held, so that the worker has written some batches and waits
        await using var rival = new Npgsql.NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using (var transaction = await rival.BeginTransactionAsync())
        {
            await using (var hold = new Npgsql.NpgsqlCommand($"select id from media_assets where id = (select id from find_tagged('{Owner.ClientId}', '{{old}}', 100000) offset 900 limit 1) for update", rival, transaction)) await hold.ExecuteScalarAsync();
            var job = await Rename("old", "new");
            using (var killed = ChildWorker.StartPlain(Platform))
            {
                await Eventually.Is("some are rewritten and one is waited for", async () =>
                    await Platform.Count("media_assets where tags @> '{new}'") > 0 && await Platform.Count("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);
                await killed.Kill();
            }

            Assert.That(await Platform.Count("media_assets where tags @> '{old}'"), Is.InRange(1, Records - 1));
            await transaction.RollbackAsync();
            await Platform.StartWorker();
            Assert.That((await Owner.JobBecomes(job, "succeeded")).Attempts(), Is.GreaterThan(1));
        }

        await ExpectAllRewrittenOnce();
    }

    [Test]
    public async Task While_a_job_rewrites_its_tags_are_left_to_it()
    {
        await Rename("old", "new");

        foreach (var (from, to) in new[] { ("new", "old"), ("old", "third"), ("n1", "new") })
            (await Owner.Post("/tags/merge", new { From = new[] { from }, Into = to })).Expect(from == "new" ? HttpStatusCode.NotFound : HttpStatusCode.Conflict);
        (await Owner.Post("/tags/rename", new { From = "first", To = "1st" })).ExpectProblem(HttpStatusCode.Conflict, "TAGS_BEING_REWRITTEN");
        (await Owner.Delete("/tags/old")).ExpectProblem(HttpStatusCode.Conflict, "TAGS_BEING_REWRITTEN");
        (await Owner.Post("/tags/rename", new { From = "n1", To = "one" })).Expect(HttpStatusCode.OK);
        Assert.That(await Platform.Count("tag_rewrites"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_to_be_rewritten_is_forgotten_after_its_job()
    {
        var canceled = await Rename("old", "new");
        (await Owner.Post($"/jobs/{canceled}/cancel")).Expect(HttpStatusCode.OK);
        await Owner.JobBecomes(canceled, "canceled");
        await Rename("old", "newer");
        Assert.That(await Platform.Count("tag_rewrites"), Is.EqualTo(2), "the first may be tried again");

        await Platform.Sql<object>("delete from jobs");
        await Rename("old", "newest");

        Assert.That(await Platform.Count("tag_rewrites"), Is.EqualTo(1));
    }

    [Test]
    public async Task Many_records_lose_a_tag_by_a_job()
    {
        var reply = (await Owner.Delete("/tags/first")).Expect(HttpStatusCode.Accepted);
        await Platform.StartWorker();
        await Owner.JobBecomes(reply.Id, "succeeded");

        Assert.That(await Platform.Count("media_assets where tags[1] = 'old' and cardinality(tags) = 2 and version = 2"), Is.EqualTo(Records));
    }

    private async Task<Guid> Rename(string from, string to)
    {
        var reply = (await Owner.Post("/tags/rename", new { From = from, To = to })).Expect(HttpStatusCode.Accepted);
        Assert.That(reply.Headers.Location!.OriginalString, Is.EqualTo($"/api/v1/jobs/{reply.Id}"));
        Assert.That($"{reply.Data["type"]}", Is.EqualTo("TAGS_REWRITE"));
        return reply.Id;
    }

    private async Task ExpectAllRewrittenOnce()
    {
        Assert.That(await Platform.Count("media_assets where tags[1:2] = '{first,new}' and cardinality(tags) = 3 and version = 2"), Is.EqualTo(Records));
        Assert.That(await Platform.Count("change_log where entity = 'media_asset' and operation = 'update'"), Is.EqualTo(Records));
    }
}
