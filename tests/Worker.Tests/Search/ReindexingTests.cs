using System.Net;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Npgsql;

namespace MediaPlatform.Worker.Tests.Search;

/// <summary>Search columns that were made with another text configuration: words were not stemmed in it.</summary>
internal sealed class ReindexingTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    private const int Episodes = 1_000;

    private const string AllOfIt = """
        select md5(string_agg(row_text, '' order by row_text))
        from (
            select (to_jsonb(e) - 'search')::text as row_text from episodes e
            union all select (to_jsonb(s) - 'search')::text from script_versions s
            union all select (to_jsonb(a) - 'search')::text from shows a
        ) kept
        """;

    [SetUp]
    public async Task Prepare()
    {
        // As if the configuration had been another when these were written.
        await Configure("simple");
        var script = (await Owner.Post("/episodes", new { Title = "Scripted" })).Expect(HttpStatusCode.Created).Id;
        await Owner.Put($"/episodes/{script}/script", new { Text = "She is running." });
        await Platform.Sql<object>($"""
            insert into episodes (client_id, id, show_id, title, status, geographic_availability, production_notes, tags, created_at, created_by_kind, updated_at, deleted_at)
            select client_id, gen_random_uuid(), id, 'Running ' || n, 'draft', '{"{}"}', '{"{}"}', '{"{fast}"}', now(), 'system', now(), case when n % 100 = 0 then now() end
            from shows cross join generate_series(1, {Episodes - 1}) n
            where client_id = '{Owner.ClientId}'
            """);
        await Configure("english_stem_of_all");
    }

    [Test]
    public async Task All_is_found_by_the_new_configuration_and_nothing_else_has_changed()
    {
        Assert.That((await Owner.Get("/search?q=%22run%22&limit=1")).Json["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.Zero);
        var (before, changes) = (await Platform.Sql<string>(AllOfIt), await Platform.Count("change_log where entity <> 'job' and entity <> 'search_reindex'"));
        var abroad = await Stale(Platform.Stranger);
        var job = await Reindex();
        await Platform.StartWorker();

        var done = await Owner.JobBecomes(job, "succeeded");

        Assert.That(await Stale(Owner), Is.Zero);
        Assert.That((await Owner.Get("/search?q=%22run%22&types=script")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await Owner.Get("/episodes?q=%22run%22")).Json["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.EqualTo(Episodes - 1 - (Episodes - 1) / 100));
        Assert.That(await Platform.Sql<string>(AllOfIt), Is.EqualTo(before), "neither versions nor times");
        Assert.That((await Owner.Get("/tags/fast")).Data["count"]!.GetValue<int>(), Is.EqualTo(Episodes - 1 - (Episodes - 1) / 100), "no tag is counted again");
        Assert.That(await Platform.Count("change_log where entity <> 'job' and entity <> 'search_reindex'"), Is.EqualTo(changes));
        Assert.That(await Stale(Platform.Stranger), Is.EqualTo(abroad));
        Assert.That(done["timeline"]!.ToJsonString(), Does.Contain($"of which {Episodes + 1} had to be made anew"), "all episodes and a script");
        Assert.That($"{done["progress"]}", Is.EqualTo("100"));
        Assert.That(await Platform.Count("search_reindexes"), Is.Zero);
    }

    [Test]
    public async Task Only_the_types_that_were_asked_for_are_made_anew()
    {
        var job = await Reindex("script");
        await Platform.StartWorker();
        await Owner.JobBecomes(job, "succeeded");

        Assert.That(await Stale(Owner), Is.EqualTo(Episodes - 1));
        Assert.That((await Owner.Get("/search?q=%22run%22")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task It_is_killed_in_the_middle_and_goes_on_while_others_read_and_write()
    {
        await using var rival = new NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        var held = (Guid)(await new NpgsqlCommand($"select id from episodes where id = (select id from episodes where client_id = '{Owner.ClientId}' and title like 'Running%' order by id offset 500 limit 1) for update", rival, transaction).ExecuteScalarAsync())!;
        var job = await Reindex("episode");
        using (var killed = ChildWorker.StartPlain(Platform))
        {
            await Eventually.Is("some are made anew and one is waited for", async () =>
                await Stale(Owner) < Episodes - 1 && await Platform.Count("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);

            // what it has done, what it holds and what is to come: all are read and written
            foreach (var offset in new[] { 0, 450, 900 })
            {
                var other = await Platform.Sql<Guid>($"select id from episodes where client_id = '{Owner.ClientId}' and title like 'Running%' and deleted_at is null and id <> '{held}' order by id offset {offset} limit 1");
                (await Owner.Get($"/episodes/{other}")).Expect(HttpStatusCode.OK);
                if (offset != 450) (await Owner.Patch($"/episodes/{other}", new { Description = "written meanwhile" })).Expect(HttpStatusCode.OK);
            }

            (await Owner.Get("/search?q=%22run%22")).Expect(HttpStatusCode.OK);
            await killed.Kill();
        }

        var (left, reached) = (await Stale(Owner), await Platform.Sql<long>("select seen from search_reindexes"));
        Assert.That(left, Is.InRange(1, Episodes - 201));
        Assert.That(reached, Is.InRange(200, Episodes - 200));
        await transaction.RollbackAsync();
        await Platform.StartWorker();

        var done = await Owner.JobBecomes(job, "succeeded");

        Assert.That(done.Attempts(), Is.GreaterThan(1));
        Assert.That(await Stale(Owner), Is.Zero);
        Assert.That(done["timeline"]!.ToJsonString(), Does.Contain($"{Episodes} rows"), "none was looked at twice");
        Assert.That(await Platform.Count("episodes where description = 'written meanwhile' and version = 2"), Is.EqualTo(2));
        Assert.That(await Platform.Count("episodes where version > 1"), Is.EqualTo(2), "and no other version moved");
    }

    private Task<object?> Configure(string dictionary) => Platform.Sql<object>($"alter text search configuration names alter mapping for asciiword with {dictionary}");

    private async Task<Guid> Reindex(params string[] types) => (await Owner.Post("/search/reindex", types.Length == 0 ? new { } : new { Types = types })).Expect(HttpStatusCode.Accepted).Id;

    /// <summary>Episodes whose words are as the other configuration made them.</summary>
    private Task<long> Stale(Tenant tenant) => Platform.Count($"episodes where client_id = '{tenant.ClientId}' and search @@ '''running'''::tsquery");
}
