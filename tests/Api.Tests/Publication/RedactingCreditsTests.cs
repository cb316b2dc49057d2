using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Publication;

/// <summary>A legal request: the one exception to that a raw credit is kept.</summary>
internal sealed class RedactingCreditsTests : PublicationFixture
{
    private const string Json = "\uFEFF{ \"sets\": [ 7,\n  {\"title\":\"Rêd One\",\"channel\":\"CHANNEL\", \"published_at\":\"2026-01-20\",\"models\":[ \"Zo\\u00eb \\\"L\\\"\",\"Ines\"], \"photographer\":\"Zoë \\\"L\\\"\", \"notes\" : \"Zoë \\\"L\\\"\"},\n"
        + "  {\"title\":\"Red Two\",\"channel\":\"CHANNEL\",\"published_at\":\"2026-01-20\",\"models\":[\"Zoë \\\"L\\\"\"]} ] }\n";

    private static readonly string Csv = "Title,channel , published_at,models,photographer,notes\r\n\r\nRed One,\"CHANNEL\",2026-01-20,\"Zoë \"\"L\"\"; Ines;Zoë \"\"L\"\"\",Ines,\"a\r\nb\"\r\n\n"
        + string.Concat(Enumerable.Range(0, 150).Select(n => $"Ünder {n},CHANNEL,2026-01-20,Somebody {n},,\"of many, {n}\"\n")) + "Red Two,CHANNEL,2026-01-20,Ines,\"Zoë \"\"L\"\"\",";

    [Test]
    public async Task A_name_is_deleted_from_its_credit_and_from_the_rows_that_brought_it_and_nothing_else_is()
    {
        var (given, channel) = await Import(Json, "application/json");
        var set = await SetOf(channel, "Rêd One");
        var credits = (await Owner.Get($"/sets/{set}/credits")).Data.AsArray();
        var (credit, person) = (IdIn(credits[0], "id"), await APerson("Zoë Lind"));
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);
        var import = IdIn((await Owner.Get("/imports?limit=1")).Data[0], "id");

        var redacted = (await Owner.Post($"/credits/{credit}/redact", new { Reason = "Request 7" })).Expect(HttpStatusCode.OK).Data;

        var read = (await Owner.Get($"/credits/{credit}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(
            ((string?)read["raw_name"], (string?)read["name_norm"], (string?)read["resolution_status"], read["resolved_person_id"], (string?)read["redacted_at"], (string?)read["role"], read["position"]!.GetValue<int>()),
            Is.EqualTo(("[redacted]", "[redacted]", "ignored", (object?)null, (string?)redacted["redacted_at"], "model", 0)));
        Assert.That(await Participants(set), Is.Empty);
        Assert.That((redacted["taken"]!["credits"]!.GetValue<int>(), redacted["taken"]!["imports"]!.GetValue<int>()), Is.EqualTo((1, 1)));
        var receipt = (await Owner.Get($"/purge-receipts/{IdIn(redacted, "receipt_id")}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(((string?)receipt["entity"], IdIn(receipt, "entity_id"), (string?)receipt["reason"]), Is.EqualTo(("set_credit", credit, "Request 7")));

        var expected = given.Replace("[ \"Zo\\u00eb \\\"L\\\"\",", "[ \"[redacted]\",", StringComparison.Ordinal).Replace("\"photographer\":\"Zoë \\\"L\\\"\"", "\"photographer\":\"[redacted]\"", StringComparison.Ordinal);
        Assert.That(await PayloadOf(import), Is.EqualTo(expected), "each other byte stays: those of the other row, of the notes, and the mark at the beginning");
        Assert.That((string?)(await Owner.Get($"/imports/{import}")).Data["redacted_at"], Is.EqualTo((string?)redacted["redacted_at"]));
        Assert.That((await Owner.Get($"/sets/{await SetOf(channel, "Red Two")}/credits")).Data.AsArray().Select(one => (string?)one!["raw_name"]), Is.EqualTo(new[] { "Zoë \"L\"" }));
        Assert.That((string?)(await Owner.Get($"/credits/{IdIn(credits[2], "id")}")).Data["raw_name"], Is.EqualTo("Zoë \"L\""), "another credit of the same set is another request");

        (await Send(given, "application/json")).Expect(HttpStatusCode.Created);
        Assert.That((await Owner.Get($"/sets?channel_id={channel}")).Data.AsArray(), Has.Count.EqualTo(2), "the payload as it came is still that import");
        Assert.That(await PayloadOf(import), Is.EqualTo(expected));
    }

    [Test]
    public async Task Of_a_csv_likewise()
    {
        var (given, channel) = await Import(Csv, "text/csv");
        var import = IdIn((await Owner.Get("/imports?limit=1")).Data[0], "id");
        var (one, two) = (await SetOf(channel, "Red One"), await SetOf(channel, "Red Two"));

        async Task Redact(Guid set, string name) => (await Owner.Post($"/credits/{IdIn((await Owner.Get($"/sets/{set}/credits")).Data.AsArray().First(credit => (string?)credit!["raw_name"] == name), "id")}/redact", new { }))
            .Expect(HttpStatusCode.OK);
        await Redact(one, "Zoë \"L\"");
        var name = (string)(await Owner.Get($"/channels/{channel}")).Data["name"]!;
        var expected = given.Replace($"\"{name}\",2026-01-20,\"Zoë \"\"L\"\"; Ines;Zoë \"\"L\"\"\"", $"{name},2026-01-20,[redacted]; Ines;[redacted]", StringComparison.Ordinal);
        Assert.That(await PayloadOf(import), Is.EqualTo(expected));
        await Redact(two, "Zoë \"L\"");
        Assert.That(await PayloadOf(import), Is.EqualTo(expected.Replace("Ines,\"Zoë \"\"L\"\"\",", "Ines,[redacted],", StringComparison.Ordinal)));
        await Redact(one, " Ines");
        Assert.That(await PayloadOf(import), Does.Contain("[redacted];[redacted];[redacted],[redacted],\"a\r\nb\"\r\n\nÜnder 0"), "whatever blanks it has");
    }

    [Test]
    public async Task It_leaves_no_trace_of_the_name_in_the_log_or_in_what_was_resolved_at_once()
    {
        var (name, person) = ($"Secret {Guid.NewGuid():n}", await APerson("Whoever"));
        var (set, other) = (await ASet(await AChannel()), await ASet(await AChannel()));
        var (credit, same) = (await ACredit(set, name), await ACredit(other, $" {name.ToUpperInvariant()}"));
        var resolution = IdIn((await Owner.Post("/credits/resolve-matching", new { Name = name, PersonId = person, Preview = false })).Expect(HttpStatusCode.OK).Data, "resolution_id");
        (await Owner.Send(HttpMethod.Delete, $"/sets/{set}", null)).Expect(HttpStatusCode.OK);

        (await Owner.Post($"/credits/{credit}/redact", new { })).Expect(HttpStatusCode.OK);
        Assert.That((string?)(await Owner.Get($"/credits/resolutions/{resolution}")).Data["name"], Is.EqualTo(name.ToLowerInvariant()), "another credit has the name");
        (await Owner.Post($"/credits/{same}/redact", new { })).Expect(HttpStatusCode.OK);

        Assert.That((string?)(await Owner.Get($"/credits/resolutions/{resolution}")).Data["name"], Is.EqualTo("[redacted]"));
        foreach (var table in new[] { "change_log", "set_credits", "credit_resolutions", "imports", "sets", "purge_receipts", "jobs" })
            Assert.That(await Platform.Sql<long>($"select count(*) from {table} t where t::text ilike '%{name}%'"), Is.Zero, table);
        Assert.That(await Platform.Sql<bool>($"select critical from change_log where entity = 'set_credit' and entity_id = '{credit}' and changes ? 'redacted_at'"), Is.True, "that it was done is kept for good");
        Assert.That((await Owner.Post($"/credits/resolutions/{resolution}/undo")).Expect(HttpStatusCode.OK).Data["undone"]!.GetValue<int>(), Is.Zero);
    }

    [Test]
    public async Task What_is_redacted_stays_so_and_means_nobody()
    {
        var (set, person) = (await ASet(await AChannel()), await APerson("Nobody"));
        var credit = await ACredit(set, "Nobody");
        (await Owner.Post($"/credits/{credit}/redact", new { Reason = new string('x', 501) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"/credits/{credit}/redact", new { }, ("If-Match", "\"7\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await (await Platform.CreateKey(Owner, Role.Editor)).Post($"/credits/{credit}/redact", new { })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Platform.Stranger.Post($"/credits/{credit}/redact", new { })).ExpectProblem(HttpStatusCode.NotFound, "CREDIT_NOT_FOUND");
        Assert.That((string?)(await Owner.Get($"/credits/{credit}")).Data["raw_name"], Is.EqualTo("Nobody"));

        var both = await Task.WhenAll(Owner.Post($"/credits/{credit}/redact", new { }), Owner.Post($"/credits/{credit}/redact", new { }));

        Assert.That(both.Select(answer => answer.Status).Order(), Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.Locked }));
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = person })).ExpectProblem(HttpStatusCode.Locked, "CREDIT_REDACTED");
        (await Owner.Post($"/credits/{credit}/unresolve")).ExpectProblem(HttpStatusCode.Locked, "CREDIT_REDACTED");
        (await Owner.Post($"/credits/{credit}/ignore")).ExpectProblem(HttpStatusCode.Locked, "CREDIT_REDACTED");
        Assert.That((await Owner.Get($"/credits/{credit}/candidates")).Expect(HttpStatusCode.OK).Data.AsArray(), Is.Empty);
        foreach (var past in new[] { "raw_name = 'Nobody', redacted_at = null", "raw_name = 'Somebody'", "redacted_at = null", "redacted_at = now()", "resolution_status = 'unresolved'" })
            Assert.That(() => Platform.Sql<object>($"update set_credits set {past} where id = '{credit}'"), Throws.InstanceOf<PostgresException>(), past);
        Assert.That(await Platform.Sql<long>($"select count(*) from purge_receipts where entity_id = '{credit}'"), Is.EqualTo(1));
    }

    [TestCase("[\n {\"title\":\"Rêd One\",\"channel\":\"CHANNEL\",\"published_at\":\"2026-01-20\",\"photographers\":[\"Mara\"]} ,{\"title\":\"x\"}]")]
    [TestCase("{\"photographer\" : \"Mara\", \"title\":\"Rêd One\",\"channel\":\"CHANNEL\",\"published_at\":\"2026-01-20\", \"notes\":\"Mara\"}")]
    public async Task A_payload_of_any_shape_is_redacted_in_its_place(string template)
    {
        var (given, channel) = await Import(template, "application/json");
        var import = IdIn((await Owner.Get("/imports?limit=1")).Data[0], "id");
        var credit = IdIn((await Owner.Get($"/sets/{await SetOf(channel, "Rêd One")}/credits")).Data[0], "id");

        (await Owner.Post($"/credits/{credit}/redact", new { })).Expect(HttpStatusCode.OK);

        var at = given.IndexOf("\"Mara\"", StringComparison.Ordinal);
        Assert.That(await PayloadOf(import), Is.EqualTo($"{given[..at]}\"[redacted]\"{given[(at + 6)..]}"));
    }

    [Test]
    public async Task A_name_that_no_credit_has_is_deleted_from_the_import_alone()
    {
        var (given, channel) = await Import("title,channel,published_at,models\nOne,CHANNEL,2026-01-20,Ines\nOne,CHANNEL,2026-01-20,INÊS;Kofi\nTwo,CHANNEL,never,Ines;Zoë\n", "text/csv");
        var import = IdIn((await Owner.Get("/imports?limit=1")).Data[0], "id");
        (await Owner.Post($"/imports/{import}/redact", new { Name = "Nobody" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "IMPORT_NAME_NOT_FOUND");
        (await Owner.Post($"/imports/{import}/redact", new { Name = "Zoë", Row = 1 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "IMPORT_NAME_NOT_FOUND");
        (await Owner.Post($"/imports/{import}/redact", new { Name = "", Row = 0 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Platform.Stranger.Post($"/imports/{import}/redact", new { Name = "Zoë" })).ExpectProblem(HttpStatusCode.NotFound, "IMPORT_NOT_FOUND");
        (await (await Platform.CreateKey(Owner, Role.Editor)).Post($"/imports/{import}/redact", new { Name = "Zoë" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");

        (await Owner.Post($"/imports/{import}/redact", new { Name = "zoe" })).Expect(HttpStatusCode.OK);
        var answer = (await Owner.Post($"/imports/{import}/redact", new { Name = "ines", Reason = "Request 8" })).Expect(HttpStatusCode.OK);
        var (all, warnings) = (answer.Data, answer.Json["metadata"]!["warnings"]!.AsArray());

        var name = (string)(await Owner.Get($"/channels/{channel}")).Data["name"]!;
        Assert.That(await PayloadOf(import), Is.EqualTo($"title,channel,published_at,models\nOne,{name},2026-01-20,[redacted]\nOne,{name},2026-01-20,[redacted];Kofi\nTwo,{name},never,[redacted];[redacted]\n"));
        Assert.That(all["taken"]!["names"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(warnings.Select(warning => (string)warning!["code"]!), Is.EqualTo(new[] { "CREDITS_KEEP_NAME" }));
        Assert.That((string?)(await Owner.Get($"/purge-receipts/{IdIn(all, "receipt_id")}")).Data["entity"], Is.EqualTo("import"));
        var credit = (await Owner.Get($"/sets/{await SetOf(channel, "One")}/credits")).Data[0]!;
        Assert.That((string?)credit["raw_name"], Is.EqualTo("Ines"), "a credit is another request");
        Assert.That((await Owner.Post($"/credits/{IdIn(credit, "id")}/redact", new { })).Expect(HttpStatusCode.OK).Data["taken"]!["imports"]!.GetValue<int>(), Is.Zero);
        (await Send(given, "text/csv")).Expect(HttpStatusCode.Created);
        Assert.That(await PayloadOf(import), Does.Contain("never,[redacted];[redacted]"), "what failed is tried again as it is kept");
    }

    [Test]
    public async Task It_waits_for_whoever_imports_and_neither_loses()
    {
        var set = await ASet(await AChannel());
        var credit = await ACredit(set, "Somebody");
        await using var importer = new NpgsqlConnection(Platform.Database);
        await importer.OpenAsync();
        await using var transaction = await importer.BeginTransactionAsync();
        await using (var turn = new NpgsqlCommand($"select pg_advisory_xact_lock(hashtextextended('mediaplatform.set_imports.{Owner.ClientId}', 0))", importer)) await turn.ExecuteNonQueryAsync();

        var redacting = Owner.Post($"/credits/{credit}/redact", new { });
        await Eventually.Is("it waits", () => Platform.Sql<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event = 'advisory')"));
        await using (var set_of_a_row = new NpgsqlCommand($"select from sets where id = '{set}' for update nowait", importer)) await set_of_a_row.ExecuteNonQueryAsync();
        await transaction.CommitAsync();

        (await redacting).Expect(HttpStatusCode.OK);
    }

    private async Task<(string Payload, Guid Channel)> Import(string template, string type)
    {
        var name = $"Redactions {Guid.NewGuid():n}";
        var channel = await AChannel(name);
        var payload = template.Replace("CHANNEL", name, StringComparison.Ordinal);
        Assert.That((await Send(payload, type)).Status, Is.EqualTo(HttpStatusCode.Created));
        return (payload, channel);
    }

    private Task<Reply> Send(string payload, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload));
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return Owner.Send(HttpMethod.Post, "/imports/sets", content);
    }

    private async Task<Guid> SetOf(Guid channel, string title) => IdIn((await Owner.Get($"/sets?channel_id={channel}&limit=200")).Expect(HttpStatusCode.OK).Data.AsArray().Single(one => (string?)one!["title"] == title), "id");

    private async Task<string> PayloadOf(Guid import) => Encoding.UTF8.GetString((await Owner.Get($"/imports/{import}/payload")).Bytes);
}
