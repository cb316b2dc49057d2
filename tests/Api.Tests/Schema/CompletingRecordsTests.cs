using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Schema;

/// <summary>How complete the records are, and what is missing where.</summary>
internal sealed class CompletingRecordsTests : PlatformFixture
{
    private static readonly string[] Tags = ["fashion"];

    [Test]
    public async Task S3_14_3_the_share_of_complete_episodes_is_told_with_each_field()
    {
        var owner = await Platform.CreateTenant("whole");
        var (show, other) = ((await owner.Post("/shows", new { Title = "One" })).Id, (await owner.Post("/shows", new { Title = "Other" })).Id);
        var whole = (await owner.Post("/episodes", new
        {
            Title = "Whole", ShowId = show, Description = "All of it", EpisodeNumber = 1, FilmingDate = "2026-01-01", PublishDate = "2026-02-01", Tags, ProductionNotes = new { Camera = "Sony" }, Status = "published",
            Wardrobe = new { Shoes = new { Color = "nude" } }, Content = new { Trailer = "s3://trailers/whole.mp4" }, UiElements = new { ComputerMouse = "s3://bucket/ui/mouse.svg" },
            Backgrounds = new { Event = "s3://bucket/backgrounds/roof.jpg" },
        })).Expect(HttpStatusCode.Created).Id;
        (await owner.Put($"/episodes/{whole}/script", new { Text = "Hello" })).Expect(HttpStatusCode.OK);
        var clip = (await owner.Post($"/episodes/{whole}/clips", new { TalentSource = "Lala" })).Id;
        var bare = (await owner.Post("/episodes", new { Title = "Bare", ShowId = show })).Id;
        var emptied = new { Title = "Elsewhere", ShowId = other, Tags, Wardrobe = new { MainOutfit = new { Top = new { } }, Shoes = default(string) }, UiElements = new { ScreenAccessories = new { } }, Backgrounds = new { Event = default(string) } };
        (await owner.Post("/episodes", emptied)).Expect(HttpStatusCode.Created); // documents that say nothing
        var trashed = (await owner.Post("/episodes", new { Title = "Gone", ShowId = show })).Id;
        await owner.Delete($"/episodes/{trashed}");
        await Platform.Stranger.Post("/episodes", new { Title = "Theirs" });

        var all = (await owner.Get("/reports/completeness")).Expect(HttpStatusCode.OK).Data.AsArray();
        Assert.That(all.Select(report => Text(report!, "entity")), Is.EqualTo(new[] { "episodes", "clips", "wardrobe-items", "outfits", "scripts", "people", "sessions", "sets" }));
        Assert.That(Told(all[0]!), Is.EqualTo("1/3 33.3"));
        Assert.That(Told(all[2]!), Is.EqualTo("0/0 "), "of none there is no share");
        Assert.That(Told(all[4]!), Is.EqualTo("0/1 0"));
        Assert.That(Field(all[0]!, "tags"), Is.EqualTo("2 of 3"));
        Assert.That(Field(all[0]!, "script"), Is.EqualTo("1 of 3"));
        foreach (var field in new[] { "clips", "wardrobe", "trailer", "ui_elements", "backgrounds" }) Assert.That(Field(all[0]!, field), Is.EqualTo("1 of 3"), field);
        Assert.That(Field(all[1]!, "talent_source"), Is.EqualTo("1 of 1"));
        Assert.That(Field(all[4]!, "text"), Is.EqualTo("1 of 1"));

        Assert.That(Told((await owner.Get($"/reports/completeness?entity=episodes&show_id={show}")).Data[0]!), Is.EqualTo("1/2 50"));
        Assert.That(Told((await owner.Get("/reports/completeness?entity=episodes&status=published")).Data[0]!), Is.EqualTo("1/1 100"));
        Assert.That((await owner.Get($"/reports/completeness?show_id={show}")).Data.AsArray().Select(report => Text(report!, "entity")), Is.EqualTo(new[] { "episodes", "scripts" }), "the kinds that have a show");
        (await owner.Get($"/reports/completeness?entity=wardrobe-items&show_id={show}")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        (await owner.Get("/reports/completeness?entity=episodes&status=finished")).ExpectProblem(HttpStatusCode.BadRequest, "VALUE_NOT_READABLE");
        (await owner.Get("/reports/completeness?entity=jobs")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_ENTITY");
        (await owner.Get("/reports/completeness?entity=")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_ENTITY");

        await owner.Delete($"/clips/{clip}");
        Assert.That(Told((await owner.Get("/reports/completeness?entity=episodes")).Data[0]!), Is.EqualTo("0/3 0"), "what is in the trash is not there");
        Assert.That(bare, Is.Not.EqualTo(whole));
    }

    [Test]
    public async Task What_is_missing_is_listed_by_pages_with_all_that_each_lacks()
    {
        var owner = await Platform.CreateTenant("missing");
        var show = (await owner.Post("/shows", new { Title = "One" })).Id;
        var ids = new List<Guid>();
        for (var number = 0; number < 5; number++)
            ids.Insert(0, (await owner.Post("/episodes", new { Title = $"Episode {number}", ShowId = show, Description = number == 0 ? "Told" : null, EpisodeNumber = number, Tags, FilmingDate = "2026-01-01", PublishDate = "2026-02-01" })).Id);
        (await owner.Put($"/episodes/{ids[2]}/script", new { Text = "Hello" })).Expect(HttpStatusCode.OK);

        var first = (await owner.Get("/reports/completeness/missing?entity=episodes&missing=script,description&limit=2")).Expect(HttpStatusCode.OK).Json;
        Assert.That(Ids(first["data"]!), Is.EqualTo(new[] { ids[0], ids[1] }));
        Assert.That(first["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(first["data"]![0]!["missing"]!.AsArray().Select(name => name!.GetValue<string>()), Is.EqualTo(new[] { "description", "production_notes", "script", "trailer", "wardrobe", "ui_elements", "backgrounds", "clips" }));
        Assert.That(Text(first["data"]![0]!, "label"), Is.EqualTo("Episode 4"));
        var second = (await owner.Get($"/reports/completeness/missing?entity=episodes&missing=script,description&limit=2&cursor={first["metadata"]!["page"]!["next_cursor"]}")).Data;
        Assert.That(Ids(second), Is.EqualTo(new[] { ids[3] }));
        Assert.That(Ids((await owner.Get($"/reports/completeness/missing?entity=episodes&show_id={show}")).Data), Is.EqualTo(ids), "whoever lacks anything");
        Assert.That(Ids((await owner.Get("/reports/completeness/missing?entity=episodes&status=published")).Data), Is.Empty);

        var refused = (await owner.Get("/reports/completeness/missing?entity=episodes&missing=skript")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        Assert.That(refused.Text, Does.Contain("script"));
        (await owner.Get("/reports/completeness/missing?entity=jobs")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_ENTITY");
        (await owner.Get("/reports/completeness/missing")).ExpectProblem(HttpStatusCode.BadRequest, "MISSING_PARAMETER");
    }

    [Test]
    public async Task What_the_client_requires_counts_as_well()
    {
        var owner = await Platform.CreateTenant("required");
        var old = (await owner.Post("/wardrobe-items", new { Slot = "belt", Name = "Old", Brand = "B", Color = "black", Size = "M", Style = "wide", ImageReference = "s3://wardrobe/belt.jpg" })).Expect(HttpStatusCode.Created).Id;
        Assert.That(Told((await owner.Get("/reports/completeness?entity=wardrobe-items")).Data[0]!), Is.EqualTo("1/1 100"));
        foreach (var (name, required) in new[] { ("fabric", true), ("care", false) })
            (await owner.Post("/field-definitions", new { Entity = "wardrobe-items", Name = name, Purpose = "Told", Type = "text", Required = required })).Expect(HttpStatusCode.Created);
        await owner.Post("/wardrobe-items", new { Slot = "belt", Name = "New", CustomFields = new { Fabric = "silk" } });

        var report = (await owner.Get("/reports/completeness?entity=wardrobe-items")).Data[0]!;
        Assert.That(Told(report), Is.EqualTo("0/2 0"));
        Assert.That(Field(report, "custom_fields.fabric"), Is.EqualTo("1 of 2"));
        Assert.That(report["fields"]!.AsArray().Select(field => Text(field!, "field")), Does.Not.Contain("custom_fields.care"));
        var missing = (await owner.Get("/reports/completeness/missing?entity=wardrobe-items&missing=custom_fields.fabric")).Data;
        Assert.That(Ids(missing), Is.EqualTo(new[] { old }));
        Assert.That(missing[0]!["missing"]!.ToJsonString(), Is.EqualTo("""["custom_fields.fabric"]"""));
        Assert.That((await owner.Get("/reports/completeness/missing?entity=wardrobe-items")).Data.AsArray(), Has.Count.EqualTo(2));
    }

    private static string Told(JsonNode report) => $"{report["complete"]}/{report["total"]} {report["percent"]}";

    private static string Field(JsonNode report, string name)
    {
        var field = report["fields"]!.AsArray().Single(field => Text(field!, "field") == name)!;
        return $"{field["present"]} of {field["present"]!.GetValue<int>() + field["missing"]!.GetValue<int>()}";
    }

    private static Guid[] Ids(JsonNode page) => [.. page.AsArray().Select(row => row!["id"]!.GetValue<Guid>())];

    private static string Text(JsonNode of, string field) => of[field]!.GetValue<string>();
}
