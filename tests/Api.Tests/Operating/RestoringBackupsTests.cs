using System.Diagnostics;
using System.Net;
using Dapper;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Operating;

/// <summary>What pg_dump wrote, pg_restore brings back: it knows no search path, so that what a column or an index is computed by must find its own way.</summary>
internal sealed class RestoringBackupsTests : PlatformFixture
{
    // What it made of each row, and the row: columns as text, so that what is computed is compared as well.
    private const string Digests = """
        select format('%s %s', c.oid::regclass, (xpath('/table/row/md5/text()', query_to_xml(format('select md5(coalesce(string_agg(t::text, E''\n'' order by t::text), '''')) as md5 from only %s t', c.oid::regclass), false, false, '')))[1]) as digest
        from pg_class c
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        order by 1
        """;

    [Test]
    public async Task NFR_5_a_backup_is_restored_row_by_row()
    {
        await Fill();
        var restored = await TestServers.CreateEmptyDatabase();
        try
        {
            var backup = Path.Combine(Platform.Root, "backup");
            await Run(Platform.Database, "pg_dump", "--format=custom", $"--file={backup}");
            await Run(restored, "pg_restore", "--exit-on-error", "--no-owner", $"--dbname={new NpgsqlConnectionStringBuilder(restored).Database}", backup);

            var (before, after) = (await Read(Platform.Database), await Read(restored));
            Assert.That(before, Has.Length.GreaterThan(50));
            Assert.That(after, Is.EqualTo(before));
            Assert.That(before.Count(table => !table.EndsWith(" d41d8cd98f00b204e9800998ecf8427e", StringComparison.Ordinal)), Is.GreaterThan(25), "tables with something in them");
        }
        finally
        {
            await TestServers.DropDatabase(restored);
        }
    }

    private async Task Fill()
    {
        await Make("/shows", new { Title = "A show", Tags = new[] { "Blue" } });
        var episode = await Make("/episodes", new
        {
            Title = "Élan", Description = "Words", Tags = new[] { "Blue" }, Wardrobe = new { MainOutfit = new { Top = new { Color = "rosé", Size = 4 } }, Accessories = new { Other = new[] { "scarf" } } },
            Backgrounds = new { Event = "s3://bucket/b/1.jpg" }, UiElements = new { IconHolder = "s3://bucket/u/1.png" },
        });
        (await Owner.Put($"/episodes/{episode}/script", new { Text = "INT. ROOFTOP – DAWN" })).Expect(HttpStatusCode.OK);
        await Make("/clips", new { EpisodeId = episode, TalentSource = "Lala", ClipType = "raw", FileReference = "s3://bucket/c/1.mov" });
        await Make("/components", new { EpisodeId = episode, Type = "audio", FileReference = "s3://bucket/a/1.mp3" });
        var item = await Make("/wardrobe-items", new { Slot = "shoes", Name = "Pumps", Color = "nude" });
        await Make("/outfits", new { Name = "Evening", Items = new[] { new { ItemId = item } } });
        var guest = await Make("/guests", new { Name = "Sarah Johnson" });
        (await Owner.Post($"/guests/{guest}/consent", new { NoticeVersion = "1" })).Expect(HttpStatusCode.OK);
        await Make("/field-definitions", new { Entity = "episodes", Name = "mood", Type = "text", Purpose = "How it feels" });
        (await Owner.Patch($"/episodes/{episode}", new { CustomFields = new { Mood = "cozy" } })).Expect(HttpStatusCode.OK);
        var gone = await Make("/clips", new { TalentSource = "Lala", ClipType = "raw", FileReference = "s3://bucket/c/2.mov" });
        (await Owner.Delete($"/clips/{gone}?purge=true")).Expect(HttpStatusCode.OK);
    }

    private async Task<Guid> Make(string path, object body) => (await Owner.Post(path, body)).Expect(HttpStatusCode.Created).Id;

    private static async Task<string[]> Read(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        return [.. await connection.QueryAsync<string>(Digests)];
    }

    private static async Task Run(string database, string program, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo(program, ["--host", server.Host!, "--port", $"{server.Port}", "--username", server.Username!, .. arguments]) { RedirectStandardError = true };
        start.Environment["PGPASSWORD"] = server.Password;
        if (program == "pg_dump") start.ArgumentList.Add(server.Database!);
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, errors);
    }
}
