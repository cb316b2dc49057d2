using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Http;

/// <summary>Lists asked for with trees, by paths within documents, and by those who mean harm.</summary>
internal sealed class QueryingTests : PlatformFixture
{
    private const string Harm = "'; drop table media_assets; --";

    private static readonly string[] Injections =
    [
        Harm, "1 or 1=1", "\" or \"\"=\"", "r.client_id", "id) or (1=1", "exif->>'a'", "pg_sleep(10)", "$1", "@clientId", "{0}", "\\", "%00", "\u202e", "tags[all]", "id,(select secret_hash from api_keys)",
        new string('a', 1_100),
    ];

    private Guid pier;
    private Guid film;
    private Guid bare;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        pier = await GivenAsset(1, "Evening at the pier", "2026-03-01", """{"camera_model": "EOS R5", "iso": 400, "lens": {"name": "50 mm"}}""", """{"mood": "cozy", "rooms": ["kitchen", "hall"], "rating": 4.5}""", "pier", "evening");
        film = await GivenAsset(2, "50% off_season", "2026-02-01", """{"camera_model": "Z9", "iso": 800}""", """{"mood": "400", "sold": true}""", "pier");
        bare = await GivenAsset(3, title: null, captured: null, "{}", "{}");
    }

    [TestCase("exif.camera_model=EOS R5", "pier")]
    [TestCase("exif.camera_model[ne]=EOS R5", "film bare")]
    [TestCase("exif.camera_model[starts_with]=EOS", "pier")]
    [TestCase("exif.iso[gte]=400", "pier film")]
    [TestCase("exif.iso[between]=500,900", "film")]
    [TestCase("exif.iso=400", "pier")]
    [TestCase("exif.lens.name=50 mm", "pier")]
    [TestCase("exif.lens[null]=true", "film bare")]
    [TestCase("custom_fields.mood=cozy", "pier")]
    [TestCase("custom_fields.mood=400", "film")]
    [TestCase("custom_fields.mood[in]=cozy,400", "pier film")]
    [TestCase("custom_fields.sold=true", "film")]
    [TestCase("custom_fields.rooms[any]=hall,attic", "pier")]
    [TestCase("custom_fields.rooms[all]=hall,kitchen", "pier")]
    [TestCase("custom_fields.rooms[none]=hall", "film bare")]
    [TestCase("tags[contains]=evening", "pier")]
    [TestCase("title[icontains]=0% OFF_", "film")]
    [TestCase("title[null]=true", "bare")]
    [TestCase("title[gt]=50", "pier film")]
    [TestCase("visibility=private&has_audio[null]=true", "pier film bare")]
    public async Task Paths_and_types_are_filtered_by(string query, string expected) =>
        Assert.That(NamesOf(await Owner.Get("/media?" + Escaped(query))), Is.EquivalentTo(expected.Split(' ')));

    [TestCase("""{"where": {"field": "exif.iso", "value": 400}}""", "pier")]
    [TestCase("""{"where": {"field": "exif.iso", "value": "400"}}""", "")]
    [TestCase("""{"where": {"field": "custom_fields.mood", "op": "in", "value": [400, "cozy"]}}""", "pier")]
    [TestCase("""{"where": {"or": [{"field": "tags", "op": "all", "value": ["pier", "evening"]}, {"field": "title", "op": "eq", "value": null}]}}""", "pier bare")]
    [TestCase("""{"where": {"and": [{"field": "type", "value": "image"}, {"not": {"field": "captured_at", "op": "gte", "value": "2026-02-15"}}]}}""", "film bare")]
    [TestCase("""{"where": {"not": {"field": "exif.iso", "op": "lt", "value": 500}}}""", "film bare")]
    [TestCase("""{"where": {"field": "width", "op": "between", "value": [1, 100]}}""", "")]
    [TestCase("""{"where": {"field": "custom_fields.sold", "value": true}}""", "film")]
    [TestCase("""{"q": "pier -evening"}""", "film")]
    [TestCase("""{}""", "pier film bare")]
    [TestCase("""{"where": null, "sort": null}""", "pier film bare")]
    public async Task Trees_are_filtered_by(string body, string expected) =>
        Assert.That(NamesOf(await Query(body)), Is.EquivalentTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Test]
    public async Task A_query_pages_sorts_counts_and_picks_as_a_list_does()
    {
        var first = await Query("""{"where": {"field": "type", "value": "image"}, "sort": ["-captured_at"], "limit": 2, "count": "exact", "fields": ["id", "exif.lens.name", "variants.preset"]}""");

        Assert.That(first.Data.ToJsonString(), Is.EqualTo($$$"""[{"id":"{{{pier}}}","exif":{"lens":{"name":"50 mm"}},"variants":[]},{"id":"{{{film}}}","exif":{},"variants":[]}]"""));
        Assert.That(first.Json["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.EqualTo(3));
        var cursor = first.Json["metadata"]!["page"]!["next_cursor"]!.GetValue<string>();
        var second = await Query($$"""{"where": {"field": "type", "value": "image"}, "sort": ["-captured_at"], "limit": 2, "cursor": "{{cursor}}"}""");
        Assert.That(NamesOf(second), Is.EqualTo(new[] { "bare" }));
        Assert.That(second.Json["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.EqualTo(3));
        (await Query($$"""{"where": {"field": "type", "value": "video"}, "sort": ["-captured_at"], "cursor": "{{cursor}}"}""")).ExpectProblem(HttpStatusCode.BadRequest, "CURSOR_INVALID");
    }

    [TestCase("""{"where": {"field": "titel", "value": "x"}}""", "UNKNOWN_FIELD", "Did you mean \"title\"?")]
    [TestCase("""{"where": {"feild": "title", "value": "x"}}""", "UNKNOWN_FIELD", "Did you mean \"field\"?")]
    [TestCase("""{"were": {}}""", "UNKNOWN_FIELD", "Did you mean \"where\"?")]
    [TestCase("""{"where": {"field": "title", "op": "equals", "value": "x"}}""", "UNKNOWN_OPERATOR", "eq, ne")]
    [TestCase("""{"where": {"field": "title", "value": 5}}""", "VALUE_NOT_READABLE", "a text")]
    [TestCase("""{"where": {"field": "width", "value": "wide"}}""", "VALUE_NOT_READABLE", "a whole number")]
    [TestCase("""{"where": {"field": "type", "value": "picture"}}""", "VALUE_NOT_READABLE", "image, video, audio, document, other")]
    [TestCase("""{"where": {"field": "type", "op": "gt", "value": "image"}}""", "OPERATOR_NOT_TAKEN", "eq, ne, in, nin, null")]
    [TestCase("""{"where": {"field": "exif.iso", "op": "gt", "value": true}}""", "VALUE_NOT_READABLE", "a number or a text")]
    [TestCase("""{"where": {"field": "exif", "value": "x"}}""", "OPERATOR_NOT_TAKEN", "null")]
    [TestCase("""{"where": {"field": "title", "value": ["x"]}}""", "MALFORMED_FILTER", "one value")]
    [TestCase("""{"where": {"field": "title", "op": "in", "value": [null]}}""", "MALFORMED_FILTER", "operator null")]
    [TestCase("""{"where": {"field": "title", "op": "in", "value": []}}""", "VALUE_NOT_READABLE", "at least one")]
    [TestCase("""{"where": {"field": "title"}}""", "MALFORMED_FILTER", "where.value")]
    [TestCase("""{"where": {"and": []}}""", "MALFORMED_FILTER", "where.and")]
    [TestCase("""{"where": {"and": [{"or": [{"field": "id", "op": "null", "value": true}, 7]}]}}""", "MALFORMED_FILTER", "where.and[0].or[1]")]
    [TestCase("""{"where": {"and": [{}], "or": [{}]}}""", "MALFORMED_FILTER", "exactly one")]
    [TestCase("""{"where": []}""", "MALFORMED_FILTER", "where")]
    [TestCase("""{"sort": ["titel"]}""", "UNKNOWN_SORT", null)]
    [TestCase("""{"sort": ["created_at", "-created_at"]}""", "INVALID_PARAMETER", "twice")]
    [TestCase("""{"limit": 201}""", "INVALID_PARAMETER", "200")]
    [TestCase("""{"count": "some"}""", "INVALID_PARAMETER", "capped, exact, none")]
    [TestCase("""{"fields": ["titel"]}""", "UNKNOWN_FIELD", "Did you mean \"title\"?")]
    [TestCase("""{"where": {"field": "title", "value": "\u0000"}}""", "INVALID_TEXT", null)]
    [TestCase("""{"where": {"field": "exif.\u0000", "value": "x"}}""", "INVALID_TEXT", null)]
    [TestCase("""{"where": {"field": "title", "value": "\ud800"}}""", "INVALID_TEXT", null)]
    [TestCase("""{"where": {"not": {"not": {"not": {"not": {"not": {"not": {"field": "title", "value": "x"}}}}}}}}""", "FILTER_TOO_DEEP", null)]
    public async Task What_cannot_be_read_is_named(string body, string code, string? says)
    {
        var refused = (await Query(body)).ExpectProblem(HttpStatusCode.BadRequest, code);
        if (says is not null) Assert.That(refused.Json["errors"]![0]!["message"]!.GetValue<string>(), Does.Contain(says));
    }

    [Test]
    public async Task A_body_that_is_no_object_is_refused()
    {
        (await Query("null")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Query("[]")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Query("")).ExpectProblem(HttpStatusCode.BadRequest, "MALFORMED_JSON");
    }

    [Test]
    public async Task Only_an_admin_asks_for_the_trash()
    {
        var editor = await Platform.CreateKey(Owner, Role.Editor);

        (await editor.Post("/media/query", new { IncludeDeleted = true })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await Owner.Post("/media/query", new { IncludeDeleted = true })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_viewer_may_query()
    {
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);

        Assert.That(NamesOf(await viewer.Post("/media/query", new { Where = new { Field = "id", Value = pier } })), Is.EqualTo(new[] { "pier" }));
        Assert.That(NamesOf(await Platform.Stranger.Post("/media/query", new { Where = new { Field = "id", Value = pier } })), Is.Empty);
        (await viewer.Post("/members/query", new { })).Expect(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task Every_list_is_queried()
    {
        var queries = (await Owner.DocumentedPaths()).Where(path => path.EndsWith("/query", StringComparison.Ordinal)).ToList();

        Assert.That(queries, Has.Count.GreaterThanOrEqualTo(9));
        foreach (var query in queries) (await Owner.Post(query, new { Where = new { Not = new { Field = "id", Op = "null", Value = true } } })).Expect(HttpStatusCode.OK);
    }

    [TestCase("/media/{0}?_fields=id,exif.lens.name", """{"id":"{0}","exif":{"lens":{"name":"50 mm"}}}""")]
    [TestCase("/media/{0}?_fields=custom_fields", """{"custom_fields":{"mood":"cozy","rooms":["kitchen","hall"],"rating":4.5}}""")]
    public async Task One_of_them_can_be_picked_from_as_well(string path, string expected) =>
        Assert.That((await Owner.Get(path.Replace("{0}", pier.ToString(), StringComparison.Ordinal))).Data, Is.EqualTo(JsonNode.Parse(expected.Replace("{0}", pier.ToString(), StringComparison.Ordinal))).Using<JsonNode>(JsonNode.DeepEquals));

    [Test]
    public async Task Picking_from_one_what_is_not_there_names_the_nearest()
    {
        (await Owner.Get($"/media/{pier}?_fields=titel")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        (await Owner.Get($"/media/{pier}?_fields=id&_fields=title")).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
        (await Owner.Get($"/media/{pier}?_feilds=id")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_PARAMETER");
    }

    [Test]
    public async Task What_is_picked_has_an_etag_of_its_own()
    {
        var (whole, part) = (await Owner.Get($"/media/{pier}"), await Owner.Get($"/media/{pier}?_fields=id"));

        Assert.That(part.Headers.ETag, Is.Not.EqualTo(whole.Headers.ETag));
        Assert.That((await Owner.Get($"/media/{pier}?_fields=id", ("If-None-Match", part.Headers.ETag!.Tag))).Status, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task Injections_write_nothing_and_get_named_errors([Values("field", "path", "operator", "value", "sort", "tag", "cursor", "q", "fields", "count", "limit")] string position)
    {
        var before = await Written();
        foreach (var injection in Injections)
        {
            var escaped = Uri.EscapeDataString(injection);
            var query = position switch
            {
                "field" => $"{escaped}=1",
                "path" => $"exif.{escaped}=1&custom_fields.{escaped}[gt]=1",
                "operator" => $"title[{escaped}]=1",
                "value" => $"title={escaped}&exif.a={escaped}&exif.b[gte]={escaped}&title[icontains]={escaped}",
                "tag" => $"tags[any]={escaped}",
                "fields" => $"_fields={escaped}",
                "cursor" => $"cursor={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new JsonObject { ["s"] = "-created_at", ["k"] = new JsonArray(injection), ["i"] = Guid.Empty, ["c"] = false }.ToJsonString()))}",
                _ => $"{position}={escaped}",
            };
            var answer = await Owner.Get("/media?" + query);
            Assert.That((int)answer.Status, Is.EqualTo(200).Or.EqualTo(400), $"{injection}: {answer.Text}");
            if (answer.Status is HttpStatusCode.BadRequest) Assert.That(answer.Codes, Has.All.Match("^[A-Z_]+$"));

            var tree = await Owner.Post("/media/query", position switch
            {
                "field" => new { Where = new { Field = injection, Value = "1" } },
                "path" => new { Where = new { Field = $"exif.{injection}", Value = "1" } },
                "operator" => new { Where = new { Field = "title", Op = injection, Value = "1" } },
                "value" => new { Where = new { Field = "title", Value = injection } },
                "sort" => new { Sort = new[] { injection } },
                "tag" => new { Where = new { Field = "tags", Op = "any", Value = new[] { injection } } },
                "cursor" => new { Cursor = injection },
                "fields" => new { Fields = new[] { injection } },
                "count" => new { Count = injection },
                _ => new { Q = injection },
            });
            Assert.That((int)tree.Status, Is.EqualTo(200).Or.EqualTo(400), $"{injection}: {tree.Text}");
        }

        Assert.That(await Written(), Is.EqualTo(before));
    }

    private async Task<long> Written() => await Platform.Sql<long>("select (select count(*) from change_log) + (select count(*) from media_assets) + (select count(*) from api_keys)");

    private Task<Reply> Query(string json) => Owner.Send(HttpMethod.Post, "/media/query", new StringContent(json, Encoding.UTF8, "application/json"));

    private string[] NamesOf(Reply reply) => [.. reply.Expect(HttpStatusCode.OK).Data.AsArray().Select(asset => asset!["id"]!.GetValue<Guid>()).Select(id => id == pier ? "pier" : id == film ? "film" : id == bare ? "bare" : "?")];

    private static string Escaped(string query) => string.Join('&', query.Split('&').Select(part => string.Join('=', part.Split('=', 2).Select(Uri.EscapeDataString))));

    private async Task<Guid> GivenAsset(int number, string? title, string? captured, string exif, string customFields, params string[] tags)
    {
        var id = Guid.CreateVersion7();
        await Platform.Sql<object>($"""
            insert into media_assets (
                client_id, id, type, format, mime_type, title, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, captured_at, exif, custom_fields, tags,
                created_at, created_by_kind, updated_at)
            values ('{Owner.ClientId}', '{id}', 'image', 'JPEG', 'image/jpeg', {(title is null ? "null" : $"'{title}'")}, 'row.jpg', {number}, sha256('{number}'), 'local', '{number}', 'ready', 'upload',
                {(captured is null ? "null" : $"'{captured}'")}, '{exif}', '{customFields}', array[{string.Join(',', tags.Select(tag => $"'{tag}'"))}]::text[], now(), 'system', now())
            """);
        return id;
    }
}
