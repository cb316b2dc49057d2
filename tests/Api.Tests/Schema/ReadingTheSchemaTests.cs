using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Schema;

/// <summary>What fields there are, and how they came.</summary>
internal sealed class ReadingTheSchemaTests : PlatformFixture
{
    [Test]
    public async Task S3_9_1_every_field_of_every_kind_says_what_it_is_for_and_of_what_type()
    {
        var schema = (await Owner.Get("/schema")).Expect(HttpStatusCode.OK).Data;
        var entities = schema["entities"]!.AsArray();
        var records = new[] { "backgrounds", "clips", "episodes", "field-definitions", "media", "outfits", "shows", "talent-sources", "ui-elements", "wardrobe-items" };
        Assert.That(entities.Select(entity => Text(entity!, "entity")), Is.SupersetOf(records.Append("jobs").Append("members")));

        var silent = entities.Where(entity => records.Contains(Text(entity!, "entity"))).SelectMany(entity => entity!["fields"]!.AsArray()
            .Where(field => field!["description"] is null).Select(field => $"{Text(entity, "entity")}.{Text(field!, "name")}"));
        Assert.That(silent, Is.Empty, string.Join(", ", silent));
        Assert.That(entities.SelectMany(entity => entity!["fields"]!.AsArray()).Select(field => Text(field!, "type")).Distinct(), Is.SubsetOf(new[]
        {
            "text", "number", "integer", "boolean", "date", "date_time", "enum", "text_list", "url", "object", "uuid", "list",
        }));
    }

    [Test]
    public async Task A_field_says_whether_it_is_written_and_what_it_is_held_to_and_how_lists_take_it()
    {
        var fields = (await Owner.Get("/schema/episodes")).Expect(HttpStatusCode.OK).Data["fields"]!.AsArray().ToDictionary(field => Text(field!, "name"), field => field!);

        Assert.Multiple(() =>
        {
            Assert.That(Flags(fields["title"]), Is.EqualTo("text required sortable"));
            Assert.That(fields["title"]["limits"]!["max_length"]!.GetValue<int>(), Is.EqualTo(500));
            Assert.That(Flags(fields["season"]), Is.EqualTo("integer nullable sortable"));
            Assert.That(fields["season"]["limits"]!["maximum"]!.GetValue<double>(), Is.EqualTo(10_000));
            Assert.That(Flags(fields["status"]), Is.EqualTo("enum"));
            Assert.That(fields["status"]["values"]!.AsArray().Select(value => value!.GetValue<string>()), Does.Contain("ready_for_edit"));
            Assert.That(Flags(fields["filming_date"]), Is.EqualTo("date nullable sortable"));
            Assert.That(fields["filming_date"]["operators"]!.AsArray().Select(value => value!.GetValue<string>()), Does.Contain("between"));
            Assert.That(Flags(fields["created_at"]), Is.EqualTo("date_time read_only sortable"));
            Assert.That(Flags(fields["tags"]), Is.EqualTo("text_list nullable"));
            Assert.That(Flags(fields["language"]), Is.EqualTo("text nullable"));
            Assert.That(fields["language"]["limits"]!["pattern"], Is.Not.Null);
        });
        (await Owner.Get("/schema/episode")).ExpectProblem(HttpStatusCode.NotFound, "ENTITY_NOT_FOUND");
        Assert.That((await Owner.Get("/schema/episode")).Text, Does.Contain("episodes"), "what was probably meant");

        static string Flags(JsonNode field) => string.Join(' ', new[] { Text(field, "type") }.Concat(new[] { "read_only", "required", "nullable", "sortable" }.Where(flag => field[flag]!.GetValue<bool>())));
    }

    [Test]
    public async Task The_clients_own_fields_stand_below_custom_fields_and_are_nobody_elses()
    {
        var owner = await Platform.CreateTenant("schema");
        var field = (await owner.Post("/field-definitions", new { Entity = "episodes", Name = "rating", Purpose = "Stars of the editor", Type = "integer", Minimum = 1, Maximum = 5, Required = true })).Expect(HttpStatusCode.Created).Id;

        var own = (await owner.Get("/schema/episodes")).Data["fields"]!.AsArray().Single(shown => Text(shown!, "name") == "custom_fields.rating")!;
        Assert.That(own["definition_id"]!.GetValue<Guid>(), Is.EqualTo(field));
        Assert.That($"{own["type"]} {own["description"]} {own["required"]} {own["limits"]!["maximum"]}", Is.EqualTo("integer Stars of the editor true 5"));
        Assert.That((await owner.Get("/schema")).Data["schema_version"]!.GetValue<string>(), Is.EqualTo("1.1"));
        Assert.That((await owner.Get("/schema/shows")).Text, Does.Not.Contain("Stars of the editor"));
        Assert.That((await Platform.Stranger.Get("/schema")).Text, Does.Not.Contain("Stars of the editor"));
        Assert.That((await Platform.Stranger.Get("/schema")).Data["schema_version"]!.GetValue<string>(), Is.EqualTo("1.0"));

        (await owner.Delete($"/field-definitions/{field}")).Expect(HttpStatusCode.OK);
        Assert.That((await owner.Get("/schema/episodes")).Text, Does.Not.Contain("Stars of the editor"));
    }

    [Test]
    public async Task S3_9_1_the_changelog_tells_each_change_with_who_and_when_and_the_version_that_it_led_to()
    {
        var owner = await Platform.CreateTenant("changelog");
        var admin = await Platform.CreateKey(owner, Role.Admin);
        var field = (await owner.Post("/field-definitions", new { Entity = "episodes", Name = "rating", Purpose = "Stars", Type = "integer" })).Expect(HttpStatusCode.Created).Id;
        (await owner.Patch($"/field-definitions/{field}", new { Tags = new[] { "no change of the schema" } })).Expect(HttpStatusCode.OK);
        (await admin.Patch($"/field-definitions/{field}", new { Maximum = 5 })).Expect(HttpStatusCode.OK);
        (await owner.Patch($"/field-definitions/{field}", new { Deprecated = true, DeprecationReason = "Nobody rates." })).Expect(HttpStatusCode.OK);
        (await owner.Delete($"/field-definitions/{field}")).Expect(HttpStatusCode.OK);
        (await owner.Post($"/field-definitions/{field}/restore")).Expect(HttpStatusCode.OK);
        (await owner.Delete($"/field-definitions/{field}?purge=true")).Expect(HttpStatusCode.OK);

        var changes = (await owner.Get("/schema/changelog?scope=client&sort=occurred_at")).Expect(HttpStatusCode.OK).Data.AsArray();
        Assert.That(changes.Select(change => $"{change!["version"]} {change["change"]}"), Is.EqualTo(new[] { "1.1 added", "1.2 changed", "1.3 deprecated", "1.4 removed", "1.5 added", "1.6 removed" }));
        Assert.Multiple(() =>
        {
            Assert.That(changes.Select(change => Text(change!, "actor_kind")).Distinct(), Is.EqualTo(new[] { "key" }));
            Assert.That(changes[1]!["actor_id"]!.GetValue<Guid>(), Is.Not.EqualTo(changes[0]!["actor_id"]!.GetValue<Guid>()));
            Assert.That(changes[0]!["before"], Is.Null);
            Assert.That(changes[1]!["before"]!["maximum"], Is.Null);
            Assert.That(changes[1]!["after"]!["maximum"]!.GetValue<double>(), Is.EqualTo(5));
            Assert.That(changes[5]!["after"], Is.Null);
        });

        var all = (await owner.Get("/schema/changelog?limit=200")).Data.AsArray();
        Assert.That(all.Where(change => Text(change!, "scope") == "platform").Select(change => $"{change!["version"]} {change["entity"]}"), Does.Contain("1.0 episodes").And.Contain("1.0 labels"));
        Assert.That((await owner.Get("/schema/changelog?entity=episodes&field=rating&change=deprecated")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await Platform.Stranger.Get("/schema/changelog?scope=client")).Data.AsArray(), Is.Empty);
        var first = (await owner.Get("/schema/changelog?limit=5")).Json;
        var rest = (await owner.Get($"/schema/changelog?limit=200&cursor={first["metadata"]!["page"]!["next_cursor"]}")).Data.AsArray();
        Assert.That(first["data"]!.AsArray().Concat(rest).Select(change => Text(change!, "id")), Is.EqualTo(all.Select(change => Text(change!, "id"))), "pages are the whole");
    }

    private static string Text(JsonNode of, string field) => of[field]!.GetValue<string>();
}
