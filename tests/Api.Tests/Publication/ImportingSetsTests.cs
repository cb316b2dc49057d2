using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Publication;

/// <summary>Imports: what was published comes in as it was, and nothing of it becomes a fact by itself.</summary>
internal sealed class ImportingSetsTests : PublicationFixture
{
    private static readonly string[] ProductionTables = ["people", "person_aliases", "sessions", "session_participants", "labels", "networks", "projects", "channels"];

    [Test]
    public async Task S1_6_A_one_set_is_imported_with_its_credits_and_evidence_and_nothing_of_production()
    {
        var channel = await AChannel("Daylight Weekly");
        var label = await ALabel();
        (await Owner.Put($"/channels/{channel}/labels/{label}", new { Confidence = 0.7 })).Expect(HttpStatusCode.Created);
        var production = await Counts();

        var import = (await Owner.Post("/imports/sets", new { Title = "Winter light", Channel = "DAYLIGHT weekly", PublishedAt = "2026-01-20", Models = Names("Zoë L. ", "MARA (feat. Ines)"), Photographer = "K. Oduya" }))
            .Expect(HttpStatusCode.Created);

        Assert.That(((string?)import.Data["status"], import.Data["created"]!.GetValue<int>()), Is.EqualTo(("applied", 1)));
        var set = IdIn((await Owner.Get($"/imports/{import.Id}/rows")).Data[0], "set_id");
        var read = (await Owner.Get($"/sets/{set}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(((string?)read["title"], IdIn(read, "channel_id"), (string?)read["published_at"], read["unresolved_credits"]!.GetValue<int>()), Is.EqualTo(("Winter light", channel, "2026-01-20T00:00:00Z", 3)));
        Assert.That((await Owner.Get($"/sets/{set}/credits")).Data.AsArray().Select(one => $"{one!["role"]}:{one["raw_name"]}:{one["resolution_status"]}"), Is.EqualTo(new[]
        {
            "model:Zoë L. :unresolved", "model:MARA (feat. Ines):unresolved", "photographer:K. Oduya:unresolved",
        }));
        Assert.That((await Owner.Get($"/sets/{set}/evidence")).Data.AsArray().Select(one => IdIn(one, "label_id")), Is.EqualTo(new[] { label }));
        Assert.That(await Counts(), Is.EqualTo(production), "no implicit production creation");
    }

    [Test]
    public async Task The_same_again_is_the_same_import_and_what_is_there_is_matched()
    {
        await AChannel("Twice");
        object Payload(string title) => new[] { new { Title = title, Channel = "Twice", PublishedAt = "2026-01-20", Models = Names("A") }, new { Title = "Twice Two", Channel = "Twice", PublishedAt = "2026-01-20T00:00:00+00:00", Models = Names("B") } };

        var first = (await Owner.Post("/imports/sets", Payload("Twice One"))).Expect(HttpStatusCode.Created);
        var again = (await Owner.Post("/imports/sets", Payload("Twice One"))).Expect(HttpStatusCode.Created);
        var other = (await Owner.Post("/imports/sets", Payload("TWICE  óne"))).Expect(HttpStatusCode.Created);

        Assert.That(again.Id, Is.EqualTo(first.Id));
        Assert.That(again.Data["created"]!.GetValue<int>(), Is.EqualTo(2), "what became of it then");
        Assert.That((other.Id == first.Id, other.Data["created"]!.GetValue<int>(), other.Data["matched"]!.GetValue<int>()), Is.EqualTo((false, 0, 2)));
        Assert.That(await Platform.Sql<long>($"select count(*) from sets where client_id = '{Owner.ClientId}' and title ilike 'twice%'"), Is.EqualTo(2));
        Assert.That(await Platform.Sql<long>($"select count(*) from set_credits c join sets s on s.id = c.set_id where s.client_id = '{Owner.ClientId}' and s.title ilike 'twice%'"), Is.EqualTo(2));
    }

    [Test]
    public async Task What_failed_harms_no_other_row_has_its_reason_and_is_tried_again()
    {
        var name = $"Late {Guid.NewGuid():n}";
        await AChannel("Punctual");
        object[] rows =
        [
            new { Title = "Fine", Channel = "Punctual", PublishedAt = "2026-01-20" },
            new { Title = "Bad date", Channel = "Punctual", PublishedAt = "20.01.2026" },
            new { Title = "No zone", Channel = "Punctual", PublishedAt = "2026-01-20T09:00:00" },
            new { Title = "Unknown", Channel = name, PublishedAt = "2026-01-20" },
            new { Title = "  ", Channel = "Punctual", PublishedAt = "2026-01-20" },
            new { Title = "Crowd", Channel = "Punctual", PublishedAt = "2026-01-20", Models = Enumerable.Range(0, 10_000).Select(n => $"Name {n}") },
            new { Title = "Made", Channel = "Punctual", PublishedAt = "2026-01-20", Session = "Studio B" },
            new { Title = "Said", Channel = "Punctual", PublishedAt = "2026-01-20", IsCompilation = true },
            new { Title = "Mistyped", Channel = "Punctual", PublishedAt = "2026-01-20", Model = "A" },
            new { Title = "Number", Channel = "Punctual", PublishedAt = "2026-01-20", Models = new[] { 1 } },
            new { Title = "Empty", Channel = "Punctual", PublishedAt = "2026-01-20", Models = Names(" ") },
            new { Title = "Long", Channel = "Punctual", PublishedAt = "2026-01-20", Models = Names(new string('x', 501)) },
            new { Title = new string('t', 501), Channel = "Punctual", PublishedAt = "2026-01-20" },
            new { Title = "Control\u0007", Channel = "Punctual", PublishedAt = "2026-01-20" },
            new { Title = "Nowhere", PublishedAt = "2026-01-20" },
            7,
            new { Title = "Also fine", Channel = "punctual", PublishedAt = "2026-01-20T09:00:00+02:00" },
        ];

        var import = (await Owner.Post("/imports/sets", rows)).Expect(HttpStatusCode.Created);

        Assert.That((import.Data["created"]!.GetValue<int>(), import.Data["failed"]!.GetValue<int>()), Is.EqualTo((2, rows.Length - 2)));
        var failed = (await Owner.Get($"/imports/{import.Id}/rows?outcome=failed")).Data.AsArray();
        Assert.That(failed.Select(row => $"{row!["row"]} {string.Join(' ', row["errors"]!.AsArray().Select(error => $"{error!["code"]}:{error["field"]}"))}"), Is.EqualTo(new[]
        {
            "2 IMPORT_DATE_INVALID:published_at", "3 IMPORT_DATE_INVALID:published_at", "4 IMPORT_CHANNEL_UNKNOWN:channel", "5 IMPORT_TITLE_EMPTY:title", "6 IMPORT_TOO_MANY_NAMES:models",
            "7 IMPORT_CREATES_NO_SESSION:session", "8 COMPILATION_COMPUTED:is_compilation", "9 IMPORT_FIELD_UNKNOWN:model", "10 IMPORT_NAMES_INVALID:models", "11 IMPORT_NAME_EMPTY:models",
            "12 IMPORT_NAME_TOO_LONG:models", "13 VALIDATION_ERROR:title", "14 IMPORT_TEXT_INVALID:title", "15 IMPORT_CHANNEL_EMPTY:channel", "16 IMPORT_ROW_INVALID:",
        }));

        await AChannel(name);
        var again = (await Owner.Post("/imports/sets", rows)).Expect(HttpStatusCode.Created);
        Assert.That((again.Id, again.Data["created"]!.GetValue<int>(), again.Data["failed"]!.GetValue<int>()), Is.EqualTo((import.Id, 3, rows.Length - 3)));
    }

    [Test]
    public async Task A_dry_run_says_what_would_become_of_each_row_and_writes_nothing()
    {
        var channel = await AChannel("Dry");
        var known = await APerson("Dagny Halvorsen");
        var there = await ASet(channel, "2026-02-01T00:00:00Z", "Is There");
        object[] rows =
        [
            new { Title = "is  thére", Channel = "Dry", PublishedAt = "2026-02-01" },
            new { Title = "New", Channel = "Dry", PublishedAt = "2026-02-01", Models = Names("DAGNY halvorsen ", "Unknown Person") },
            new { Title = "NEW", Channel = "Dry", PublishedAt = "2026-02-01" },
            new { Title = "Bad", Channel = "Dry", PublishedAt = "soon" },
        ];
        var (sets, imports, credits, jobs) = (await Count("sets"), await Count("imports"), await Count("set_credits"), await Count("jobs"));

        var plan = (await Owner.Post("/imports/sets?dry_run=true", new { Sets = rows })).Expect(HttpStatusCode.OK).Data;

        Assert.That((plan["rows"]!.GetValue<int>(), plan["created"]!.GetValue<int>(), plan["matched"]!.GetValue<int>(), plan["failed"]!.GetValue<int>(), plan["credits_with_candidates"]!.GetValue<int>()), Is.EqualTo((4, 1, 2, 1, 1)));
        var planned = plan["plan"]!.AsArray();
        Assert.That(IdIn(planned[0], "set_id"), Is.EqualTo(there));
        Assert.That((planned[2]!["same_as_row"]!.GetValue<int>(), planned[2]!["set_id"]), Is.EqualTo((2, (JsonNode?)null)));
        Assert.That(planned[1]!["credits"]!.AsArray().Select(credit => $"{credit!["raw_name"]}{credit["person_ids"]![0]}"), Is.EqualTo(new[] { $"DAGNY halvorsen {known}" }));
        Assert.That((string?)planned[3]!["errors"]![0]!["code"], Is.EqualTo("IMPORT_DATE_INVALID"));
        Assert.That((await Count("sets"), await Count("imports"), await Count("set_credits"), await Count("jobs")), Is.EqualTo((sets, imports, credits, jobs)));

        var done = (await Owner.Post("/imports/sets", new { Sets = rows })).Expect(HttpStatusCode.Created).Data;
        Assert.That((done["created"]!.GetValue<int>(), done["matched"]!.GetValue<int>(), done["failed"]!.GetValue<int>()), Is.EqualTo((1, 2, 1)), "as it was planned");
    }

    [Test]
    public async Task A_csv_is_imported_and_kept_byte_for_byte()
    {
        await AChannel("Csv, Quoted");
        const string csv = "\uFEFFTitle,channel,published_at,models,photographers,notes\r\n"
            + "\"Winter, light\",\"Csv, Quoted\",2026-01-20,Zoë L.; Doe; Jane ;;佐藤美咲,K. Oduya,\"two\nlines\"\r\n"
            + "Short,\"csv, quoted\",2026-01-21\r\n"
            + "Wide,\"csv, quoted\",2026-01-21,A,B,c,more\r\n";

        var import = (await Csv(csv)).Expect(HttpStatusCode.Created);

        Assert.That((import.Data["rows"]!.GetValue<int>(), import.Data["created"]!.GetValue<int>(), import.Data["failed"]!.GetValue<int>(), (string?)import.Data["format"]), Is.EqualTo((3, 2, 1, "csv")));
        var rows = (await Owner.Get($"/imports/{import.Id}/rows")).Data.AsArray();
        Assert.That((await Owner.Get($"/sets/{IdIn(rows[0], "set_id")}/credits")).Data.AsArray().Select(one => $"{one!["role"]}:{one["raw_name"]}"), Is.EqualTo(new[]
        {
            "model:Zoë L.", "model: Doe", "model: Jane ", "model:佐藤美咲", "photographer:K. Oduya",
        }));
        Assert.That((string?)rows[2]!["errors"]![0]!["field"], Is.EqualTo("column 7"));
        Assert.That((await Owner.Get($"/imports/{import.Id}/payload")).Bytes, Is.EqualTo(Encoding.UTF8.GetBytes(csv)));
        foreach (var past in new[] { "update imports set payload = 'x'", "delete from imports" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => Platform.Sql<object>($"{past} where id = '{import.Id}'"));
            Assert.That(refused!.ConstraintName, Is.EqualTo("imports_kept"), past);
        }
    }

    [TestCase("title,channel,title\na,b,c", "IMPORT_UNREADABLE", TestName = "a column twice")]
    [TestCase("title,channel\n\"a,b", "IMPORT_UNREADABLE", TestName = "a quote that is not closed")]
    [TestCase("title,channel\na \"b\" c,d", "IMPORT_UNREADABLE", TestName = "a quote within a cell")]
    [TestCase("title,channel,published_at\n", "IMPORT_WITHOUT_ROWS", TestName = "a header alone")]
    [TestCase("", "IMPORT_WITHOUT_ROWS", TestName = "nothing")]
    [TestCase("title;channel;published_at\na;b;2026-01-20\n", "IMPORT_UNREADABLE")]
    public async Task A_csv_that_cannot_be_read_is_refused(string csv, string code)
    {
        var imports = await Count("imports");
        Assert.That((string?)(await Csv(csv)).Json["errors"]![0]!["code"], Is.EqualTo(code));
        Assert.That(await Count("imports"), Is.EqualTo(imports));
    }

    [TestCase("{\"\\u0000x\":1}", "IMPORT_ROW_INVALID", TestName = "a name with NUL")]
    [TestCase("{\"\\ud800\":1}", "IMPORT_ROW_INVALID", TestName = "a name that is half a pair")]
    [TestCase("{\"title\":\"A\\u0000\"}", "IMPORT_TEXT_INVALID", TestName = "a title with NUL")]
    [TestCase("{\"title\":\"\\ud800\"}", "IMPORT_TEXT_INVALID", TestName = "a title with half a pair")]
    [TestCase("{\"models\":[\"A\"],\"models\":[\"B\"]}", "DUPLICATE_FIELD", TestName = "names twice")]
    [TestCase("{\"published_at\":\"0001-01-01\"}", "IMPORT_DATE_INVALID", TestName = "the first of all days")]
    public async Task A_row_that_cannot_be_written_down_harms_no_other(string row, string code)
    {
        var channel = $"Odd {Guid.NewGuid():n}";
        await AChannel(channel);

        var import = (await Raw($"[{row}, {{\"title\": \"Fine\", \"channel\": \"{channel}\", \"published_at\": \"2026-01-20\"}}]", "application/json")).Expect(HttpStatusCode.Created);

        Assert.That((import.Data["created"]!.GetValue<int>(), import.Data["failed"]!.GetValue<int>(), (string?)import.Data["status"]), Is.EqualTo((1, 1, "applied")));
        Assert.That((await Owner.Get($"/imports/{import.Id}/rows?outcome=failed")).Data[0]!["errors"]!.AsArray().Select(error => (string)error!["code"]!), Does.Contain(code));
    }

    [Test]
    public async Task What_is_no_payload_is_refused()
    {
        Assert.That((string?)(await Raw("{\"sets\": 1}", "application/json")).Json["errors"]![0]!["code"], Is.EqualTo("IMPORT_UNREADABLE"));
        Assert.That((string?)(await Raw("{\"sets\": [], \"dry\": 1}", "application/json")).Json["errors"]![0]!["code"], Is.EqualTo("IMPORT_UNREADABLE"));
        Assert.That((string?)(await Raw("[", "application/json")).Json["errors"]![0]!["code"], Is.EqualTo("IMPORT_UNREADABLE"));
        Assert.That((string?)(await Raw("7", "application/json")).Json["errors"]![0]!["code"], Is.EqualTo("IMPORT_UNREADABLE"));
        Assert.That((string?)(await Raw("[]", "application/json")).Json["errors"]![0]!["code"], Is.EqualTo("IMPORT_WITHOUT_ROWS"));
        Assert.That((string?)(await Raw("x", "text/plain")).Json["errors"]![0]!["code"], Is.EqualTo("UNSUPPORTED_CONTENT_TYPE"));
        var many = new StringBuilder("title,channel,published_at\n").Insert("title,channel,published_at\n".Length, "a,b,c\n", 20_001).ToString();
        Assert.That((string?)(await Csv(many)).Json["errors"]![0]!["code"], Is.EqualTo("IMPORT_TOO_MANY_ROWS"));
        Assert.That((await Owner.Send(HttpMethod.Post, "/imports/sets", new StringContent(new string(' ', (16 << 20) + 1), Encoding.UTF8, "text/csv"), ("Expect", "100-continue"))).Status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        (await Owner.Send(HttpMethod.Post, "/imports/sets", new ByteArrayContent([0x22, 0xff, 0x22]) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } })).ExpectProblem(HttpStatusCode.BadRequest, "IMPORT_UNREADABLE");
        (await (await Platform.CreateKey(Owner, Role.Viewer)).Post("/imports/sets", new { Title = "x" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Owner.Get($"/imports/{Guid.NewGuid()}")).ExpectProblem(HttpStatusCode.NotFound, "IMPORT_NOT_FOUND");
    }

    [Test]
    public async Task Imports_of_the_same_sets_at_once_make_each_once()
    {
        await AChannel("Race");
        object Payload(int n) => new { Sets = Enumerable.Range(0, 20).Select(set => new { Title = $"Race {set}", Channel = "Race", PublishedAt = "2026-01-20", Models = Names("A"), Notes = $"By {n}" }) };

        var imports = await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(n => new[] { Owner.Post("/imports/sets", Payload(n)), Owner.Post("/imports/sets", Payload(n)) }));

        Assert.That(imports.Select(import => import.Status), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(imports.Select(import => import.Id).Distinct().Count(), Is.EqualTo(4));
        Assert.That(await Platform.Sql<long>($"select count(*) from sets where client_id = '{Owner.ClientId}' and title like 'Race %'"), Is.EqualTo(20));
        Assert.That(await Platform.Sql<long>($"select count(*) from set_credits c join sets s on s.id = c.set_id where s.client_id = '{Owner.ClientId}' and s.title like 'Race %'"), Is.EqualTo(20));
    }

    [Test]
    public async Task An_import_is_held_to_what_the_client_has_declared()
    {
        var tenant = await Platform.CreateTenant("declared");
        (await tenant.Post("/channels", new { Name = "Declared" })).Expect(HttpStatusCode.Created);
        (await tenant.Post("/field-definitions", new { Entity = "sets", Name = "source", Purpose = "Where it was seen", Type = "text", Required = true })).Expect(HttpStatusCode.Created);

        var import = (await tenant.Post("/imports/sets", new { Title = "Undeclared", Channel = "Declared", PublishedAt = "2026-01-20" })).Expect(HttpStatusCode.Created);

        Assert.That(import.Data["failed"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That((await tenant.Get($"/imports/{import.Id}/rows")).Data[0]!["errors"]!.ToJsonString(), Does.Contain("CUSTOM_FIELD_REQUIRED"));
        var plan = (await tenant.Post("/imports/sets?dry_run=true", new { Title = "Undeclared", Channel = "Declared", PublishedAt = "2026-01-20" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(plan["failed"]!.GetValue<int>(), Is.EqualTo(1), "as it was planned");
    }

    [Test]
    public async Task One_answer_has_all_reasons_of_a_row()
    {
        var tenant = await Platform.CreateTenant("reasons");
        (await tenant.Post("/field-definitions", new { Entity = "sets", Name = "source", Purpose = "Where it was seen", Type = "text", Required = true })).Expect(HttpStatusCode.Created);
        (await tenant.Post("/channels", new { Name = "Reasons" })).Expect(HttpStatusCode.Created);
        object[] rows =
        [
            new { Title = new string('t', 501), Channel = "Nowhere", PublishedAt = "20.01.2026" },
            new { Title = "", Channel = "Reasons", PublishedAt = "2026-01-20", Tags = Names("fine", new string('x', 101)), ExternalId = new string('e', 201), CustomFields = new { Source = "x" } },
            new { Title = 7, Channel = "Reasons", PublishedAt = "2026-01-20", Tags = new[] { 1 }, CustomFields = "x" },
            new { Title = "Many", Channel = "Reasons", PublishedAt = "2026-01-20", Tags = Enumerable.Range(0, 300).Select(n => new string('x', 101)) },
        ];
        string[] expected =
        [
            "published_at channel title custom_fields.source",
            "title external_id tags[1]",
            "title tags custom_fields",
            $"tags {string.Join(' ', Enumerable.Range(0, 99).Select(n => $"tags[{n}]"))}",
        ];

        var plan = (await tenant.Post("/imports/sets?dry_run=true", rows)).Expect(HttpStatusCode.OK).Data;
        var import = (await tenant.Post("/imports/sets", rows)).Expect(HttpStatusCode.Created);

        Assert.That(plan["plan"]!.AsArray().Select(FieldsOf), Is.EqualTo(expected));
        var done = (await tenant.Get($"/imports/{import.Id}/rows")).Data.AsArray();
        Assert.That(done.Select(FieldsOf), Is.EqualTo(expected), "as it was planned");
        Assert.That(done[0]!["errors"]!.AsArray().Select(error => (string?)error!["code"]), Is.EqualTo(new[] { "IMPORT_DATE_INVALID", "IMPORT_CHANNEL_UNKNOWN", "VALIDATION_ERROR", "CUSTOM_FIELD_REQUIRED" }));

        static string FieldsOf(JsonNode? row) => string.Join(' ', row!["errors"]!.AsArray().Select(error => error!["field"]));
    }

    [Test]
    public async Task A_row_has_at_most_a_hundred_fields()
    {
        var fields = string.Join(',', Enumerable.Range(0, 101).Select(n => $"\"f{n}\":1"));
        var many = string.Join(',', Enumerable.Repeat("\"title\":1", 400_000));

        var import = (await Raw($"[{{{fields}}},{{{many}}}]", "application/json")).Expect(HttpStatusCode.Created);

        Assert.That((await Owner.Get($"/imports/{import.Id}/rows")).Data.AsArray().Select(row => row!["errors"]!.AsArray().Single()!["code"]!.GetValue<string>()), Is.EqualTo(new[] { "IMPORT_ROW_INVALID", "IMPORT_ROW_INVALID" }));
        (await Csv($"title,{string.Join(',', Enumerable.Range(0, 100).Select(n => $"f{n}"))}\na")).ExpectProblem(HttpStatusCode.BadRequest, "IMPORT_UNREADABLE");
    }

    [Test]
    public async Task A_row_in_json_has_fields_of_the_clients_own()
    {
        var tenant = await Platform.CreateTenant("own");
        (await tenant.Post("/channels", new { Name = "Own" })).Expect(HttpStatusCode.Created);
        (await tenant.Post("/field-definitions", new { Entity = "sets", Name = "source", Purpose = "Where it was seen", Type = "text", Required = true, MaxLength = 5 })).Expect(HttpStatusCode.Created);
        const string row = "\"channel\":\"Own\",\"published_at\":\"2026-01-20\"";
        string[] rows =
        [
            "\"custom_fields\":{\"source\":\"Cafe\u0301s\",\"deep\":{\"er\":[{\"n\":1e2}]}}",
            "\"custom_fields\":{\"source\":7}",
            "\"custom_fields\":{\"other\":\"\\u0000\"}",
            "\"custom_fields\":{\"source\":\"x\",\"other\":[1e20000]}",
            "\"custom_fields\":{\"source\":\"x\",\"source\":\"y\"}",
            "\"custom_fields\":{\"source\":\"x\",\"other\":{\"a\":1,\"a\":2}}",
            "\"custom_fields\":{\"source\":\"x\",\"\\ud800\":1}",
            "\"custom_fields\":[]",
            $"\"custom_fields\":{{\"long\":\"{new string('x', 1 << 16)}\"}}",
        ];
        var payload = $"[{string.Join(',', rows.Select((own, n) => $"{{\"title\":\"Own {n}\",{row},{own}}}"))}]";
        Task<Reply> Send(string to, string text, string type = "application/json") => tenant.Send(HttpMethod.Post, to, new StringContent(text, Encoding.UTF8, type));
        string[] expected =
        [
            "", "CUSTOM_FIELD_TYPE:custom_fields.source", "IMPORT_CUSTOM_FIELDS_INVALID:custom_fields.other CUSTOM_FIELD_REQUIRED:custom_fields.source", "IMPORT_CUSTOM_FIELDS_INVALID:custom_fields.other",
            "DUPLICATE_FIELD:custom_fields.source", "IMPORT_CUSTOM_FIELDS_INVALID:custom_fields.other", "IMPORT_CUSTOM_FIELDS_INVALID:custom_fields", "IMPORT_CUSTOM_FIELDS_INVALID:custom_fields", "VALIDATION_ERROR:custom_fields",
        ];

        var plan = (await Send("/imports/sets?dry_run=true", payload)).Expect(HttpStatusCode.OK).Data["plan"]!.AsArray();
        var import = (await Send("/imports/sets", payload)).Expect(HttpStatusCode.Created);

        var done = (await tenant.Get($"/imports/{import.Id}/rows")).Data.AsArray();
        Assert.That(plan.Select(Said), Is.EqualTo(expected));
        Assert.That(done.Select(Said), Is.EqualTo(expected));
        var set = (await tenant.Get($"/sets/{IdIn(done[0], "set_id")}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(set["custom_fields"]!["source"]!.GetValue<string>(), Is.EqualTo("Caf\u00e9s"), "as that of any set");
        Assert.That(set["custom_fields"]!["deep"]!["er"]![0]!["n"]!.GetValue<int>(), Is.EqualTo(100));

        var csv = (await Send("/imports/sets", "title,channel,published_at,custom_fields\nOwn 0,Own,2026-01-20\nCsv,Own,2026-01-20\nCell,Own,2026-01-20,{}\n", "text/csv")).Expect(HttpStatusCode.Created);
        Assert.That((await tenant.Get($"/imports/{csv.Id}/rows")).Data.AsArray().Select(one => $"{one!["outcome"]} {Said(one)}"), Is.EqualTo(new[]
        {
            "matched ", "failed CUSTOM_FIELD_REQUIRED:custom_fields.source", "failed IMPORT_CUSTOM_FIELDS_INVALID:custom_fields",
        }), "what is there is left as it is");
    }

    [Test]
    public async Task What_is_said_of_a_channel_is_true()
    {
        var (day, night) = (await AChannel("Day"), await AChannel("Night"));
        var nowhere = Guid.NewGuid();
        object[] rows =
        [
            new { Title = "Mismatch", Channel = "Night", ChannelId = day, PublishedAt = "2026-01-20" },
            new { Title = "No name so", Channel = "Dusk", ChannelId = night, PublishedAt = "2026-01-20" },
            new { Title = "No such id", Channel = "Day", ChannelId = nowhere, PublishedAt = "2026-01-20" },
            new { Title = "No id", ChannelId = "x", PublishedAt = "2026-01-20" },
            new { Title = "No text", Channel = 1, PublishedAt = 2 },
            new { Title = "Neither", ChannelId = 1, PublishedAt = "2026-01-20" },
            new { Title = "Both", Channel = "DAY", ChannelId = day, PublishedAt = "2026-01-20" },
        ];

        var plan = (await Owner.Post("/imports/sets?dry_run=true", rows)).Expect(HttpStatusCode.OK).Data["plan"]!.AsArray();

        Assert.That(plan.Select(Said), Is.EqualTo(new[]
        {
            "IMPORT_CHANNEL_MISMATCH:channel_id", "IMPORT_CHANNEL_MISMATCH:channel_id", "IMPORT_CHANNEL_UNKNOWN:channel_id", "IMPORT_CHANNEL_UNKNOWN:channel_id",
            "IMPORT_TEXT_INVALID:channel IMPORT_TEXT_INVALID:published_at", "IMPORT_TEXT_INVALID:channel_id", "",
        }));
        Assert.That((string?)plan[0]!["errors"]![0]!["message"], Does.Contain("Night").And.Contain($"{day}"));
        var done = (await Owner.Post("/imports/sets", rows)).Expect(HttpStatusCode.Created);
        Assert.That((await Owner.Get($"/imports/{done.Id}/rows")).Data.AsArray().Select(Said), Is.EqualTo(plan.Select(Said)));
    }

    [Test]
    public async Task Imports_are_found_by_what_became_of_them()
    {
        var tenant = await Platform.CreateTenant("found");
        (await tenant.Post("/channels", new { Name = "Found" })).Expect(HttpStatusCode.Created);
        async Task<Guid> Import(string title) => (await tenant.Post("/imports/sets", new { Title = title, Channel = "Found", PublishedAt = "2026-01-20", Models = Names(title) })).Expect(HttpStatusCode.Created).Id;
        var (redacted, other) = (await Import("One"), await Import("Two"));
        var set = IdIn((await tenant.Get($"/imports/{redacted}/rows")).Data[0], "set_id");
        (await tenant.Post($"/credits/{IdIn((await tenant.Get($"/sets/{set}/credits")).Data[0], "id")}/redact", new { })).Expect(HttpStatusCode.OK);

        async Task<IEnumerable<Guid>> Found(string by) => (await tenant.Get($"/imports?{by}")).Expect(HttpStatusCode.OK).Data.AsArray().Select(one => IdIn(one, "id"));
        Assert.That(await Found("redacted_at[null]=false"), Is.EqualTo(new[] { redacted }));
        Assert.That(await Found("redacted_at[null]=true"), Is.EqualTo(new[] { other }));
        Assert.That(await Found("redacted_at[gte]=2026-01-01T00:00:00Z&version=2"), Is.EqualTo(new[] { redacted }));
        Assert.That(await Found("updated_at[lt]=2026-01-01T00:00:00Z"), Is.Empty);
    }

    private static string Said(JsonNode? row) => string.Join(' ', row!["errors"]!.AsArray().Select(error => $"{error!["code"]}:{error["field"]}"));

    private static string[] Names(params string[] names) => names;

    private Task<Reply> Csv(string csv) => Raw(csv, "text/csv");

    private Task<Reply> Raw(string text, string type) => Owner.Send(HttpMethod.Post, "/imports/sets", new StringContent(text, Encoding.UTF8, type));

    private async Task<string> Counts()
    {
        var counts = new List<string>();
        foreach (var table in ProductionTables) counts.Add($"{table} {await Platform.Sql<long>($"select count(*) from {table} where client_id = '{Owner.ClientId}'")}");
        return string.Join(' ', counts);
    }
}
