using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>The requirements of the production team that go across the area, each by its number; the others are named in the fixtures of what they are about.</summary>
internal sealed class MeetingRequirementsTests : PlatformFixture
{
    [Test]
    public async Task FR_2_any_field_is_changed_after_it_was_checked_and_the_changed_record_is_answered()
    {
        var made = await AnEpisode(new { Title = "Before", Season = 1 });
        var refused = (await Owner.Patch($"/episodes/{made.Id}", new { Title = "", DurationSeconds = -1 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "title", "duration_seconds" }));

        var changed = (await Owner.Patch($"/episodes/{made.Id}", new { Title = "After", Wardrobe = new { Shoes = new { Color = "nude" } }, Status = "in-production" })).Expect(HttpStatusCode.OK).Data;

        Assert.That((changed["id"]!.GetValue<Guid>(), changed["title"]!.GetValue<string>(), changed["season"]!.GetValue<int>(), changed["status"]!.GetValue<string>()), Is.EqualTo((made.Id, "After", 1, "in_production")));
        Assert.That(changed["updated_at"]!.GetValue<DateTimeOffset>(), Is.GreaterThan(made.Data["updated_at"]!.GetValue<DateTimeOffset>()));
        Assert.That(changed["created_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(made.Data["created_at"]!.GetValue<DateTimeOffset>()));
    }

    [Test]
    public async Task FR_3_an_episode_is_read_whole_by_its_id_and_one_that_is_not_there_is_404()
    {
        var made = await AnEpisode(new { Title = "Whole", Backgrounds = new { Event = "s3://bucket/fr3.jpg" }, GuestInfo = new { Name = "Sarah Johnson" }, ProductionNotes = new { CameraSetup = "Sony A7S III, 24-70mm f/2.8" } });

        Assert.That(JsonNode.DeepEquals((await Owner.Get($"/episodes/{made.Id}")).Data, made.Data));
        (await Owner.Get($"/episodes/{Guid.NewGuid()}")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        (await Platform.Stranger.Get($"/episodes/{made.Id}")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
    }

    [Test]
    public async Task FR_4_episodes_are_listed_by_pages_filters_and_sorts_with_their_total()
    {
        var show = (await Owner.Post("/shows", new { Title = "FR 4" })).Id;
        for (var day = 1; day <= 5; day++) await AnEpisode(new { Title = $"Day {day}", ShowId = show, PublishDate = $"2030-01-0{day}", Status = day == 5 ? "draft" : "published" });

        var first = await Owner.Get($"/episodes?show_id={show}&status=published&publish_date[between]=2030-01-01,2030-01-09&sort=-publish_date&limit=3&count=exact");
        var page = first.Json["metadata"]!["page"]!;
        var second = await Owner.Get($"/episodes?show_id={show}&status=published&publish_date[between]=2030-01-01,2030-01-09&sort=-publish_date&limit=3&count=exact&cursor={page["next_cursor"]}");

        Assert.That(page["total"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(first.Data.AsArray().Concat(second.Data.AsArray()).Select(one => one!["title"]!.GetValue<string>()), Is.EqualTo(new[] { "Day 4", "Day 3", "Day 2", "Day 1" }));
        Assert.That(second.Json["metadata"]!["page"]!["next_cursor"], Is.Null);
    }

    [Test]
    public async Task FR_5_a_deletion_is_soft_takes_what_belongs_to_it_along_and_says_so()
    {
        var made = await AnEpisode(new { Title = "Deleted", Wardrobe = new { Notes = "kept" }, Backgrounds = new { Event = "s3://bucket/fr5.jpg" } });
        var clip = (await Owner.Post($"/episodes/{made.Id}/clips", new { Notes = "goes along" })).Id;
        var component = (await Owner.Post("/components", new { EpisodeId = made.Id, Type = "audio", FileReference = "s3://bucket/fr5.mp3" })).Expect(HttpStatusCode.Created).Id;

        var deleted = (await Owner.Delete($"/episodes/{made.Id}?reason=wrong take")).Expect(HttpStatusCode.OK).Data;

        Assert.That((deleted["clips"]!.GetValue<int>(), deleted["components"]!.GetValue<int>()), Is.EqualTo((1, 1)));
        foreach (var path in new[] { $"/episodes/{made.Id}", $"/clips/{clip}", $"/components/{component}" })
            Assert.That((await Owner.Get(path)).Status, Is.EqualTo(HttpStatusCode.Gone), path);
        var back = (await Owner.Post($"/episodes/{made.Id}/restore")).Expect(HttpStatusCode.OK).Data;
        Assert.That(JsonNode.DeepEquals(back["wardrobe"], made.Data["wardrobe"]));
        Assert.That((await Owner.Get($"/episodes/{made.Id}/clips")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await Owner.Get($"/episodes/{made.Id}/components")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task FR_7_wardrobe_UI_elements_and_backgrounds_are_changed_one_by_one_and_read_together()
    {
        var episode = (await AnEpisode(new { Title = "FR 7" })).Id;
        (await Owner.Put($"/episodes/{episode}/wardrobe", new { MainOutfit = new { OutfitType = "dress", Dress = new { Style = "slip", Color = "gold" } }, Purse = new { Style = "clutch" } })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/episodes/{episode}/ui-elements", new { ComputerMouse = "s3://bucket/fr7.svg" })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/episodes/{episode}/backgrounds", new { Photoshoot = "s3://bucket/fr7.jpg" })).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/episodes/{episode}", new { Wardrobe = new { Purse = new { Color = "black" } } })).Expect(HttpStatusCode.OK);

        var assets = (await Owner.Get($"/episodes/{episode}?_fields=wardrobe,ui_elements,backgrounds")).Data;

        Assert.That(JsonNode.DeepEquals(assets, JsonNode.Parse("""
            {
              "wardrobe": { "main_outfit": { "outfit_type": "dress", "dress": { "style": "slip", "color": "gold" } }, "purse": { "style": "clutch", "color": "black" } },
              "ui_elements": { "computer_mouse": "s3://bucket/fr7.svg" },
              "backgrounds": { "photoshoot": "s3://bucket/fr7.jpg" }
            }
            """)), assets.ToJsonString());
    }

    [Test]
    public async Task FR_9_episodes_are_found_by_outfit_background_and_accessory_and_come_whole()
    {
        var made = await AnEpisode(new { Title = "FR 9", Wardrobe = new { MainOutfit = new { Top = new { Color = "fr9-teal" } }, Accessories = new { Belt = "fr9 braided", Other = new[] { "fr9 parasol" } } }, Backgrounds = new { Event = "s3://bucket/fr9-roof.jpg" } });

        foreach (var query in new[]
                 {
                     "wardrobe.main_outfit.top.color=fr9-teal", "wardrobe.top.color[in]=fr9-teal,other", "wardrobe.accessories.belt[icontains]=BRAIDED&wardrobe.accessories.belt[starts_with]=fr9",
                     "wardrobe.accessories.other[any]=fr9 parasol", "background=fr9-roof", "background=s3://bucket/fr9-roof.jpg", "backgrounds.event=s3://bucket/fr9-roof.jpg",
                 })
        {
            var found = (await Owner.Get($"/episodes/search?{query}")).Data.AsArray();
            Assert.That(found, Has.Count.EqualTo(1), query);
            Assert.That(JsonNode.DeepEquals(found[0], made.Data), query);
        }
    }

    [Test]
    public async Task FR_14_episodes_are_made_and_changed_many_at_once_with_a_status_for_each()
    {
        var there = await AnEpisode(new { Title = "There" });
        var batch = (await Owner.Post("/episodes/batch", new
        {
            Operations = new object[]
            {
                new { Op = "create", Body = new { Title = "Made", Wardrobe = new { Shoes = new { Color = "red" } } } },
                new { Op = "update", Id = there.Id, Body = new { Backgrounds = new { Event = "s3://bucket/fr14.jpg" } } },
                new { Op = "create", Body = new { Title = "Refused", Wardrobe = new { Shoes = "red" } } },
            },
        })).Expect(HttpStatusCode.MultiStatus);

        Assert.That(batch.Data["items"]!.AsArray().Select(item => item!["status"]!.GetValue<int>()), Is.EqualTo(new[] { 201, 200, 422 }));
        Assert.That(batch.Data["items"]![2]!["errors"]![0]!["field"]!.GetValue<string>(), Does.EndWith("wardrobe.shoes"));
        Assert.That((await Owner.Get($"/episodes/{there.Id}")).Data["backgrounds"]!["event"]!.GetValue<string>(), Is.EqualTo("s3://bucket/fr14.jpg"));
    }

    [Test]
    public async Task FR_15_conditions_are_combined_in_trees_and_fields_are_picked_at_any_depth()
    {
        var red = await AnEpisode(new { Title = "FR 15 red", DurationSeconds = 1_700, Wardrobe = new { Shoes = new { Color = "fr15-red", Brand = "A" } } });
        var blue = await AnEpisode(new { Title = "FR 15 blue", DurationSeconds = 1_900, Wardrobe = new { Shoes = new { Color = "fr15-blue", Brand = "B" } } });

        var found = (await Owner.Post("/episodes/query", JsonNode.Parse("""
            { "where": { "and": [
                { "or": [ { "field": "wardrobe.shoes.color", "op": "eq", "value": "fr15-red" }, { "field": "wardrobe.shoes.color", "op": "eq", "value": "fr15-blue" } ] },
                { "not": { "field": "duration_seconds", "op": "lt", "value": 1800 } } ] } }
            """)!)).Expect(HttpStatusCode.OK).Data.AsArray();
        Assert.That(found.Select(one => one!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { blue.Id }));

        var picked = (await Owner.Get($"/episodes?id={red.Id}&title[contains]=red&duration_seconds[gt]=1600&_fields=title,wardrobe.shoes.brand")).Data[0]!;
        Assert.That(picked.ToJsonString(), Is.EqualTo("""{"title":"FR 15 red","wardrobe":{"shoes":{"brand":"A"}}}"""));
    }

    [Test]
    public async Task Use_case_5_a_writer_gets_the_file_of_the_current_script()
    {
        var episode = (await AnEpisode(new { Title = "UC 5", Content = new { Script = "s3://bucket/scripts/ep_abc123_v1.pdf" } })).Id;
        (await Owner.Patch($"/episodes/{episode}", new { Content = new { Script = "s3://bucket/scripts/ep_abc123_v2.pdf" } })).Expect(HttpStatusCode.OK);

        Assert.That((await Owner.Get($"/episodes/{episode}/script")).Data["file_reference"]!.GetValue<string>(), Is.EqualTo("s3://bucket/scripts/ep_abc123_v2.pdf"));
    }

    private async Task<Reply> AnEpisode(object body) => (await Owner.Post("/episodes", body)).Expect(HttpStatusCode.Created);
}
