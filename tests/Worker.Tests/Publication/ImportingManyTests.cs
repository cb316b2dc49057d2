using System.Net;
using System.Text;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Npgsql;

namespace MediaPlatform.Worker.Tests.Publication;

/// <summary>Imports of many sets, which a job does, and compilations, which another finds out.</summary>
internal sealed class ImportingManyTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    private const int Rows = 1_000;

    private static readonly string[] Names = ["Zoë Lindqvist", "MARA (feat. Ines)", "\"Doe, Jane\"", "佐藤美咲 ", "Екатерина Жуковская", "  K. Oduya", "O'Brien-Núñez", "ÅSA", "مريم", "feat. Nobody"];

    private const string AllOfIt = """
        select md5(string_agg(row, '' order by row))
        from (
            select (to_jsonb(s) - 'search')::text as row from sets s
            union all select to_jsonb(c)::text from set_credits c
            union all select to_jsonb(r)::text from import_rows r
        ) kept
        """;

    [Test]
    public async Task Sets_with_messy_names_are_imported_by_a_job_and_twice_give_the_same()
    {
        await Channels();
        await Platform.StartWorker();

        var import = (await Import()).Expect(HttpStatusCode.Accepted);
        await Applied(import.Id);

        var done = (await Owner.Get($"/imports/{import.Id}")).Data;
        Assert.That((done["created"]!.GetValue<int>(), done["matched"]!.GetValue<int>(), done["failed"]!.GetValue<int>()), Is.EqualTo((Rows - 2, 1, 1)));
        Assert.That(await Platform.Count("sets"), Is.EqualTo(Rows - 2));
        foreach (var name in new[] { "Zoë Lindqvist", "Doe, Jane", "佐藤美咲 ", "  K. Oduya", "مريم" })
            Assert.That(await Platform.Count($"set_credits where raw_name = '{name}'"), Is.Positive, name);
        Assert.That(await Platform.Count("set_credits where resolution_status <> 'unresolved'"), Is.Zero);
        Assert.That(await Platform.Count("people"), Is.Zero);
        Assert.That(await Platform.Count("sessions"), Is.Zero);

        var before = await Platform.Sql<string>(AllOfIt);
        var again = (await Import()).Expect(HttpStatusCode.Accepted);
        await Applied(again.Id);
        Assert.That(again.Id, Is.EqualTo(import.Id));
        Assert.That(await Platform.Sql<string>(AllOfIt), Is.EqualTo(before), "the one that failed has failed again");
    }

    [Test]
    public async Task An_import_is_killed_in_the_middle_and_goes_on()
    {
        var held = await Channels();
        await using var rival = new NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await new NpgsqlCommand($"select id from channels where id = '{held}' for update", rival, transaction).ExecuteScalarAsync();
        var import = (await Import()).Expect(HttpStatusCode.Accepted);
        using (var killed = ChildWorker.StartPlain(Platform))
        {
            await Eventually.Is("some are imported and one is waited for", async () =>
                await Platform.Count("sets") > 0 && await Platform.Count("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0);
            await killed.Kill();
        }

        var made = await Platform.Count("sets");
        Assert.That((made, await Platform.Count("import_rows where outcome = 'created'")), Is.EqualTo((400L, 400L)), "two batches, and none in part");
        Assert.That((string?)(await Owner.Get($"/imports/{import.Id}")).Data["status"], Is.EqualTo("applying"));
        await Platform.StartWorker();
        var job = await Platform.JobOf(import.Id);
        await Eventually.Is("the attempt after it goes on from where it was", async () => await Owner.Job(job) is var again && again.Attempts() > 1 && again["progress"]!.GetValue<int>() == 40);
        await transaction.RollbackAsync();
        await Applied(import.Id);

        Assert.That(await Platform.Count("sets"), Is.EqualTo(Rows - 2));
        Assert.That(await Platform.Sql<long>("select count(*) from (select title from sets group by title having count(*) > 1) twice"), Is.Zero);
        Assert.That(await Platform.Count("sets where not exists (select from set_credits where set_id = sets.id)"), Is.Zero, "each with its credits");
    }

    [Test]
    public async Task Compilations_are_found_out_by_a_job()
    {
        await Channels();
        var channel = (await Owner.Get("/channels?limit=1")).Data[0]!["id"];
        var set = (await Owner.Post("/sets", new { Title = "Best of", ChannelId = channel, PublishedAt = "2026-01-20T00:00:00Z" })).Expect(HttpStatusCode.Created).Id;
        foreach (var number in new[] { 61_001, 61_002 })
        {
            var session = (await Owner.Post("/sessions", new { Location = $"Studio {number}" })).Expect(HttpStatusCode.Created).Id;
            (await Owner.Post($"/sessions/{session}/media", new { AssetIds = new[] { (await Owner.Upload(Samples.Jpeg(number))).Id } })).Expect(HttpStatusCode.OK);
            (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { (await Owner.Get($"/sessions/{session}/media")).Data[0]!["id"]!.GetValue<Guid>() } })).Expect(HttpStatusCode.OK);
        }

        Assert.That(await Platform.Count("sets where compilation_pending and not is_compilation"), Is.EqualTo(1));
        var version = (await Owner.Get($"/sets/{set}")).Data["version"]!.GetValue<int>();
        await Platform.StartWorker();

        await Eventually.Is("it is found out", async () => await Platform.Count("sets where is_compilation and not compilation_pending") == 1);
        Assert.That((await Owner.Get($"/sets/{set}")).Data["version"]!.GetValue<int>(), Is.EqualTo(version), "nobody has changed it");
        Assert.That(await Platform.Count($"change_log where entity_id = '{set}'"), Is.EqualTo(1));
    }

    /// <summary>Two channels; rows from the four hundred and first on are of the one that is given.</summary>
    private async Task<Guid> Channels()
    {
        (await Owner.Post("/channels", new { Name = "Daylight" })).Expect(HttpStatusCode.Created);
        return (await Owner.Post("/channels", new { Name = "Nachtausgabe, wöchentlich" })).Expect(HttpStatusCode.Created).Id;
    }

    private Task<Reply> Import()
    {
        var csv = new StringBuilder("title,channel,published_at,models,photographers\r\n");
        for (var row = 1; row <= Rows; row++)
        {
            var title = row == Rows ? "\"Set 1, çédille \"" : $"\"Set {row}, çédille\""; // the last is the first once more
            var date = row == 500 ? "29.02.2026" : "2026-01-20";
            csv.Append(title).Append(',').Append(row > 400 && row < Rows ? "\"NACHTAUSGABE, wochentlich\"" : "daylight").Append(',').Append(date).Append(',')
                .Append(row % 10 == 2 ? Names[2] : $"{Names[row % 10].Trim('"')};{Names[row * 7 % 10].Trim('"').Replace(",", "", StringComparison.Ordinal)}").Append(",K. Oduya\r\n");
        }

        return Owner.Send(HttpMethod.Post, "/imports/sets", new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));
    }

    private Task Applied(Guid import) => Eventually.Is("all rows are done", async () => (string?)(await Owner.Get($"/imports/{import}")).Data["status"] == "applied");
}
