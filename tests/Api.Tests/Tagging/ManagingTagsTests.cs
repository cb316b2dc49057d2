using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Tagging;

internal sealed class ManagingTagsTests : PlatformFixture
{
    private static int pictures = 5_000;

    [Test]
    public async Task Tags_are_listed_with_how_often_they_are_used()
    {
        var tenant = await Platform.CreateTenant("counts");
        var first = await Given(tenant, "sea", "beach");
        await Given(tenant, "sea");
        await Given(tenant, "sea", "sky");
        Assert.That(await Counts(tenant), Is.EqualTo(new[] { ("sea", 3), ("sky", 1), ("beach", 1) }).AsCollection.Or.EqualTo(new[] { ("sea", 3), ("beach", 1), ("sky", 1) }).AsCollection);
        Assert.That((await tenant.Get("/tags/sea")).Data["counts"]!.ToJsonString(), Is.EqualTo("""{"media_asset":3}"""));

        (await tenant.Delete($"/media/{first}")).Expect(HttpStatusCode.OK);
        Assert.That(await Counts(tenant), Is.EqualTo(new[] { ("sea", 2), ("sky", 1) }), "what is in the trash does not count");
        (await tenant.Get("/tags/beach")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");

        (await tenant.Post($"/media/{first}/restore")).Expect(HttpStatusCode.OK);
        (await tenant.Patch($"/media/{first}", new { Tags = new[] { "beach", "sand" } })).Expect(HttpStatusCode.OK);
        Assert.That(await Counts(tenant, "sort=tag"), Is.EqualTo(new[] { ("beach", 1), ("sand", 1), ("sea", 2), ("sky", 1) }));

        (await tenant.Delete($"/media/{first}?purge=true")).Expect(HttpStatusCode.OK);
        Assert.That(await Counts(tenant, "sort=tag"), Is.EqualTo(new[] { ("sea", 2), ("sky", 1) }));
    }

    [Test]
    public async Task An_export_counts_what_was_tagged_a_moment_before()
    {
        var tenant = await Platform.CreateTenant("exported");
        await Given(tenant, "sea", "sky");
        await Given(tenant, "sea");

        Assert.That((await tenant.Get("/tags/export?_fields=tag,count")).Expect(HttpStatusCode.OK).Text, Is.EqualTo("tag,count\r\nsea,2\r\nsky,1\r\n"));
    }

    [Test]
    public async Task Counts_are_right_after_many_at_once()
    {
        var tenant = await Platform.CreateTenant("hot");
        var assets = new List<Guid>();
        for (var i = 0; i < 6; i++) assets.Add(await Given(tenant, "hot"));
        await Task.WhenAll(assets.SelectMany((id, i) => Enumerable.Range(0, 8).Select(async n =>
        {
            string[] tags = ((i + n) % 3) switch { 0 => ["hot"], 1 => ["hot", "cold", $"t{n}"], _ => [] };
            _ = (await tenant.Patch($"/media/{id}", new { Tags = tags })).Data;
            if (n % 4 == 0) (await tenant.Get("/tags")).Expect(HttpStatusCode.OK);
        })));

        var expected = await Platform.Sql<string>(
            $"select string_agg(tag || '=' || n, ' ' order by tag collate \"C\") from (select tag, count(*) n from media_assets, unnest(tags) tag where client_id = '{tenant.ClientId}' group by tag) used");
        Assert.That(string.Join(' ', (await Counts(tenant, "sort=tag")).Select(tag => $"{tag.Tag}={tag.Count}")), Is.EqualTo(expected ?? ""));
    }

    [Test]
    public async Task Tags_are_found_by_how_they_begin_by_category_and_by_count_in_pages()
    {
        var tenant = await Platform.CreateTenant("find");
        await Given(tenant, "beach", "beach house", "été", "b%h");
        await Given(tenant, "beach");
        (await tenant.Put("/tags/beach", new { Category = "mood" })).Expect(HttpStatusCode.OK);

        Assert.That((await Counts(tenant, "tag[starts_with]=bea&sort=tag")).Select(tag => tag.Tag), Is.EqualTo(new[] { "beach", "beach house" }));
        Assert.That((await Counts(tenant, "tag[starts_with]=e%CC%81t")).Select(tag => tag.Tag), Is.EqualTo(new[] { "été" }), "composed or not");
        Assert.That((await Counts(tenant, "tag[starts_with]=b%25")).Select(tag => tag.Tag), Is.EqualTo(new[] { "b%h" }));
        Assert.That((await Counts(tenant, "category=mood")).Select(tag => tag.Tag), Is.EqualTo(new[] { "beach" }));
        Assert.That((await Counts(tenant, "category[null]=true")), Has.Length.EqualTo(3));
        Assert.That((await Counts(tenant, "count[gte]=2")).Select(tag => tag.Tag), Is.EqualTo(new[] { "beach" }));
        (await tenant.Get("/tags?category=colour")).ExpectProblem(HttpStatusCode.BadRequest, "VALUE_NOT_READABLE");

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await tenant.Get($"/tags?limit=1&cursor={cursor}");
            seen.AddRange(page.Data.AsArray().Select(tag => $"{tag!["tag"]}"));
            cursor = $"{page.Json["metadata"]!["page"]!["next_cursor"]}";
        }
        while (cursor.Length > 0);
        Assert.That(seen, Has.Count.EqualTo(4).And.Unique);
        Assert.That(seen[0], Is.EqualTo("beach"));
    }

    [TestCase("a/b")]
    [TestCase("a%2fb")]
    [TestCase("two words")]
    [TestCase("50% off?")]
    [TestCase("été #1")]
    [TestCase("日本語")]
    [TestCase("👩‍👧")]
    [TestCase("rename")]
    [TestCase("a+b&c=d")]
    [TestCase("..x")]
    [TestCase("\\")]
    public async Task Any_tag_has_its_place_in_a_path(string tag)
    {
        var tenant = await Platform.CreateTenant("paths");
        (await tenant.Put($"/tags/{Uri.EscapeDataString(tag)}", new { Description = "Odd" })).Expect(HttpStatusCode.OK);

        Assert.That($"{(await tenant.Get($"/tags/{Uri.EscapeDataString(tag)}")).Data["tag"]}", Is.EqualTo(tag));
        (await tenant.Delete($"/tags/{Uri.EscapeDataString(tag)}")).Expect(HttpStatusCode.OK);
        (await tenant.Get($"/tags/{Uri.EscapeDataString(tag)}")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");
    }

    [Test]
    public async Task A_tag_is_described_before_it_is_used_and_is_one_in_any_spelling()
    {
        var tenant = await Platform.CreateTenant("describe");
        var made = (await tenant.Put("/tags/%20Caf%65%CC%81%20", new { Category = "wardrobe_type", Description = "Coffee" })).Expect(HttpStatusCode.OK);

        Assert.That(($"{made.Data["tag"]}", $"{made.Data["category"]}", $"{made.Data["count"]}", $"{made.Data["version"]}"), Is.EqualTo(("café", "wardrobe_type", "0", "1")));
        await Given(tenant, "Café");
        Assert.That(await Counts(tenant), Is.EqualTo(new[] { ("café", 1) }));

        var stale = made.Headers.ETag!.Tag;
        var again = (await tenant.Put("/tags/CAF%C3%89", new { Description = "Tea" }, ("If-Match", stale))).Expect(HttpStatusCode.OK);
        Assert.That((again.Data["category"], $"{again.Data["description"]}"), Is.EqualTo(((JsonNode?)null, "Tea")));
        (await tenant.Put("/tags/caf%C3%A9", new { Description = "Milk" }, ("If-Match", stale))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await tenant.Delete("/tags/caf%C3%A9", ("If-Match", stale))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        Assert.That((await Platform.Sql<long>($"select count(*) from change_log where entity = 'tag' and client_id = '{tenant.ClientId}'")), Is.EqualTo(2));
    }

    [Test]
    public async Task A_rename_changes_every_record_with_its_version_and_its_history()
    {
        var tenant = await Platform.CreateTenant("rename");
        var (plain, twice, trashed, other) = (await Given(tenant, "x", "Old", "y"), await Given(tenant, "old"), await Given(tenant, "old", "z"), await Given(tenant, "else"));
        (await tenant.Delete($"/media/{trashed}")).Expect(HttpStatusCode.OK);
        (await tenant.Put("/tags/old", new { Category = "vibe" })).Expect(HttpStatusCode.OK);
        var seen = (await tenant.Get($"/media/{plain}")).Headers.ETag!.Tag;
        var before = await Version(other);

        var renamed = (await tenant.Post("/tags/rename", new { From = " OLD ", To = "Né w" })).Expect(HttpStatusCode.OK);

        Assert.That(($"{renamed.Data["into"]}", renamed.Data["records"]!.GetValue<int>()), Is.EqualTo(("né w", 3)));
        Assert.That(await TagsOf(plain), Is.EqualTo(new[] { "x", "né w", "y" }));
        Assert.That(await TagsOf(trashed), Is.EqualTo(new[] { "né w", "z" }), "what is in the trash as well");
        (await tenant.Patch($"/media/{plain}", new { Title = "mine" }, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        Assert.That((await Version(twice), await Version(other)), Is.EqualTo((2, before)));
        Assert.That(await Counts(tenant, "tag[starts_with]=n"), Is.EqualTo(new[] { ("né w", 2) }));
        Assert.That($"{(await tenant.Get("/tags/n%C3%A9%20w")).Data["category"]}", Is.EqualTo("vibe"));
        (await tenant.Get("/tags/old")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");

        var history = (await tenant.Get($"/audit?request_id={renamed.Headers.GetValues("X-Request-Id").Single()}&entity=media_asset")).Data.AsArray();
        Assert.That(history, Has.Count.EqualTo(3));
        Assert.That(history[0]!["changed_fields"]!.ToJsonString(), Is.EqualTo("""["tags"]"""));
    }

    [Test]
    public async Task A_name_that_is_taken_is_merged_into_when_that_is_meant()
    {
        var tenant = await Platform.CreateTenant("merge");
        var (both, one, three) = (await Given(tenant, "a", "b", "c"), await Given(tenant, "b"), await Given(tenant, "c", "x", "b", "d"));
        (await tenant.Put("/tags/b", new { Category = "show" })).Expect(HttpStatusCode.OK);
        (await tenant.Post("/tags/rename", new { From = "b", To = "A" })).ExpectProblem(HttpStatusCode.Conflict, "TAG_IN_USE");
        Assert.That(await TagsOf(one), Is.EqualTo(new[] { "b" }));

        var merged = (await tenant.Post("/tags/merge", new { From = new[] { "b", "c", "a", "nowhere" }, Into = "a" })).Expect(HttpStatusCode.OK);

        Assert.That(merged.Data["records"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That((await TagsOf(both), await TagsOf(one), await TagsOf(three)), Is.EqualTo((new[] { "a" }, new[] { "a" }, new[] { "a", "x", "d" })));
        Assert.That(await Counts(tenant, "sort=tag"), Is.EqualTo(new[] { ("a", 3), ("d", 1), ("x", 1) }));
        Assert.That($"{(await tenant.Get("/tags/a")).Data["category"]}", Is.EqualTo("show"), "what was said of one goes along");
    }

    [Test]
    public async Task A_tag_that_is_removed_is_off_everything()
    {
        var tenant = await Platform.CreateTenant("remove");
        var (live, trashed) = (await Given(tenant, "gone", "stays"), await Given(tenant, "gone"));
        (await tenant.Delete($"/media/{trashed}")).Expect(HttpStatusCode.OK);

        Assert.That((await tenant.Delete("/tags/gone")).Data["records"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That((await TagsOf(live), await TagsOf(trashed)), Is.EqualTo((new[] { "stays" }, Array.Empty<string>())));
        (await tenant.Delete("/tags/gone")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");
    }

    [Test]
    public async Task Another_tenants_tags_stay_as_they_are()
    {
        var (tenant, stranger) = (await Platform.CreateTenant("mine"), await Platform.CreateTenant("theirs"));
        var (mine, theirs) = (await Given(tenant, "same"), await Given(stranger, "same"));
        (await stranger.Put("/tags/same", new { Description = "Theirs" })).Expect(HttpStatusCode.OK);

        (await tenant.Post("/tags/rename", new { From = "same", To = "other" })).Expect(HttpStatusCode.OK);
        (await tenant.Delete("/tags/same")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");

        Assert.That((await TagsOf(mine), await TagsOf(theirs)), Is.EqualTo((new[] { "other" }, new[] { "same" })));
        Assert.That($"{(await stranger.Get("/tags/same")).Data["description"]}", Is.EqualTo("Theirs"));
    }

    [Test]
    public async Task A_rename_waits_for_who_edits_and_then_takes_that_along()
    {
        var tenant = await Platform.CreateTenant("race");
        var asset = await Given(tenant, "old");
        await using var rival = new Npgsql.NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using (var edit = new Npgsql.NpgsqlCommand($"update media_assets set tags = '{{first,old}}', version = version + 1 where id = '{asset}'", rival, transaction)) await edit.ExecuteNonQueryAsync();

        var renaming = tenant.Post("/tags/rename", new { From = "old", To = "new" });
        await Eventually.Is("it waits", async () => await Platform.Sql<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);
        await transaction.CommitAsync();

        (await renaming).Expect(HttpStatusCode.OK);
        Assert.That(await TagsOf(asset), Is.EqualTo(new[] { "first", "new" }));
    }

    [Test]
    public async Task Renames_into_each_other_at_once_end()
    {
        var tenant = await Platform.CreateTenant("each");
        for (var i = 0; i < 4; i++) await Given(tenant, i % 2 == 0 ? "a" : "b");

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => tenant.Post("/tags/merge", i % 2 == 0 ? new { From = new[] { "a" }, Into = "b" } : new { From = new[] { "b" }, Into = "a" })));

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.OK).Or.All.EqualTo(HttpStatusCode.NotFound).Or.Some.EqualTo(HttpStatusCode.OK));
        Assert.That(await Counts(tenant), Is.EqualTo(new[] { ("a", 4) }).AsCollection.Or.EqualTo(new[] { ("b", 4) }).AsCollection);
    }

    [Test]
    public async Task A_table_that_comes_later_bears_tags_by_one_line()
    {
        await using var later = await Platform.Start();
        await later.Sql<object>("""
            create table moods (client_id uuid not null, id uuid not null, tags text[] not null default '{}', deleted_at timestamptz, version int not null default 1,
                updated_at timestamptz, primary key (client_id, id));
            create trigger moods_change_log after insert or update or delete on moods for each row execute function write_change_log('mood_board', '{version,updated_at}', '{}');
            """);
        var tenant = later.Tenant;
        await later.Sql<object>($"insert into moods (client_id, id, tags) select '{tenant.ClientId}', gen_random_uuid(), array['sea', 'e' || n] from generate_series(1, 3) n");
        await later.Sql<object>("select bear_tags('mood_board', 'moods')");
        await Given(tenant, "sea");
        await later.Sql<object>("update moods set deleted_at = now() where tags @> '{e3}'");

        Assert.That((await tenant.Get("/tags/sea")).Data["counts"]!.ToJsonString(), Is.EqualTo("""{"mood_board":2,"media_asset":1}"""), "those that were there before as well");
        Assert.That((await tenant.Post("/tags/rename", new { From = "sea", To = "see" })).Data["records"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(await later.Sql<long>("select count(*) from moods where tags[1] = 'see' and version = 2"), Is.EqualTo(3));
        Assert.That(await Counts(tenant, "tag[starts_with]=s"), Is.EqualTo(new[] { ("see", 3) }));

        await later.Sql<object>("select stop_bearing_tags('mood_board'); drop table moods");
        Assert.That(await Counts(tenant), Is.EqualTo(new[] { ("see", 1) }));
    }

    [TestCase("rename", "{\"from\":\"sea\",\"to\":\"SEA \"}")]
    [TestCase("rename", "{\"from\":\"sea\",\"to\":\" \"}")]
    [TestCase("rename", "{\"from\":\"\",\"to\":\"x\"}")]
    [TestCase("merge", "{\"from\":[],\"into\":\"x\"}")]
    [TestCase("merge", "{\"from\":[\"x\"],\"into\":\"X\"}")]
    [TestCase("merge", "{\"from\":[\" \"],\"into\":\"x\"}")]
    public async Task What_cannot_be_meant_is_refused(string what, string body)
    {
        await Given(Owner, "sea");
        (await Owner.Send(HttpMethod.Post, $"/tags/{what}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    [Test]
    public async Task A_tag_has_a_hundred_characters_and_no_more()
    {
        var (fits, longer) = (new string('é', 100), new string('é', 101));
        var tenant = await Platform.CreateTenant("long");
        (await tenant.Put($"/tags/{Uri.EscapeDataString(fits)}", new { })).Expect(HttpStatusCode.OK);
        (await tenant.Put($"/tags/{Uri.EscapeDataString(longer)}", new { })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await tenant.Get($"/tags/{Uri.EscapeDataString(longer)}")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");
        (await tenant.Delete($"/tags/{Uri.EscapeDataString(longer)}")).ExpectProblem(HttpStatusCode.NotFound, "TAG_NOT_FOUND");
        (await tenant.Put("/tags/x", new { Category = "colour" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await tenant.Put("/tags/x", new { Description = new string('x', 2_001) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    [Test]
    public async Task Editors_describe_and_admins_rewrite()
    {
        var tenant = await Platform.CreateTenant("roles");
        await Given(tenant, "sea");
        var (viewer, editor) = (await Platform.CreateKey(tenant, Role.Viewer), await Platform.CreateKey(tenant, Role.Editor));

        (await viewer.Get("/tags")).Expect(HttpStatusCode.OK);
        (await viewer.Put("/tags/sea", new { })).Expect(HttpStatusCode.Forbidden);
        (await editor.Put("/tags/sea", new { })).Expect(HttpStatusCode.OK);
        (await editor.Delete("/tags/sea")).Expect(HttpStatusCode.Forbidden);
        (await editor.Post("/tags/rename", new { From = "sea", To = "see" })).Expect(HttpStatusCode.Forbidden);
        (await editor.Post("/tags/merge", new { From = new[] { "sea" }, Into = "see" })).Expect(HttpStatusCode.Forbidden);
    }

    private static async Task<Guid> Given(Tenant tenant, params string[] tags) =>
        (await tenant.Upload(Samples.Png(Interlocked.Increment(ref pictures)), "a.png", fields: [("tags", string.Join(',', tags))])).Id;

    private static async Task<(string Tag, int Count)[]> Counts(Tenant tenant, string query = "") =>
        [.. (await tenant.Get($"/tags?{query}")).Data.AsArray().Select(tag => ($"{tag!["tag"]}", tag["count"]!.GetValue<int>()))];

    private async Task<string[]> TagsOf(Guid asset) => await Platform.Sql<string[]>($"select tags from media_assets where id = '{asset}'") ?? [];

    private Task<int> Version(Guid asset) => Platform.Sql<int>($"select version from media_assets where id = '{asset}'");
}
