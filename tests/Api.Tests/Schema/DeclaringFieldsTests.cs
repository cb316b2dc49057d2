using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Schema;

/// <summary>Fields that a client declares while the platform runs, and the records that are held to them. Each test has a client of its own.</summary>
internal sealed class DeclaringFieldsTests : PlatformFixture
{
    private static readonly string[] Moods = ["cozy", "bright"];
    private static int clients;

    [Test]
    public async Task FR_11_a_field_is_declared_while_serving_and_records_that_are_there_stay_until_they_are_written()
    {
        var tenant = await AClient();
        var old = await AnEpisode(tenant);

        await Declare(tenant, new { Entity = "episodes", Name = "mood", Purpose = "How it feels", Type = "enum", AllowedValues = Moods, Required = true });

        var read = (await tenant.Get($"/episodes/{old}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(read["custom_fields"]!.ToJsonString(), Is.EqualTo("{}"), "what was there is there");
        Assert.That(read["schema_version"]!.GetValue<string>(), Is.EqualTo("1.0"));
        ExpectField(await tenant.Patch($"/episodes/{old}", new { Title = "Renamed" }), "CUSTOM_FIELD_REQUIRED", "custom_fields.mood");
        ExpectField(await tenant.Put($"/episodes/{old}", new { Title = "Renamed" }), "CUSTOM_FIELD_REQUIRED", "custom_fields.mood");
        ExpectField(await tenant.Post("/episodes", new { Title = "New" }), "CUSTOM_FIELD_REQUIRED", "custom_fields.mood");
        ExpectField(await tenant.Post("/episodes", new { Title = "New", CustomFields = new { Mood = (string?)null } }), "CUSTOM_FIELD_REQUIRED", "custom_fields.mood");
        Assert.That((await tenant.Get("/episodes")).Data.AsArray(), Has.Count.EqualTo(1), "nothing was written");

        var written = (await tenant.Patch($"/episodes/{old}", new { Title = "Renamed", CustomFields = new { Mood = "cozy" } })).Expect(HttpStatusCode.OK).Data;
        Assert.That(written["schema_version"]!.GetValue<string>(), Is.EqualTo("1.1"));
        Assert.That((await tenant.Get("/episodes?custom_fields.mood=cozy")).Data.AsArray().Single()!["id"]!.GetValue<Guid>(), Is.EqualTo(old));
    }

    [TestCase("text", "a", "1|true|[]|{}", TestName = "FR_12_a_text")]
    [TestCase("number", "1.5", "\"1.5\"|true|[1]", TestName = "FR_12_a_number")]
    [TestCase("integer", "3", "1.5|\"3\"|true|99999999999999999999", TestName = "FR_12_a_whole_number")]
    [TestCase("boolean", "true", "\"true\"|1", TestName = "FR_12_a_boolean")]
    [TestCase("date", "\"2026-02-28\"", "\"2026-02-30\"|\"28.2.2026\"|20260228", TestName = "FR_12_a_date")]
    [TestCase("date_time", "\"2026-02-28T12:00:00+02:00\"", "\"2026-02-28T12:00:00\"|\"2026-02-28\"|1", TestName = "FR_12_a_time")]
    [TestCase("text_list", "[\"a\",\"b\"]", "\"a\"|[1]|[null]|{}", TestName = "FR_12_a_list_of_texts")]
    [TestCase("url", "\"https://example.com/a\"", "\"example\"|\"javascript:alert(1)\"|1", TestName = "FR_12_a_url")]
    [TestCase("object", "{\"a\":1}", "\"a\"|[]|1", TestName = "FR_12_an_object")]
    public async Task Type_of(string type, string good, string bad)
    {
        var tenant = await AClient();
        await Declare(tenant, new { Entity = "shows", Name = "field", Purpose = "Typed", Type = type });
        if (type is "text") good = $"\"{good}\"";

        foreach (var value in bad.Split('|')) ExpectField(await tenant.Post("/shows", Show(value)), "CUSTOM_FIELD_TYPE", "custom_fields.field");
        var made = (await tenant.Post("/shows", Show(good))).Expect(HttpStatusCode.Created).Data;
        Assert.That(JsonNode.DeepEquals(made["custom_fields"]!["field"], JsonNode.Parse(good)), made.ToJsonString());

        static JsonObject Show(string value) => new() { ["title"] = "Typed", ["custom_fields"] = new JsonObject { ["field"] = JsonNode.Parse(value) } };
    }

    [Test]
    public async Task FR_12_all_rules_are_held_and_all_that_is_wrong_is_said_at_once()
    {
        var tenant = await AClient();
        await Declare(tenant, new { Entity = "wardrobe-items", Name = "sku", Purpose = "Number in the shop", Type = "text", Pattern = "[A-Z]{2}-[0-9]+", MaxLength = 8 });
        await Declare(tenant, new { Entity = "wardrobe-items", Name = "rating", Purpose = "Stars", Type = "integer", Minimum = 1, Maximum = 5 });
        await Declare(tenant, new { Entity = "wardrobe-items", Name = "season", Purpose = "When it is worn", Type = "enum", AllowedValues = Moods });
        await Declare(tenant, new { Entity = "wardrobe-items", Name = "codes", Purpose = "Other numbers", Type = "text_list", Pattern = "[a-z]+" });
        await Declare(tenant, new { Entity = "wardrobe-items", Name = "note", Purpose = "Short", Type = "text", MaxLength = 3 });

        var refused = (await tenant.Post("/wardrobe-items", new
        {
            Slot = "belt", Name = "Belt", CustomFields = new { sku = "xAB-1", rating = 6, season = "dull", codes = new[] { "ok", "NO" }, note = "four", undeclared = new[] { 1 } },
        })).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.That(refused.Json["errors"]!.AsArray().Select(error => $"{error!["code"]} {error["field"]}"), Is.EquivalentTo(new[]
        {
            "CUSTOM_FIELD_PATTERN custom_fields.sku", "CUSTOM_FIELD_RANGE custom_fields.rating", "CUSTOM_FIELD_NOT_ALLOWED custom_fields.season", "CUSTOM_FIELD_PATTERN custom_fields.codes",
            "CUSTOM_FIELD_TOO_LONG custom_fields.note",
        }));
        (await tenant.Post("/wardrobe-items", new { Slot = "belt", Name = "Belt", CustomFields = new { sku = "AB-1", rating = 5, season = "cozy", codes = new[] { "ok" }, undeclared = new[] { 1 } } })).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task What_is_wrong_is_told_by_the_names_that_callers_use()
    {
        var refused = (await (await AClient()).Post("/shows", new { Title = "", ExternalId = new string('x', 201) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(refused.Text, Does.Contain("'title'").And.Contain("'external_id'").And.Not.Contain("External"));
    }

    [Test]
    public async Task FR_12_every_way_in_is_held_to_them()
    {
        var tenant = await AClient();
        await Declare(tenant, new { Entity = "clips", Name = "lens", Purpose = "Focal length", Type = "integer" });
        await Declare(tenant, new { Entity = "media", Name = "license", Purpose = "Who gave it", Type = "text", MaxLength = 5 });
        var (episode, clip) = (await AnEpisode(tenant), (await tenant.Post("/clips", new { CustomFields = new { Lens = 35 } })).Id);
        var bad = new { CustomFields = new { Lens = "wide" } };

        ExpectField(await tenant.Put($"/clips/{clip}", bad), "CUSTOM_FIELD_TYPE", "custom_fields.lens");
        ExpectField(await tenant.Patch($"/clips/{clip}", bad), "CUSTOM_FIELD_TYPE", "custom_fields.lens");
        ExpectField(await tenant.Post($"/episodes/{episode}/clips", bad), "CUSTOM_FIELD_TYPE", "custom_fields.lens");
        await tenant.Post($"/clips/{clip}/assign", new { EpisodeId = episode });
        ExpectField(await tenant.Patch($"/episodes/{episode}/clips/{clip}", bad), "CUSTOM_FIELD_TYPE", "custom_fields.lens");
        var batch = (await tenant.Post("/clips/batch", new { Operations = new object[] { new { Op = "create", Body = bad }, new { Op = "update", Id = clip, Body = bad }, new { Op = "create", Body = new { Notes = "Good" } } } })).Data;
        Assert.That(batch["items"]!.AsArray().Select(item => item!["status"]!.GetValue<int>()), Is.EqualTo(new[] { 422, 422, 201 }), batch.ToJsonString());
        var atomic = (await tenant.Post("/clips/batch?atomic=true", new { Operations = new object[] { new { Op = "create", Body = new { Notes = "Good" } }, new { Op = "create", Body = bad } } })).Data;
        Assert.That(atomic["succeeded"]!.GetValue<int>(), Is.Zero);
        var asset = (await tenant.Upload(Samples.Png(4_711), "a.png")).Data["id"]!.GetValue<Guid>();
        ExpectField(await tenant.Patch($"/media/{asset}", new { CustomFields = new { License = "too long" } }), "CUSTOM_FIELD_TOO_LONG", "custom_fields.license");

        Assert.That((await tenant.Get($"/clips/{clip}")).Data["custom_fields"]!["lens"]!.GetValue<int>(), Is.EqualTo(35));
        Assert.That((await tenant.Get("/clips")).Data.AsArray(), Has.Count.EqualTo(2), "one made, and one of the batch");
    }

    [Test]
    public async Task Who_moves_a_clip_writes_it_and_what_became_required_must_be_there()
    {
        var tenant = await AClient();
        var (episode, clip) = (await AnEpisode(tenant), (await tenant.Post("/clips", new { Notes = "Old" })).Id);
        await Declare(tenant, new { Entity = "clips", Name = "lens", Purpose = "Focal length", Type = "integer", Required = true });

        ExpectField(await tenant.Post($"/clips/{clip}/assign", new { EpisodeId = episode }), "CUSTOM_FIELD_REQUIRED", "custom_fields.lens");
        (await tenant.Patch($"/clips/{clip}", new { CustomFields = new { Lens = 35 } })).Expect(HttpStatusCode.OK);
        (await tenant.Post($"/clips/{clip}/assign", new { EpisodeId = episode })).Expect(HttpStatusCode.OK);
        (await tenant.Delete($"/clips/{clip}")).Expect(HttpStatusCode.OK);
        (await tenant.Post($"/clips/{clip}/restore")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task S3_7_1_3_a_deprecated_field_is_read_and_put_back_and_not_changed()
    {
        var tenant = await AClient();
        var field = await Declare(tenant, new { Entity = "shows", Name = "channel", Purpose = "Where it runs", Type = "text", Required = true });
        var show = (await tenant.Post("/shows", new { Title = "Old", CustomFields = new { Channel = "One", Other = 1 } })).Id;
        (await tenant.Patch($"/field-definitions/{field}", new { Deprecated = true })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await tenant.Patch($"/field-definitions/{field}", new { Deprecated = true, DeprecationReason = "Use network." })).Expect(HttpStatusCode.OK);

        var read = (await tenant.Get($"/shows/{show}")).Data;
        Assert.That(read["custom_fields"]!["channel"]!.GetValue<string>(), Is.EqualTo("One"));
        read["title"] = "New";
        read["custom_fields"]!["other"] = 2;
        (await tenant.Put($"/shows/{show}", read)).Expect(HttpStatusCode.OK);
        var refused = ExpectField(await tenant.Patch($"/shows/{show}", new { CustomFields = new { Channel = "Two" } }), "CUSTOM_FIELD_DEPRECATED", "custom_fields.channel");
        Assert.That(refused.Text, Does.Contain("Use network."));
        ExpectField(await tenant.Put($"/shows/{show}", new { Title = "Without" }), "CUSTOM_FIELD_DEPRECATED", "custom_fields.channel");
        ExpectField(await tenant.Post("/shows", new { Title = "New", CustomFields = new { Channel = "One" } }), "CUSTOM_FIELD_DEPRECATED", "custom_fields.channel");
        (await tenant.Post("/shows", new { Title = "New" })).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_value_that_stays_is_not_held_to_a_rule_that_came_later()
    {
        var tenant = await AClient();
        var field = await Declare(tenant, new { Entity = "shows", Name = "stars", Purpose = "Stars", Type = "integer", Maximum = 10 });
        var show = (await tenant.Post("/shows", new { Title = "Old", CustomFields = new { Stars = 9 } })).Id;
        (await tenant.Patch($"/field-definitions/{field}", new { Maximum = 5 })).Expect(HttpStatusCode.OK);

        var renamed = (await tenant.Patch($"/shows/{show}", new { Title = "New" })).Expect(HttpStatusCode.OK).Data;
        ExpectField(await tenant.Patch($"/shows/{show}", new { CustomFields = new { Stars = 8 } }), "CUSTOM_FIELD_RANGE", "custom_fields.stars");
        Assert.That(renamed["schema_version"]!.GetValue<string>(), Is.EqualTo("1.2"), "by what it was written last");
    }

    [Test]
    public async Task What_is_not_given_has_its_default_when_it_is_written()
    {
        var tenant = await AClient();
        var show = (await tenant.Post("/shows", new { Title = "Before" })).Id;
        (await tenant.Post("/field-definitions", new { Entity = "shows", Name = "stars", Purpose = "Stars", Type = "integer", Maximum = 5, DefaultValue = 6 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "FIELD_DEFAULT_INVALID");
        (await tenant.Post("/field-definitions", new { Entity = "shows", Name = "motto", Purpose = "Motto", Type = "text", DefaultValue = new string('x', 999) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        await Declare(tenant, new { Entity = "shows", Name = "stars", Purpose = "Stars", Type = "integer", Required = true, DefaultValue = 3 });

        Assert.That(Stars(await tenant.Post("/shows", new { Title = "New" })), Is.EqualTo(3));
        Assert.That(Stars(await tenant.Post("/shows", new { Title = "New", CustomFields = new { Stars = 4 } })), Is.EqualTo(4));
        Assert.That((await tenant.Get($"/shows/{show}")).Data["custom_fields"]!["stars"], Is.Null, "not written yet");
        Assert.That(Stars(await tenant.Patch($"/shows/{show}", new { Title = "Renamed" })), Is.EqualTo(3));
        Assert.That(Stars(await tenant.Patch($"/shows/{show}", new { CustomFields = new { Stars = (int?)null } })), Is.EqualTo(3), "emptied, it is as in the beginning");

        static int Stars(Reply reply) => reply.Data["custom_fields"]!["stars"]!.GetValue<int>();
    }

    [Test]
    public async Task A_declared_text_is_kept_composed_and_is_the_value_that_it_looks_like()
    {
        var tenant = await AClient();
        const string composed = "caf\u00e9", taken_apart = "cafe\u0301";
        await Declare(tenant, new { Entity = "shows", Name = "place", Purpose = "Where", Type = "enum", AllowedValues = new[] { taken_apart, "bar" } });
        await Declare(tenant, new { Entity = "shows", Name = "places", Purpose = "Where else", Type = "text_list", MaxLength = 4 });

        var show = (await tenant.Post("/shows", new { Title = "Places", CustomFields = new { Place = taken_apart, Places = new[] { "bar", taken_apart } } })).Expect(HttpStatusCode.Created).Data;

        Assert.That(show["custom_fields"]!["place"]!.GetValue<string>(), Is.EqualTo(composed));
        Assert.That(show["custom_fields"]!["places"]!.AsArray().Select(place => place!.GetValue<string>()), Is.EqualTo(new[] { "bar", composed }));
        var again = (await tenant.Patch($"/shows/{show["id"]}", new { CustomFields = new { Place = taken_apart } })).Expect(HttpStatusCode.OK).Data;
        Assert.That(again["version"]!.GetValue<int>(), Is.EqualTo(1), "the same is no change");
    }

    [Test]
    public async Task A_hostile_pattern_is_refused_or_matched_in_time()
    {
        var tenant = await AClient();
        foreach (var pattern in new[] { "(", "(?=a)b", @"(a)\1", "((a{1000}){1000}){1000}" })
            (await tenant.Post("/field-definitions", new { Entity = "shows", Name = "code", Purpose = "Code", Type = "text", Pattern = pattern })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "FIELD_PATTERN_INVALID");
        await Declare(tenant, new { Entity = "shows", Name = "code", Purpose = "Code", Type = "text", Pattern = "(a+)+b" });

        var asked = tenant.Post("/shows", new { Title = "Hostile", CustomFields = new { Code = new string('a', 19_000) } });
        Assert.That(await Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(20))), Is.SameAs(asked), "backtracking would take for ever");
        ExpectField(await asked, "CUSTOM_FIELD_PATTERN", "custom_fields.code");
    }

    [Test]
    public async Task What_contradicts_itself_is_refused_by_its_field()
    {
        var tenant = await AClient();
        foreach (var (body, field) in new (object, string)[]
        {
            (new { Entity = "shows", Name = "1st", Purpose = "P", Type = "text" }, "name"),
            (new { Entity = "shows", Name = "a.b", Purpose = "P", Type = "text" }, "name"),
            (new { Entity = "shows", Name = "a", Purpose = " ", Type = "text" }, "purpose"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "enum" }, "allowed_values"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "text", AllowedValues = Moods }, "allowed_values"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "text", Minimum = 1 }, "minimum"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "number", Minimum = 2, Maximum = 1 }, "maximum"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "number", Pattern = "a" }, "pattern"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "number", MaxLength = 1 }, "max_length"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "text", Deprecated = true }, "deprecation_reason"),
            (new { Entity = "shows", Name = "a", Purpose = "P", Type = "money" }, "type"),
        })
            ExpectField(await tenant.Post("/field-definitions", body), "VALIDATION_ERROR", field);
        foreach (var entity in new[] { "episode", "jobs", "field-definitions", "nothing" })
            ExpectField(await tenant.Post("/field-definitions", new { Entity = entity, Name = "a", Purpose = "P", Type = "text" }), "UNKNOWN_ENTITY", "entity");
    }

    [Test]
    public async Task A_name_is_declared_once_in_a_kind_and_what_it_is_stays()
    {
        var tenant = await AClient();
        var field = await Declare(tenant, new { Entity = "shows", Name = "mood", Purpose = "Mood", Type = "text" });
        await Declare(tenant, new { Entity = "episodes", Name = "mood", Purpose = "Mood", Type = "text" });
        (await tenant.Post("/field-definitions", new { Entity = "shows", Name = "mood", Purpose = "Again", Type = "number" })).ExpectProblem(HttpStatusCode.Conflict, "FIELD_DEFINITION_TAKEN");
        foreach (var change in new object[] { new { Type = "number" }, new { Name = "feeling" }, new { Entity = "episodes" } })
            (await tenant.Patch($"/field-definitions/{field}", change)).ExpectProblem(HttpStatusCode.Locked, "FIELD_DEFINITION_FIXED");

        (await tenant.Delete($"/field-definitions/{field}")).Expect(HttpStatusCode.OK);
        (await tenant.Post("/shows", new { Title = "Free", CustomFields = new { Mood = 7 } })).Expect(HttpStatusCode.Created);
        await Declare(tenant, new { Entity = "shows", Name = "mood", Purpose = "Mood", Type = "integer" });
        (await tenant.Post($"/field-definitions/{field}/restore")).ExpectProblem(HttpStatusCode.Conflict, "FIELD_DEFINITION_TAKEN");
    }

    [Test]
    public async Task A_definition_is_in_force_while_it_is_approved()
    {
        var tenant = await AClient();
        var field = await Declare(tenant, new { Entity = "shows", Name = "stars", Purpose = "Stars", Type = "integer" });
        (await tenant.Post($"/field-definitions/{field}/unapprove")).Expect(HttpStatusCode.OK);
        (await tenant.Post("/shows", new { Title = "Free", CustomFields = new { Stars = "many" } })).Expect(HttpStatusCode.Created);

        (await tenant.Post($"/field-definitions/{field}/approve")).Expect(HttpStatusCode.OK);
        ExpectField(await tenant.Post("/shows", new { Title = "Held", CustomFields = new { Stars = "many" } }), "CUSTOM_FIELD_TYPE", "custom_fields.stars");
    }

    [Test]
    public async Task Admins_declare_and_others_read()
    {
        var tenant = await AClient();
        var (editor, admin) = (await Platform.CreateKey(tenant, Role.Editor), await Platform.CreateKey(tenant, Role.Admin));
        var body = new { Entity = "shows", Name = "mood", Purpose = "Mood", Type = "text" };
        (await editor.Post("/field-definitions", body)).Expect(HttpStatusCode.Forbidden);
        var field = await Declare(admin, body);

        foreach (var refused in new[] { await editor.Patch($"/field-definitions/{field}", new { Purpose = "Mine" }), await editor.Delete($"/field-definitions/{field}"), await editor.Post($"/field-definitions/{field}/unapprove") })
            refused.Expect(HttpStatusCode.Forbidden);
        Assert.That((await editor.Get("/field-definitions?entity=shows")).Data.AsArray(), Has.Count.EqualTo(1));
        (await Platform.Stranger.Get($"/field-definitions/{field}")).ExpectProblem(HttpStatusCode.NotFound, "FIELD_DEFINITION_NOT_FOUND");
        (await Platform.Stranger.Post("/shows", new { Title = "Theirs", CustomFields = new { Mood = 1 } })).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task What_another_process_has_declared_holds_at_once()
    {
        var tenant = await AClient();
        var show = (await tenant.Post("/shows", new { Title = "Known", CustomFields = new { Stars = 1 } })).Id;
        await ByAnotherProcess(tenant, "stars", "integer");

        ExpectField(await tenant.Post("/shows", new { Title = "New", CustomFields = new { Stars = "many" } }), "CUSTOM_FIELD_TYPE", "custom_fields.stars");
        ExpectField(await tenant.Patch($"/shows/{show}", new { CustomFields = new { Stars = "many" } }), "CUSTOM_FIELD_TYPE", "custom_fields.stars");
        await Platform.Sql<object>($"update field_definitions set deleted_at = now() where client_id = '{tenant.ClientId}'");
        var made = (await tenant.Post("/shows", new { Title = "New", CustomFields = new { Stars = "many" } })).Expect(HttpStatusCode.Created).Data;
        Assert.That(made["schema_version"]!.GetValue<string>(), Is.EqualTo("1.2"));
    }

    [Test]
    public async Task What_came_to_nothing_holds_nobody()
    {
        var tenant = await AClient();
        var show = (await tenant.Post("/shows", new { Title = "Old" })).Id;
        var batch = (await tenant.Post("/field-definitions/batch?atomic=true", new
        {
            Operations = new object[]
            {
                new { Op = "create", Body = new { Entity = "shows", Name = "stars", Purpose = "In words", Type = "text" } },
                new { Op = "create", Body = new { Entity = "shows", Name = "mood", Purpose = "Read with the first", Type = "text" } },
                new { Op = "create", Body = new { Entity = "shows", Name = "mood", Purpose = "Once more", Type = "text" } },
            },
        })).Data;
        Assert.That(batch["succeeded"]!.GetValue<int>(), Is.Zero, batch.ToJsonString());
        await ByAnotherProcess(tenant, "stars", "integer");

        (await tenant.Patch($"/shows/{show}", new { CustomFields = new { Stars = 3 } })).Expect(HttpStatusCode.OK);
        ExpectField(await tenant.Patch($"/shows/{show}", new { CustomFields = new { Stars = "three" } }), "CUSTOM_FIELD_TYPE", "custom_fields.stars");
        ExpectField(await tenant.Post("/shows", new { Title = "New", CustomFields = new { Stars = "three" } }), "CUSTOM_FIELD_TYPE", "custom_fields.stars");
    }

    [Test]
    public async Task A_record_that_waits_while_a_field_is_declared_is_held_to_it()
    {
        var tenant = await AClient();
        var show = (await tenant.Post("/shows", new { Title = "Held" })).Id;
        await AnEpisode(tenant, show);
        await using var rival = new NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select id from shows where id = '{show}' for update", rival)) await hold.ExecuteScalarAsync();

        var late = tenant.Post("/episodes", new { Title = "Late", ShowId = show });
        await Eventually.Is("it waits", async () =>
            await Platform.Sql<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from shows%'") > 0);
        await Declare(tenant, new { Entity = "episodes", Name = "mood", Purpose = "Mood", Type = "text", Required = true });
        await transaction.CommitAsync();

        ExpectField(await late, "CUSTOM_FIELD_REQUIRED", "custom_fields.mood");
        Assert.That((await tenant.Get($"/episodes?show_id={show}")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Of_many_who_declare_at_once_each_is_a_version()
    {
        var tenant = await AClient();
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => tenant.Post("/field-definitions", new { Entity = "shows", Name = $"field_{number % 7}", Purpose = "Raced", Type = "text" })));

        Assert.That(all.Select(reply => reply.Status).Order(), Is.EqualTo(Enumerable.Repeat(HttpStatusCode.Created, 7).Append(HttpStatusCode.Conflict)));
        Assert.That((await tenant.Get("/schema")).Data["schema_version"]!.GetValue<string>(), Is.EqualTo("1.7"));
        Assert.That(await Platform.Sql<long>($"select count(distinct version) from schema_changes where client_id = '{tenant.ClientId}' and version between 1 and 7"), Is.EqualTo(7));
    }

    [Test]
    public async Task A_kind_has_at_most_two_hundred()
    {
        var tenant = await AClient();
        var batch = (await tenant.Post("/field-definitions/batch", new { Operations = Enumerable.Range(0, 201).Select(number => new { Op = "create", Body = new { Entity = "shows", Name = $"field_{number}", Purpose = "One of many", Type = "text" } }) })).Data;

        Assert.That(batch["succeeded"]!.GetValue<int>(), Is.EqualTo(200));
        Assert.That(batch["items"]!.AsArray().Last()!["errors"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("FIELD_DEFINITION_LIMIT"));
        var first = batch["items"]![0]!["id"]!.GetValue<Guid>();
        await tenant.Delete($"/field-definitions/{first}");
        await Declare(tenant, new { Entity = "shows", Name = "another", Purpose = "In its place", Type = "text" });
        (await tenant.Post($"/field-definitions/{first}/restore")).ExpectProblem(HttpStatusCode.Conflict, "FIELD_DEFINITION_LIMIT");
    }

    private async Task<Tenant> AClient() => await Platform.CreateTenant($"c{Interlocked.Increment(ref clients)}");

    private static async Task<Guid> Declare(Tenant tenant, object body) => (await tenant.Post("/field-definitions", body)).Expect(HttpStatusCode.Created).Id;

    private static async Task<Guid> AnEpisode(Tenant tenant, Guid? show = null) => (await tenant.Post("/episodes", new { Title = "An episode", ShowId = show })).Expect(HttpStatusCode.Created).Id;

    private Task<object?> ByAnotherProcess(Tenant tenant, string name, string type) => Platform.Sql<object>($$"""
        insert into field_definitions (client_id, id, entity, name, purpose, type, required, allowed_values, deprecated, created_at, created_by_kind, updated_at)
        values ('{{tenant.ClientId}}', gen_random_uuid(), 'shows', '{{name}}', 'Declared elsewhere', '{{type}}', false, '{}', false, now(), 'system', now())
        """);

    private static Reply ExpectField(Reply reply, string code, string field)
    {
        reply.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.That(reply.Json["errors"]!.AsArray().Select(error => $"{error!["code"]} {error["field"]}"), Does.Contain($"{code} {field}"), reply.Text);
        return reply;
    }
}
