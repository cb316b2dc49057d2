using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Schema;
using MediaPlatform.Infrastructure.Episodes;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MediaPlatform.Api.Tests.Schema;

/// <summary>Declared fields by which lists sort, and whose ranges an index finds. Each test has a client of its own.</summary>
internal sealed class PromotingFieldsTests() : PlatformFixture(withWorker: true)
{
    private static readonly string[] Moods = ["dim", "bright"];
    private static int clients;

    [Test]
    public async Task S3_7_3_3_a_promoted_field_sorts_lists_both_ways_and_what_lacks_it_is_last()
    {
        var tenant = await AClient();
        var before = new List<Guid>();
        foreach (var rating in new[] { "3", "null", "1", "\"none\"", "2.5" }) before.Add(await AnItem(tenant, $$"""{"rating": {{rating}}}"""));
        var field = await Declare(tenant, "rating", "number");

        Assert.That(Text(await Definition(tenant, field), "promotion"), Is.EqualTo("ready"));
        var after = await AnItem(tenant, """{"rating": 2}""");
        var none = await AnItem(tenant, "{}");
        Guid[] up = [before[2], after, before[4], before[0]];
        Guid[] lacking = [before[1], before[3], none];

        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(up.Concat(lacking)));
        Assert.That(await Sorted(tenant, "-custom_fields.rating"), Is.EqualTo(up.Reverse().Concat(lacking.Reverse())));
        Assert.That(await Sorted(tenant, "custom_fields.rating,-created_at"), Is.EqualTo(up.Concat(lacking.Reverse())));
        Assert.That(await Sorted(tenant, "-name,custom_fields.rating"), Is.EqualTo(up.Concat(lacking)), "as the second key");
        Assert.That((await tenant.Get("/schema/wardrobe-items")).Data["fields"]!.AsArray().Single(one => Text(one!, "name") == "custom_fields.rating")!["sortable"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task Every_write_moves_a_record_to_its_place()
    {
        var tenant = await AClient();
        await Declare(tenant, "rating", "integer");
        Guid[] items = [await AnItem(tenant, """{"rating": 1}"""), await AnItem(tenant, """{"rating": 2}"""), await AnItem(tenant, """{"rating": 3}""")];

        (await tenant.Patch($"/wardrobe-items/{items[0]}", new { CustomFields = new { Rating = 9 } })).Expect(HttpStatusCode.OK);
        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(new[] { items[1], items[2], items[0] }));
        (await tenant.Put($"/wardrobe-items/{items[1]}", new { Slot = "belt", Name = "Belt" })).Expect(HttpStatusCode.OK);
        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(new[] { items[2], items[0], items[1] }));
        (await tenant.Post("/wardrobe-items/batch", new { Operations = new[] { new { Op = "update", Id = items[1], Body = new { CustomFields = new { Rating = 4 } } } } })).Expect(HttpStatusCode.MultiStatus);
        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(new[] { items[2], items[1], items[0] }));
        await tenant.Delete($"/wardrobe-items/{items[1]}");
        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(new[] { items[2], items[0] }));
        await tenant.Post($"/wardrobe-items/{items[1]}/restore");
        (await tenant.Delete($"/wardrobe-items/{items[2]}?purge=true")).Expect(HttpStatusCode.OK);
        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(new[] { items[1], items[0] }));
        Assert.That(await Values(tenant), Is.EqualTo(2), "one for each record that is there");
    }

    [TestCase("text", "max_length", """["Zebra", "apple", "zoo", "Ähre", "日本"]""")]
    [TestCase("enum", "", """["bright", "dim"]""")]
    [TestCase("url", "max_length", """["https://a.example/", "https://b.example/"]""")]
    [TestCase("boolean", "", "[false, true]")]
    [TestCase("integer", "", "[-9007199254740993, 0, 9007199254740993]")]
    [TestCase("number", "", "[-1e300, 1e-300, 0.25, 1e300]")]
    [TestCase("date", "", """["1999-12-31", "2026-01-31"]""")]
    [TestCase("date_time", "", """["2026-01-31T12:00:00+14:00", "2026-01-31T00:00Z", "2026-01-31T02:00:00.1234567+01:00", "2026-01-31T01:00:00.5Z"]""")]
    public async Task Each_type_has_its_order(string type, string needs, string values)
    {
        var tenant = await AClient();
        var ascending = JsonNode.Parse(values)!.AsArray().Select(value => value!.ToJsonString()).ToList();
        var items = new List<Guid>();
        foreach (var value in ascending.AsEnumerable().Reverse()) items.Insert(0, await AnItem(tenant, $$"""{"field": {{value}}}"""));

        await Declare(tenant, "field", type, needs == "max_length" ? 500 : null);

        Assert.That(await Sorted(tenant, "custom_fields.field"), Is.EqualTo(items));
        Assert.That(await Sorted(tenant, "-custom_fields.field"), Is.EqualTo(items.AsEnumerable().Reverse()));
    }

    [Test]
    public async Task What_is_no_value_of_the_type_is_last_on_whichever_page_it_stands()
    {
        var tenant = await AClient();
        foreach (var value in new[] { "1e400", "-1e400", "1e-400", "[1]", "\"1\"", "5", "0" }) await AnItem(tenant, $$"""{"rating": {{value}}}""");
        foreach (var value in new[] { "\"2026-02-31T00:00:00Z\"", "\"2026-01-31T24:00:00Z\"", "\"2026-01-31T23:59:60Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-01-31 12:00Z\"", "\"9999-12-31T23:59:59-05:00\"", "\"tomorrow\"", "\"2026-01-31T12:00:00Z\"" })
            await AnItem(tenant, $$"""{"due": {{value}}}""");
        await AnItem(tenant, $$"""{"note": "{{new string('é', 501)}}"}""");
        await AnItem(tenant, $$"""{"note": "{{string.Concat(Enumerable.Repeat("😀", 500))}}"}""");

        await Declare(tenant, "rating", "number");
        await Declare(tenant, "due", "date_time");
        await Declare(tenant, "note", "text", 500);

        foreach (var (name, held) in new[] { ("rating", 2), ("due", 1), ("note", 1) })
        {
            foreach (var sort in new[] { $"custom_fields.{name}", $"-custom_fields.{name}" })
            {
                var sorted = await Sorted(tenant, sort);
                Assert.That(sorted, Is.Unique.And.Length.EqualTo(17), sort);
                var values = sorted.Select(async id => (await tenant.Get($"/wardrobe-items/{id}")).Data["custom_fields"]![name]).Take(held);
                Assert.That((await Task.WhenAll(values)).Select(value => value?.ToJsonString()), Has.None.Null, sort);
            }
        }
    }

    [Test]
    public async Task Ranges_of_it_are_typed_and_all_else_is_asked_as_before()
    {
        var tenant = await AClient();
        var items = new List<Guid>();
        foreach (var rating in new[] { "1", "2", "10", "\"7\"" }) items.Add(await AnItem(tenant, $$"""{"rating": {{rating}}}"""));
        await Declare(tenant, "rating", "number");

        Assert.That(await Ids(tenant, "/wardrobe-items?custom_fields.rating[gte]=2"), Is.EquivalentTo(new[] { items[1], items[2] }));
        Assert.That(await Ids(tenant, "/wardrobe-items?custom_fields.rating[between]=1,2&sort=-custom_fields.rating"), Is.EqualTo(new[] { items[1], items[0] }));
        Assert.That(await Ids(tenant, "/wardrobe-items?custom_fields.rating=2"), Is.EqualTo(new[] { items[1] }));
        Assert.That(await Ids(tenant, "/wardrobe-items?custom_fields.rating=7"), Is.EqualTo(new[] { items[3] }), "what stands there as a text, too");
        Assert.That((await tenant.Get("/wardrobe-items?custom_fields.rating[lt]=5&limit=1")).Json["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.EqualTo(2));
        var asked = await tenant.Post("/wardrobe-items/query", new { Where = new { Not = new { Field = "custom_fields.rating", Op = "gt", Value = 1.5 } }, Sort = new[] { "custom_fields.rating" } });
        Assert.That(asked.Expect(HttpStatusCode.OK).Data.AsArray().Select(item => item!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { items[0], items[3] }), "nothing is not above");
        await Declare(tenant, "air", "date");
        await AnItem(tenant, """{"air": "2026-01-31"}""");
        Assert.That(await Ids(tenant, "/wardrobe-items?custom_fields.air[between]=2026-01-01,2026-01-31"), Has.Length.EqualTo(1));
        (await tenant.Get("/wardrobe-items?custom_fields.air[gt]=2026-02-31")).ExpectProblem(HttpStatusCode.BadRequest, "VALUE_NOT_READABLE");
        (await tenant.Get("/wardrobe-items?custom_fields.rating[gt]=high")).ExpectProblem(HttpStatusCode.BadRequest, "VALUE_NOT_READABLE");
        var file = (await tenant.Get("/wardrobe-items/export?format=json&sort=-custom_fields.rating&custom_fields.rating[gt]=1&_fields=id")).Expect(HttpStatusCode.OK);
        Assert.That(JsonNode.Parse(file.Text)!.AsArray().Select(item => item!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { items[2], items[1] }));
    }

    [Test]
    public async Task Lists_sort_by_nothing_that_is_not_promoted_ready_in_force_and_the_clients_own()
    {
        var tenant = await AClient();
        await AnItem(tenant, """{"rating": 1}""");
        var field = (await tenant.Post("/field-definitions", new { Entity = "wardrobe-items", Name = "rating", Purpose = "Stars", Type = "number" })).Expect(HttpStatusCode.Created).Id;

        var refused = (await tenant.Get("/wardrobe-items?sort=custom_fields.rating")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        Assert.That(refused.Text, Does.Contain("promoted"));
        (await tenant.Get("/wardrobe-items/export?sort=custom_fields.rating")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        (await tenant.Patch($"/field-definitions/{field}", new { Promoted = true })).Expect(HttpStatusCode.OK);
        await Ready(tenant, field);
        (await tenant.Get("/wardrobe-items?sort=custom_fields.rating")).Expect(HttpStatusCode.OK);
        (await tenant.Get("/wardrobe-items?sort=custom_fields.other")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        (await tenant.Get("/episodes?sort=custom_fields.rating")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        (await (await AClient()).Get("/wardrobe-items?sort=custom_fields.rating")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        (await tenant.Post($"/field-definitions/{field}/unapprove")).Expect(HttpStatusCode.OK);
        (await tenant.Get("/wardrobe-items?sort=custom_fields.rating")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        (await tenant.Post($"/field-definitions/{field}/approve")).Expect(HttpStatusCode.OK);
        (await tenant.Get("/wardrobe-items?sort=custom_fields.rating")).Expect(HttpStatusCode.OK);
        (await tenant.Patch($"/field-definitions/{field}", new { Promoted = false })).Expect(HttpStatusCode.OK);
        (await tenant.Get("/wardrobe-items?sort=custom_fields.rating")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        await Eventually.Is("its values are gone", async () => await Values(tenant) == 0);
    }

    [Test]
    public async Task What_was_promoted_before_has_the_values_of_now()
    {
        var tenant = await AClient();
        Guid[] items = [await AnItem(tenant, """{"rating": 1}"""), await AnItem(tenant, """{"rating": 2}""")];
        var field = await Declare(tenant, "rating", "number");

        (await tenant.Patch($"/field-definitions/{field}", new { Promoted = false })).Expect(HttpStatusCode.OK);
        (await tenant.Patch($"/wardrobe-items/{items[0]}", new { CustomFields = new { Rating = 9 } })).Expect(HttpStatusCode.OK);
        (await tenant.Patch($"/field-definitions/{field}", new { Promoted = true })).Expect(HttpStatusCode.OK);
        await Ready(tenant, field);
        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(new[] { items[1], items[0] }));

        await tenant.Delete($"/field-definitions/{field}");
        (await tenant.Get("/wardrobe-items?sort=custom_fields.rating")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_SORT");
        (await tenant.Patch($"/wardrobe-items/{items[1]}", new { CustomFields = new { Rating = 10 } })).Expect(HttpStatusCode.OK);
        (await tenant.Post($"/field-definitions/{field}/restore")).Expect(HttpStatusCode.OK);
        await Ready(tenant, field);
        Assert.That(await Sorted(tenant, "custom_fields.rating"), Is.EqualTo(items));

        (await tenant.Delete($"/field-definitions/{field}?purge=true")).Expect(HttpStatusCode.OK);
        await Eventually.Is("its values are gone", async () => await Values(tenant) == 0);
        (await tenant.Patch($"/wardrobe-items/{items[1]}", new { CustomFields = new { Rating = 1 } })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task What_is_looked_up_is_sorted_by_it_and_has_its_ranges()
    {
        var tenant = await AClient();
        var items = new List<Guid>();
        foreach (var rating in new[] { 3, 1, 2 })
            items.Add((await tenant.Post("/wardrobe-items", new { Slot = "belt", Name = "Golden belt", Tags = Moods, CustomFields = new { Rating = rating, Mood = "dim" } })).Expect(HttpStatusCode.Created).Id);
        await AnItem(tenant, """{"rating": 4}""");
        await Declare(tenant, "rating", "number");

        foreach (var looked in new[] { "q=golden", "tags[any]=dim", "custom_fields.mood=dim", "q=golden&tags[all]=dim,bright" })
        {
            Assert.That(await Ids(tenant, $"/wardrobe-items?{looked}&sort=-custom_fields.rating"), Is.EqualTo(new[] { items[0], items[2], items[1] }), looked);
            Assert.That(await Ids(tenant, $"/wardrobe-items?{looked}&custom_fields.rating[gte]=2"), Is.EqualTo(new[] { items[2], items[0] }), looked);
            var file = (await tenant.Get($"/wardrobe-items/export?format=json&{looked}&sort=custom_fields.rating&_fields=id")).Expect(HttpStatusCode.OK);
            Assert.That(JsonNode.Parse(file.Text)!.AsArray().Select(item => item!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { items[1], items[2], items[0] }), looked);
        }
    }

    [Test]
    public async Task Long_texts_have_pages_too()
    {
        var tenant = await AClient();
        var items = new List<Guid>();
        foreach (var letter in new[] { "😀", "😁", "😂" }) items.Add(await AnItem(tenant, $$"""{"note": "{{string.Concat(Enumerable.Repeat(letter, 500))}}"}"""));
        await Declare(tenant, "note", "text", 500);

        var first = (await tenant.Get("/wardrobe-items?sort=custom_fields.note&limit=1")).Expect(HttpStatusCode.OK).Json["metadata"]!["page"]!["next_cursor"]!.GetValue<string>();
        Assert.That(await Ids(tenant, $"/wardrobe-items?sort=custom_fields.note&limit=1&cursor={first}"), Is.EqualTo(new[] { items[1] }));
    }

    [Test]
    public async Task What_cannot_be_sorted_by_is_not_promoted()
    {
        var tenant = await AClient();
        foreach (var (type, length) in new[] { ("object", (int?)null), ("text_list", null), ("text", null), ("text", 501), ("url", null) })
        {
            var refused = (await tenant.Post("/field-definitions", new { Entity = "shows", Name = "field", Purpose = "To sort by", Type = type, MaxLength = length, Promoted = true }))
                .ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
            Assert.That(refused.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo("promoted"), type);
        }

        var batch = (await tenant.Post("/field-definitions/batch", new { Operations = Enumerable.Range(0, 21).Select(number => new { Op = "create", Body = new { Entity = "shows", Name = $"field_{number}", Purpose = "One of many", Type = "number", Promoted = true } }) })).Data;
        Assert.That(batch["succeeded"]!.GetValue<int>(), Is.EqualTo(20));
        Assert.That(batch["items"]!.AsArray().Last()!["errors"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("FIELD_PROMOTION_LIMIT"));
        (await tenant.Post("/field-definitions", new { Entity = "episodes", Name = "other", Purpose = "Of another kind", Type = "number", Promoted = true })).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task Every_kind_that_takes_fields_of_the_clients_own_sorts_by_them()
    {
        var tenant = await AClient();
        var entities = Platform.ApiServices.GetServices<DefinableEntity>().Select(entity => entity.Name).ToList();
        Assert.That(entities, Has.Count.GreaterThan(8));
        foreach (var entity in entities)
        {
            var field = (await tenant.Post("/field-definitions", new { Entity = entity, Name = "rating", Purpose = "To sort by", Type = "number", Promoted = true })).Expect(HttpStatusCode.Created).Id;
            await Ready(tenant, field);
            (await tenant.Get($"/{entity}?sort=-custom_fields.rating&custom_fields.rating[gt]=1")).Expect(HttpStatusCode.OK);
            Assert.That(
                await Platform.Sql<long>($@"select count(*) from pg_trigger where tgfoid = 'keep_promoted_values'::regproc and encode(tgargs, 'escape') = '{entity}\000' and tgrelid = (case '{entity}' when 'media' then 'media_assets' else replace('{entity}', '-', '_') end)::regclass"),
                Is.EqualTo(2), $"{entity} keep their values by bear_promoted_values()");
        }
    }

    [Test]
    public async Task Its_pages_are_read_in_the_order_of_an_index()
    {
        await using var connection = new NpgsqlConnection(Platform.Database);
        await connection.OpenAsync();
        await connection.ExecuteAsync("set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off; set enable_hashjoin = off; set enable_mergejoin = off");
        foreach (var (column, type, key) in new[] { ("number", "integer", "7"), ("instant", "date_time", "2026-01-31T12:00:00Z"), ("instant", "date", "2026-01-31"), ("text", "enum", "dim") })
        {
            var list = WardrobeItemRecords.List.With(new OwnFields<WardrobeItemDetails>("wardrobe-items", row => row.CustomFields), [new(Guid.CreateVersion7(), "field", type)]);
            foreach (var sort in new SortBy[] { new("custom_fields.field", Descending: true), new("custom_fields.field", Descending: false) })
            {
                foreach (var last in new[] { null, new Cursor((sort.Descending ? "-" : "") + sort.Field, [key], Guid.NewGuid(), Total: null, TotalIsCapped: false), new Cursor((sort.Descending ? "-" : "") + sort.Field, [null], Guid.NewGuid(), Total: null, TotalIsCapped: false) })
                {
                    var compiled = ListCompiler.Compile(list, ListRequest.Everything with { Sort = [sort], Cursor = last?.Write() }, Guid.NewGuid()).Value;
                    foreach (var sql in new[] { compiled.PageSql, compiled.NullsSql }.OfType<string>())
                    {
                        var plan = string.Join('\n', await connection.QueryAsync<string>("explain " + sql, compiled.Parameters));
                        Assert.That(plan, Does.Contain($"promoted_values_{column}_idx").And.Not.Contain("Sort  ("), plan);
                        if (last is not null && sql == compiled.PageSql) Assert.That(plan, Does.Match($@"Index Cond: [^\n]*record_id"), $"it begins after the last row\n{plan}");
                    }
                }
            }
        }
    }

    private async Task<Tenant> AClient() => await Platform.CreateTenant($"p{Interlocked.Increment(ref clients)}");

    private static async Task<Guid> AnItem(Tenant tenant, string customFields) =>
        (await tenant.Post("/wardrobe-items", new { Slot = "belt", Name = "Belt", CustomFields = JsonNode.Parse(customFields) })).Expect(HttpStatusCode.Created).Id;

    /// <summary>A promoted field of wardrobe items, when lists sort by it.</summary>
    private static async Task<Guid> Declare(Tenant tenant, string name, string type, int? maxLength = null)
    {
        var field = (await tenant.Post("/field-definitions", new
        {
            Entity = "wardrobe-items", Name = name, Purpose = "To sort by", Type = type, Promoted = true, MaxLength = maxLength, AllowedValues = type == "enum" ? Moods : null,
        })).Expect(HttpStatusCode.Created).Id;
        await Ready(tenant, field);
        return field;
    }

    private static Task Ready(Tenant tenant, Guid field) => Eventually.Is("its values are gathered", async () => Text(await Definition(tenant, field), "promotion") == "ready");

    private static async Task<JsonNode> Definition(Tenant tenant, Guid field) => (await tenant.Get($"/field-definitions/{field}")).Expect(HttpStatusCode.OK).Data;

    private async Task<long> Values(Tenant tenant) => await Platform.Sql<long>($"select count(*) from promoted_values where client_id = '{tenant.ClientId}'");

    /// <summary>All items, two at a time.</summary>
    private static async Task<Guid[]> Sorted(Tenant tenant, string sort)
    {
        var ids = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await tenant.Get($"/wardrobe-items?sort={sort}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(HttpStatusCode.OK).Json;
            ids.AddRange(page["data"]!.AsArray().Select(item => item!["id"]!.GetValue<Guid>()));
            cursor = page["metadata"]!["page"]!["next_cursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        return [.. ids];
    }

    private static async Task<Guid[]> Ids(Tenant tenant, string path) => [.. (await tenant.Get(path)).Expect(HttpStatusCode.OK).Data.AsArray().Select(item => item!["id"]!.GetValue<Guid>())];

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}
