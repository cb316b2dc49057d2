using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Audit;

internal sealed class AuditingTests : PlatformFixture
{
    [Test]
    public async Task The_history_of_a_record_says_who_changed_what_in_which_request()
    {
        var tenant = await Platform.CreateTenant("history");
        var asset = (await tenant.Upload(Samples.Png(11), "a.png", fields: [("title", "Before")])).Id;
        var changed = (await tenant.Patch($"/media/{asset}", new { Title = "After", Tags = new[] { "a" } })).Expect(HttpStatusCode.OK);

        var history = (await tenant.Get($"/audit?entity=media_asset&entity_id={asset}")).Data.AsArray();

        Assert.That(history.Select(entry => $"{entry!["operation"]}"), Is.EqualTo(new[] { "update", "insert" }));
        var update = history[0]!;
        Assert.That(update["changes"]!.ToJsonString(), Is.EqualTo("""{"tags":{"new":["a"],"old":[]},"title":{"new":"After","old":"Before"}}"""));
        Assert.That(update["changed_fields"]!.ToJsonString(), Is.EqualTo("""["tags","title"]"""));
        Assert.That(($"{update["actor_kind"]}", $"{update["request_id"]}"), Is.EqualTo(("key", changed.Headers.GetValues("X-Request-Id").Single())));
        Assert.That(update["actor_id"]!.GetValue<Guid>(), Is.EqualTo(await Platform.Sql<Guid>($"select id from api_keys where client_id = '{tenant.ClientId}'")));
        Assert.That((await tenant.Get($"/audit/{update["id"]}")).Data.ToJsonString(), Is.EqualTo(update.ToJsonString()));
    }

    [Test]
    public async Task Changes_are_found_by_what_where_and_who()
    {
        var tenant = await Platform.CreateTenant("filters");
        var put = (await tenant.Put("/owners/scene/1", new { Title = "One" })).Expect(HttpStatusCode.Created);
        await tenant.Put("/owners/scene/1", new { Title = "Two" });
        await tenant.Put("/owners/scene/2", new { Title = "Other" });
        var entry = (await tenant.Get("/audit?entity=attachable_owner")).Data[2]!;

        foreach (var (filter, count) in new[]
            {
                ("entity=attachable_owner", 3), ($"entity_id={entry["entity_id"]}", 2), ("entity=attachable_owner&operation=update", 1), ("operation[in]=update,delete", 1),
                ("actor_kind=key", 3), ($"actor_id={entry["actor_id"]}", 3), ($"actor_id={Guid.NewGuid()}", 0), ($"request_id={put.Headers.GetValues("X-Request-Id").Single()}", 1),
                ("changed_fields[all]=owner_id,title", 2), ("changed_fields[any]=owner_id,title", 3), ("changed_fields[any]=secret_hash", 1), ("occurred_at[gt]=2999-01-01", 0),
                ("entity=attachable_owner&changed_fields[none]=owner_id", 1), ($"id={entry["id"]}", 1),
            })
            Assert.That((await tenant.Get($"/audit?{filter}")).Data.AsArray(), Has.Count.EqualTo(count), filter);
    }

    [TestCase("occurred_at")]
    [TestCase("-occurred_at")]
    public async Task Pages_follow_each_other_while_changes_come(string sort)
    {
        var tenant = await Platform.CreateTenant("pages");
        for (var i = 0; i < 7; i++) await tenant.Put($"/owners/scene/{i}", new { });
        var all = (await tenant.Get($"/audit?sort={sort}&limit=200")).Data.AsArray().Select(entry => $"{entry!["id"]}").ToList();

        var (paged, cursor) = (new List<string>(), "");
        do
        {
            var page = await tenant.Get($"/audit?sort={sort}&limit=2&cursor={cursor}");
            paged.AddRange(page.Data.AsArray().Select(entry => $"{entry!["id"]}"));
            cursor = $"{page.Json["metadata"]!["page"]!["next_cursor"]}";
            if (paged.Count < 9) await tenant.Put($"/owners/scene/{paged.Count}", new { Title = "later" });
        }
        while (cursor.Length > 0);

        Assert.That(paged.Take(all.Count), Is.EqualTo(all));
        Assert.That(paged, Is.Unique);
    }

    [Test]
    public async Task A_long_text_is_logged_by_its_length_and_its_hash()
    {
        var tenant = await Platform.CreateTenant("long");
        var asset = (await tenant.Upload(Samples.Png(12), "a.png")).Id;
        var text = new string('é', 2_001);
        (await tenant.Patch($"/media/{asset}", new { Description = text })).Expect(HttpStatusCode.OK);
        (await tenant.Patch($"/media/{asset}", new { Description = text[1..] })).Expect(HttpStatusCode.OK);

        var entry = (await tenant.Get($"/audit?entity_id={asset}&changed_fields[any]=description")).Data[0]!["changes"]!["description"]!;

        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.That(entry["old"]!.ToJsonString(), Is.EqualTo($$"""{"length":2001,"sha256":"{{hash}}"}"""));
        Assert.That($"{entry["new"]}", Is.EqualTo(text[1..]));
    }

    [Test]
    public async Task Of_another_tenant_there_is_nothing()
    {
        var (tenant, stranger) = (await Platform.CreateTenant("mine"), await Platform.CreateTenant("theirs"));
        await tenant.Put("/owners/scene/1", new { Title = "Mine" });
        var entry = (await tenant.Get("/audit?entity=attachable_owner")).Data[0]!;

        (await stranger.Get($"/audit/{entry["id"]}")).ExpectProblem(HttpStatusCode.NotFound, "CHANGE_NOT_FOUND");
        foreach (var filter in new[] { "entity=attachable_owner", $"entity_id={entry["entity_id"]}", $"actor_id={entry["actor_id"]}", $"request_id={entry["request_id"]}", $"id={entry["id"]}" })
            Assert.That((await stranger.Get($"/audit?{filter}")).Data.AsArray(), Is.Empty, filter);
    }

    [Test]
    public async Task What_belongs_to_a_person_and_no_client_is_shown_to_none()
    {
        var tenant = await Platform.CreateTenant("people");
        (await tenant.Post("/members", new { Email = $"{Guid.NewGuid():n}@example.com", Role = "viewer" })).Expect(HttpStatusCode.Created);

        Assert.That((await tenant.Get("/audit?entity=user")).Data.AsArray(), Is.Empty);
        Assert.That((await tenant.Get("/audit?entity=member")).Data.AsArray(), Has.Count.EqualTo(1));
        var row = await Platform.Sql<Guid>("select lpad(to_hex(id), 32, '0')::uuid from change_log where entity = 'user' limit 1");
        (await tenant.Get($"/audit/{row}")).ExpectProblem(HttpStatusCode.NotFound, "CHANGE_NOT_FOUND");
    }

    [Test]
    public async Task The_audit_is_for_admins()
    {
        var tenant = await Platform.CreateTenant("roles");
        foreach (var (role, status) in new[] { (Role.Viewer, HttpStatusCode.Forbidden), (Role.Editor, HttpStatusCode.Forbidden), (Role.Admin, HttpStatusCode.OK) })
            (await (await Platform.CreateKey(tenant, role)).Get("/audit")).Expect(status);
    }

    [TestCase("00000000-0000-0000-ffff-ffffffffffff")]
    [TestCase("01234567-0000-0000-0000-000000000001")]
    [TestCase("00000000-0000-0000-0000-000000000000")]
    [TestCase("00000000-0000-0000-7fff-ffffffffffff")]
    public async Task An_id_that_no_change_has_is_not_found(string id) => (await Owner.Get($"/audit/{id}")).ExpectProblem(HttpStatusCode.NotFound, "CHANGE_NOT_FOUND");

    [TestCase("changes=x", "UNKNOWN_FIELD")]
    [TestCase("operation=drop", "VALUE_NOT_READABLE")]
    [TestCase("entity_id=1", "VALUE_NOT_READABLE")]
    [TestCase("sort=entity", "UNKNOWN_SORT")]
    public async Task A_filter_that_cannot_be_is_named(string query, string code) => (await Owner.Get($"/audit?{query}")).ExpectProblem(HttpStatusCode.BadRequest, code);
}
