using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Exports;

/// <summary>Lists as files, at once. What the worker writes is shown with the worker.</summary>
internal sealed class ExportingTests : PlatformFixture
{
    [OneTimeSetUp]
    public Task AddRows() => AddRows(Owner, 1_203);

    [Test]
    public async Task Csv_has_all_rows_that_fit_in_their_order()
    {
        var file = (await Owner.Get("/media/export?size_bytes[lte]=3&sort=size_bytes&_fields=size_bytes,title,exif.iso")).Expect(HttpStatusCode.OK);

        var lines = file.Text.Split("\r\n");
        Assert.That(lines[0], Is.EqualTo("size_bytes,title,exif.iso"));
        Assert.That(lines[1], Does.Match("^1,'=row [0-9]+,$"));
        Assert.That(lines, Has.Length.EqualTo(2 + (await Owner.Get("/media?size_bytes[lte]=3&limit=1")).Json["metadata"]!["page"]!["total"]!.GetValue<int>()));
        Assert.That(file.ContentHeaders.ContentType!.MediaType, Is.EqualTo("text/csv"));
        Assert.That(file.ContentHeaders.ContentDisposition!.DispositionType, Is.EqualTo("attachment"));
        Assert.That(file.ContentHeaders.ContentDisposition.FileName, Does.Match("^\"?media-[0-9-]+\\.csv\"?$"));
    }

    [Test]
    public async Task Json_has_every_row_once_over_many_pages()
    {
        var file = (await Owner.Get("/media/export?format=json")).Expect(HttpStatusCode.OK);

        var rows = JsonNode.Parse(file.Bytes)!.AsArray();
        Assert.That(rows.Select(row => row!["id"]!.GetValue<Guid>()).Distinct().Count(), Is.EqualTo(1_203));
        Assert.That(rows[0]!.AsObject().Select(member => member.Key), Has.Member("custom_fields").And.None.EqualTo("storage_key").And.None.EqualTo("variants"));
    }

    [Test]
    public async Task Every_list_is_exported()
    {
        var exports = (await Owner.DocumentedPaths()).Where(path => path.EndsWith("/export", StringComparison.Ordinal) && !path.Contains('{', StringComparison.Ordinal)).ToList(); // an episode's has a test of its own

        Assert.That(exports, Has.Count.GreaterThanOrEqualTo(8));
        foreach (var export in exports) Assert.That((await Owner.Get(export)).Expect(HttpStatusCode.OK).Text, Does.Match("^[a-z_]+,"), export);
    }

    [TestCase("format=xml", "INVALID_PARAMETER")]
    [TestCase("limit=10", "INVALID_PARAMETER")]
    [TestCase("cursor=x", "INVALID_PARAMETER")]
    [TestCase("titel=x", "UNKNOWN_FIELD")]
    [TestCase("width=wide", "VALUE_NOT_READABLE")]
    [TestCase("sort=titel", "UNKNOWN_SORT")]
    [TestCase("_fields=titel", "UNKNOWN_FIELD")]
    [TestCase("_fields=storage_key", "UNKNOWN_FIELD")]
    [TestCase("_fields=title.x", "UNKNOWN_FIELD")]
    public async Task What_cannot_be_exported_is_named_before_the_first_byte(string query, string code) =>
        (await Owner.Get("/media/export?" + query)).ExpectProblem(HttpStatusCode.BadRequest, code);

    [Test]
    public async Task Too_many_rows_are_left_to_the_worker()
    {
        var crowded = await Platform.CreateTenant("crowded");
        for (var batch = 0; batch < 10; batch++) await AddUploads(crowded, (ExportRules.MostRowsAtOnce / 10) + (batch == 0 ? 1 : 0), $"batch-{batch}");

        var refused = (await crowded.Get("/uploads/export")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EXPORT_TOO_LARGE");
        Assert.That(refused.Text, Does.Contain("POST /exports"));
        Assert.That((await crowded.Get("/uploads/export?file_name=batch-0&_fields=id")).Expect(HttpStatusCode.OK).Text.Split("\r\n").Distinct().Count(), Is.EqualTo(10_001 + 2));
    }

    [Test]
    public async Task Nobody_exports_what_they_may_not_read()
    {
        var (viewer, editor) = (await Platform.CreateKey(Owner, Role.Viewer), await Platform.CreateKey(Owner, Role.Editor));

        (await viewer.Get("/media/export?_fields=id")).Expect(HttpStatusCode.OK);
        (await viewer.Get("/members/export")).Expect(HttpStatusCode.Forbidden);
        (await viewer.Get("/media/export?include_deleted=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await viewer.Post("/exports", new { Resource = "media" })).Expect(HttpStatusCode.Forbidden);
        (await editor.Post("/exports", new { Resource = "members" })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await editor.Post("/exports", new { Resource = "media", IncludeDeleted = true })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        Assert.That((await Platform.Stranger.Get("/media/export")).Expect(HttpStatusCode.OK).Text.Split("\r\n"), Has.Length.EqualTo(2), "the line of names alone");
    }

    [Test]
    public async Task An_export_is_for_whoever_asked_and_for_admins()
    {
        var (one, other) = (await Platform.CreateKey(Owner, Role.Editor), await Platform.CreateKey(Owner, Role.Editor));
        var export = (await one.Post("/exports", new { Resource = "media", Format = "json" })).Expect(HttpStatusCode.Accepted).Id;

        (await one.Get($"/exports/{export}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/exports/{export}")).Expect(HttpStatusCode.OK);
        (await other.Get($"/exports/{export}")).ExpectProblem(HttpStatusCode.NotFound, "EXPORT_NOT_FOUND");
        (await other.Delete($"/exports/{export}")).ExpectProblem(HttpStatusCode.NotFound, "EXPORT_NOT_FOUND");
        (await Platform.Stranger.Get($"/exports/{export}")).ExpectProblem(HttpStatusCode.NotFound, "EXPORT_NOT_FOUND");
        Assert.That((await other.Get("/exports")).Data.AsArray(), Is.Empty);
        Assert.That((await other.Post("/exports/query", new { Where = new { Or = new object[] { new { Field = "id", Value = export }, new { Field = "resource", Value = "media" } } } })).Data.AsArray(), Is.Empty);
        Assert.That((await one.Get("/exports?status=queued")).Data.AsArray().Single()!["id"]!.GetValue<Guid>(), Is.EqualTo(export));
        (await one.Delete($"/exports/{export}")).Expect(HttpStatusCode.OK);
        (await one.Get($"/exports/{export}")).ExpectProblem(HttpStatusCode.NotFound, "EXPORT_NOT_FOUND");
    }

    [TestCase("""{"resource": "medai"}""", HttpStatusCode.UnprocessableEntity, "EXPORT_RESOURCE_UNKNOWN")]
    [TestCase("""{"resource": "exports"}""", HttpStatusCode.UnprocessableEntity, "EXPORT_RESOURCE_UNKNOWN")]
    [TestCase("""{"resource": "media", "format": "xml"}""", HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR")]
    [TestCase("""{"resource": "media", "where": {"field": "titel", "value": "x"}}""", HttpStatusCode.BadRequest, "UNKNOWN_FIELD")]
    [TestCase("""{"resource": "media", "where": {"and": []}}""", HttpStatusCode.BadRequest, "MALFORMED_FILTER")]
    [TestCase("""{"resource": "media", "fields": ["titel"]}""", HttpStatusCode.BadRequest, "UNKNOWN_FIELD")]
    [TestCase("""{"resource": "media", "sort": ["titel"]}""", HttpStatusCode.BadRequest, "UNKNOWN_SORT")]
    [TestCase("""{"resource": "media", "limit": 5}""", HttpStatusCode.BadRequest, "UNKNOWN_FIELD")]
    public async Task What_the_worker_could_not_write_is_refused_at_once(string body, HttpStatusCode status, string code) =>
        (await Owner.Send(HttpMethod.Post, "/exports", new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).ExpectProblem(status, code);

    private async Task AddRows(Tenant owner, int count) => await Platform.Sql<object>($"""
        set session_replication_role = replica;
        insert into media_assets (
            client_id, id, type, format, mime_type, title, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, created_at, created_by_kind, updated_at)
        select '{owner.ClientId}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', '=row ' || n, 'row.jpg', 1 + n % 7, sha256(gen_random_uuid()::text::bytea), 'local',
            gen_random_uuid()::text, 'ready', 'upload', timestamptz '2026-01-01' + n % 11 * interval '1 microsecond', 'system', now()
        from generate_series(1, {count}) n;
        set session_replication_role = default
        """);

    private async Task AddUploads(Tenant owner, int count, string name) => await Platform.Sql<object>($"""
        set session_replication_role = replica;
        insert into uploads (client_id, id, kind, status, file_name, on_trashed, storage_provider, storage_key, expires_at, created_at, created_by_kind, updated_at)
        select '{owner.ClientId}', gen_random_uuid(), 'direct', 'expired', '{name}', 'refuse', 'local', gen_random_uuid()::text, now(), now(), 'system', now()
        from generate_series(1, {count}) n;
        set session_replication_role = default
        """);
}
