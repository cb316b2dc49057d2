using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>What is worn in an episode: as a document, or as outfits of the catalogue; and when it is worn again.</summary>
internal sealed class DressingEpisodesTests : PlatformFixture
{
    private static readonly string[] Champagne = ["champagne"];

    [Test]
    public async Task What_is_worn_is_found_whichever_way_its_accents_are_written()
    {
        var (one, two) = ((await Owner.Post("/episodes", new { Title = "Composed", CustomFields = new { Tone = "pe\u0301rle" } })).Id, (await Owner.Post("/episodes", new { Title = "Decomposed" })).Id);
        (await Owner.Put($"/episodes/{one}/wardrobe", new { Shoes = new { Color = "pe\u0301rle", ImageReference = "s3://bucket/pe\u0301rle.jpg" } })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/episodes/{two}/wardrobe", new { Shoes = new { Color = "pérle" } })).Expect(HttpStatusCode.OK);

        foreach (var asked in new[] { "p%C3%A9rle", "pe%CC%81rle" })
        {
            Assert.That((await Owner.Get($"/episodes?wardrobe.shoes.color={asked}")).Data.AsArray().Select(episode => episode!["id"]!.GetValue<Guid>()), Is.EquivalentTo(new[] { one, two }), asked);
            Assert.That((await Owner.Get($"/episodes?custom_fields.tone={asked}")).Data.AsArray(), Has.Count.EqualTo(1), asked);
        }

        Assert.That((await Owner.Get($"/episodes/{one}/wardrobe")).Data["shoes"]!["image_reference"]!.GetValue<string>(), Is.EqualTo("s3://bucket/pe\u0301rle.jpg"), "the name of an object stays");
    }

    [Test]
    public async Task A_document_is_read_back_as_it_was_written_and_is_part_of_the_episode()
    {
        var episode = await AnEpisode("Document");
        var document = Appendix();

        var written = (await Owner.Put($"/episodes/{episode}/wardrobe", document)).Expect(HttpStatusCode.OK);

        Assert.Multiple(async () =>
        {
            Assert.That(JsonNode.DeepEquals(written.Data, document), written.Data.ToJsonString());
            Assert.That(JsonNode.DeepEquals((await Owner.Get($"/episodes/{episode}/wardrobe")).Data, document));
            Assert.That(JsonNode.DeepEquals((await Owner.Get($"/episodes/{episode}")).Data["wardrobe"], document));
        });
        var again = (await Owner.Put($"/episodes/{episode}/wardrobe", document)).Expect(HttpStatusCode.OK);
        Assert.That(again.Tag, Is.EqualTo(written.Tag), "nothing was changed");
    }

    [Test]
    public async Task The_full_record_of_an_episode_is_put_and_read_back()
    {
        var record = new JsonObject
        {
            ["title"] = "New Year Style Reset", ["description"] = "Kick off the new year with a fresh approach to your wardrobe", ["status"] = "published", ["duration_seconds"] = 1800,
            ["release_date"] = "2026-01-15", ["filming_date"] = "2025-12-31", ["tags"] = new JsonArray("fashion", "new year"), ["language"] = "en-US", ["copyright"] = "© 2026 JustAWomanInHerPrime",
            ["content"] = new JsonObject { ["script"] = "s3://bucket/scripts/ep_abc123_final.pdf", ["trailer"] = "s3://bucket/trailers/ep_abc123_trailer.mp4" },
            ["wardrobe"] = Appendix(),
            ["guest_info"] = new JsonObject { ["name"] = "Sarah Johnson", ["role"] = "Celebrity Stylist", ["bio_url"] = "https://example.com/guests/sarah-johnson" },
            ["production_notes"] = new JsonObject { ["color_palette"] = new JsonArray("champagne", "black"), ["mood_board"] = "s3://bucket/production/ep_abc123_mood_board.pdf" },
        };

        var made = (await Owner.Post("/episodes", record)).Expect(HttpStatusCode.Created);
        foreach (var (name, value) in record) Assert.That(JsonNode.DeepEquals(made.Data[name], value), $"{name}: {made.Data[name]?.ToJsonString()}");

        var put = (await Owner.Put($"/episodes/{made.Id}", made.Data)).Expect(HttpStatusCode.OK);
        Assert.That(put.Tag, Is.EqualTo(made.Tag), "what was read is put back and changes nothing");
        Assert.That((await Owner.Get($"/episodes/{made.Id}/script")).Data["file_reference"]!.GetValue<string>(), Is.EqualTo("s3://bucket/scripts/ep_abc123_final.pdf"));
        Assert.That((await Owner.Get($"/episodes/{made.Id}/script/versions")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_script_in_the_record_is_a_new_version_and_none_leaves_it_as_it_is()
    {
        var episode = await AnEpisode("Script", new { Script = "s3://bucket/scripts/one.pdf" });

        (await Owner.Patch($"/episodes/{episode}", new { Content = new { Script = "s3://bucket/scripts/two.pdf" } })).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/episodes/{episode}", new { Content = (object?)null })).Expect(HttpStatusCode.OK);

        var script = (await Owner.Get($"/episodes/{episode}/script")).Data;
        Assert.That(script["versions"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That((await Owner.Get($"/episodes/{episode}")).Data["content"]!["script"]!.GetValue<string>(), Is.EqualTo("s3://bucket/scripts/two.pdf"));

        (await Owner.Post($"/episodes/{episode}/script/versions/1/activate")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/episodes/{episode}")).Data["content"]!["script"]!.GetValue<string>(), Is.EqualTo("s3://bucket/scripts/one.pdf"));
    }

    [Test]
    public async Task A_document_that_fails_in_its_last_piece_names_it_and_changes_nothing()
    {
        var episode = await AnEpisode("Whole");
        var item = await AnItem("shoes", "Pumps");
        (await Owner.Put($"/episodes/{episode}/wardrobe", Appendix())).Expect(HttpStatusCode.OK);
        var before = (await Owner.Get($"/episodes/{episode}")).Tag;
        var foreign = (await Platform.Stranger.Post("/wardrobe-items", new { Slot = "purse", Name = "Theirs" })).Id;
        var trashed = await AnItem("belt", "Gone");
        await Owner.Delete($"/wardrobe-items/{trashed}");

        foreach (var (document, field, code) in new (object, string, string)[]
                 {
                     (new { Shoes = new { ItemId = item }, Purse = new { ItemId = foreign } }, "wardrobe.purse.item_id", "WARDROBE_ITEM_NOT_FOUND"),
                     (new { Shoes = new { ItemId = item }, Accessories = new { Belt = new { ItemId = trashed } } }, "wardrobe.accessories.belt.item_id", "WARDROBE_ITEM_NOT_FOUND"),
                     (new { Shoes = new { ItemId = item }, Hat = "none" }, "wardrobe.hat", "VALIDATION_ERROR"),
                     (new { MainOutfit = new { Top = "blouse" } }, "wardrobe.main_outfit.top", "VALIDATION_ERROR"),
                     (new { MainOutfit = new { Tpo = new { } } }, "wardrobe.main_outfit.tpo", "VALIDATION_ERROR"),
                     (new { Accessories = new { Jewelry = new { Rings = 5 } } }, "wardrobe.accessories.jewelry.rings", "VALIDATION_ERROR"),
                     (new { Accessories = new { Other = new object[] { "scarf", new { Style = new { } } } } }, "wardrobe.accessories.other[1].style", "VALIDATION_ERROR"),
                     (new { Shoes = new { ItemId = "nope" } }, "wardrobe.shoes.item_id", "VALIDATION_ERROR"),
                     (new { OutfitId = Guid.NewGuid() }, "wardrobe.outfit_id", "OUTFIT_NOT_FOUND"),
                 })
        {
            var refused = (await Owner.Put($"/episodes/{episode}/wardrobe", document)).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
            Assert.That(refused.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo(field));
        }

        Assert.That((await Owner.Get($"/episodes/{episode}")).Tag, Is.EqualTo(before));
        Assert.That((await Owner.Get($"/episodes/{episode}/outfits")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_outfit_is_put_on_as_it_is_and_stays_so_until_it_is_refreshed()
    {
        var (top, shoes, ring, band) = (await AnItem("top", "Silk blouse", new { Color = "champagne", Brand = "Equipment", Size = "M" }), await AnItem("shoes", "So Kate", new { Color = "nude", Attributes = new { HeelHeight = "4 inches", Care = new { } } }), await AnItem("rings", "Midi ring"), await AnItem("rings", "Band"));
        var outfit = await AnOutfit("Champagne", new { OutfitType = "separates", WornBy = "Lala", Items = new object[] { new { ItemId = top, Notes = "French tuck" }, new { ItemId = shoes }, new { ItemId = ring }, new { ItemId = band } } });
        var episode = await AnEpisode("Outfit");

        var worn = (await Owner.Put($"/episodes/{episode}/wardrobe", new { OutfitId = outfit })).Expect(HttpStatusCode.OK).Data;

        Assert.That(worn["outfit_id"]!.GetValue<Guid>(), Is.EqualTo(outfit));
        Assert.That(worn["main_outfit"]!["outfit_type"]!.GetValue<string>(), Is.EqualTo("separates"));
        Assert.That(worn["main_outfit"]!["top"]!.ToJsonString(), Is.EqualTo(JsonNode.Parse($$"""{ "name": "Silk blouse", "size": "M", "brand": "Equipment", "color": "champagne", "notes": "French tuck", "item_id": "{{top}}" }""")!.ToJsonString()).Or.Contain("French tuck"));
        Assert.That(worn["shoes"]!["heel_height"]!.GetValue<string>(), Is.EqualTo("4 inches"));
        Assert.That(worn["accessories"]!["jewelry"]!["rings"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "Midi ring", "Band" }));

        (await Owner.Patch($"/wardrobe-items/{top}", new { Color = "gold" })).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/outfits/{outfit}", new { Pattern = "striped" })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/episodes/{episode}/wardrobe")).Data["main_outfit"]!["top"]!["color"]!.GetValue<string>(), Is.EqualTo("champagne"), "history is not rewritten");
        Assert.That((await Owner.Get($"/episodes/{episode}/outfits")).Data[0]!["is_outdated"]!.GetValue<bool>());
        (await Owner.Put($"/episodes/{episode}", (await Owner.Get($"/episodes/{episode}")).Data)).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/episodes/{episode}/wardrobe")).Data["main_outfit"]!["top"]!["color"]!.GetValue<string>(), Is.EqualTo("champagne"), "what was read is put back");

        (await Owner.Patch($"/episodes/{episode}", new { Wardrobe = new { Shoes = new { Color = "ecru" } } })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/episodes/{episode}/outfits")).Data[0]!["is_outdated"]!.GetValue<bool>(), "a change of what is worn takes nothing over");

        var fresh = (await Owner.Post($"/episodes/{episode}/outfits/{outfit}/refresh")).Expect(HttpStatusCode.OK).Data;
        Assert.That(fresh["is_outdated"]!.GetValue<bool>(), Is.False);
        Assert.That(fresh["worn_by"]!.GetValue<string>(), Is.EqualTo("Lala"));
        var now = (await Owner.Get($"/episodes/{episode}")).Data["wardrobe"]!["main_outfit"]!;
        Assert.That((now["top"]!["color"]!.GetValue<string>(), now["pattern"]!.GetValue<string>()), Is.EqualTo(("gold", "striped")));
    }

    [Test]
    public async Task A_document_names_items_of_the_catalogue_and_patches_its_pieces()
    {
        var shoes = await AnItem("shoes", "Mules", new { Color = "red", Brand = "Gucci" });
        var episode = await AnEpisode("Pieces");

        (await Owner.Put($"/episodes/{episode}/wardrobe", new { Shoes = new { ItemId = shoes }, MainOutfit = new { Dress = new { Style = "slip" } } })).Expect(HttpStatusCode.OK);
        var patched = (await Owner.Patch($"/episodes/{episode}", new { Wardrobe = new { Shoes = new { Color = "wine", Brand = (string?)null } } })).Expect(HttpStatusCode.OK).Data["wardrobe"]!;

        Assert.That(patched["shoes"]!["name"]!.GetValue<string>(), Is.EqualTo("Mules"));
        Assert.That(patched["shoes"]!["color"]!.GetValue<string>(), Is.EqualTo("wine"));
        Assert.That(patched["shoes"]!["brand"], Is.Null, "what was taken out is not filled in again");
        Assert.That(patched["main_outfit"]!["dress"]!["style"]!.GetValue<string>(), Is.EqualTo("slip"));
        Assert.That((await Owner.Get($"/wardrobe-items/{shoes}/usage")).Data["episodes"]!.AsArray().Select(one => one!["episode_id"]!.GetValue<Guid>()), Is.EqualTo(new[] { episode }));
    }

    [Test]
    public async Task An_outfit_that_says_more_than_a_document_may_is_worn_and_leaves_the_episode_open()
    {
        var scarf = await AnItem("scarf", "Long", new { Attributes = new Dictionary<string, object> { ["story"] = new string('s', 30_000), ["x.item_id"] = "none" } });
        var rings = new List<object> { new { ItemId = scarf } };
        for (var i = 0; i < 55; i++) rings.Add(new { ItemId = await AnItem("rings", $"Ring {i}", new { Brand = i == 54 ? "Maison 55" : "Many" }) });
        var outfit = await AnOutfit("Much", new { Items = rings });
        var episode = await AnEpisode("Much", outfit: outfit);

        (await Owner.Patch($"/episodes/{episode}", new { Title = "Still open", Status = "published" })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/episodes/{episode}", (await Owner.Get($"/episodes/{episode}")).Data)).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/episodes/{episode}", new { Wardrobe = new { Notes = "changed" } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That((await Owner.Get($"/episodes?id={episode}&wardrobe.accessories.jewelry.rings.brand=Maison 55")).Data.AsArray(), Has.Count.EqualTo(1), "a piece among several is found as one alone");
    }

    [Test]
    public async Task A_document_in_another_script_is_as_long_as_its_letters()
    {
        var episode = await AnEpisode("服装");
        (await Owner.Put($"/episodes/{episode}/wardrobe", new { Notes = new string('裙', 15_000), Shoes = new { Notes = new string('鞋', 15_000) }, Purse = new { Notes = new string('包', 15_000) } })).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/episodes/{episode}", new { GuestInfo = new { Bio = new string('客', 15_000) } })).Expect(HttpStatusCode.OK);

        (await Owner.Patch($"/episodes/{episode}", new { Title = "裙" })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Another_outfit_by_a_patch_leaves_nothing_of_the_one_before()
    {
        var (first, second) = (await AnOutfit("First", new { Items = new[] { new { ItemId = await AnItem("top", "A") } } }), await AnOutfit("Second", new { Items = new[] { new { ItemId = await AnItem("dress", "B") } } }));
        var episode = await AnEpisode("Change");
        (await Owner.Put($"/episodes/{episode}/wardrobe", new { OutfitId = first })).Expect(HttpStatusCode.OK);

        var worn = (await Owner.Patch($"/episodes/{episode}", new { Wardrobe = new { OutfitId = second } })).Expect(HttpStatusCode.OK).Data["wardrobe"]!;

        Assert.That(worn["main_outfit"]!["top"], Is.Null);
        Assert.That(worn["main_outfit"]!["dress"]!["name"]!.GetValue<string>(), Is.EqualTo("B"));
    }

    [Test]
    public async Task Several_outfits_are_worn_in_an_order_and_any_of_them_is_found()
    {
        var (day, night, rain) = (await AnOutfit("Day", new { Items = new[] { new { ItemId = await AnItem("top", "Tee", new { Color = "mint-77" }) } } }), await AnOutfit("Night", new { Items = new[] { new { ItemId = await AnItem("shoes", "Heels", new { Color = "onyx-77", Brand = "Maison 77" }) } } }), await AnOutfit("Rain", new { Items = new[] { new { ItemId = await AnItem("outerwear", "Coat") } } }));
        var episode = await AnEpisode("Several");
        foreach (var outfit in new[] { day, night }) (await Owner.Post($"/episodes/{episode}/outfits", new { OutfitId = outfit, Scene = "Scene" })).Expect(HttpStatusCode.Created);
        (await Owner.Post($"/episodes/{episode}/outfits", new { OutfitId = rain, Place = 1, WornBy = "Ann" })).Expect(HttpStatusCode.Created);
        (await Owner.Post($"/episodes/{episode}/outfits", new { OutfitId = rain })).ExpectProblem(HttpStatusCode.Conflict, "OUTFIT_WORN_ALREADY");

        Assert.That(await Names(episode), Is.EqualTo(new[] { "Day", "Rain", "Night" }));
        foreach (var path in new[] { "/episodes", "/episodes/search" })
        {
            foreach (var query in new[]
                     {
                         "wardrobe.top.color=mint-77", "wardrobe.main_outfit.top.color=mint-77", "wardrobe.shoes.color=onyx-77", "wardrobe.shoes.brand[in]=x,Maison 77", "wardrobe.shoes.brand[icontains]=maison 7",
                         "wardrobe.shoes.color[starts_with]=onyx-77&wardrobe.outerwear.name=Coat",
                     })
                Assert.That((await Owner.Get($"{path}?{query}")).Data.AsArray().Select(one => one!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { episode }), $"{path} {query}");
            Assert.That((await Owner.Get($"{path}?id={episode}&wardrobe.shoes.color[ne]=onyx-77")).Data.AsArray(), Is.Empty);
        }

        (await Owner.Patch($"/episodes/{episode}/outfits/{night}", new { Place = 0, WornBy = "Bea" })).Expect(HttpStatusCode.OK);
        Assert.That(await Names(episode), Is.EqualTo(new[] { "Night", "Day", "Rain" }));
        Assert.That((await Owner.Get($"/episodes/{episode}/wardrobe")).Data["shoes"]!["color"]!.GetValue<string>(), Is.EqualTo("onyx-77"));
        Assert.That((await Owner.Get($"/episodes?wardrobe.top.color=mint-77&id={episode}")).Data.AsArray(), Has.Count.EqualTo(1));

        var left = (await Owner.Delete($"/episodes/{episode}/outfits/{night}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(left.AsArray().Select(one => one!["outfit_name"]!.GetValue<string>()), Is.EqualTo(new[] { "Day", "Rain" }));
        Assert.That((await Owner.Get($"/episodes?wardrobe.shoes.color=onyx-77")).Data.AsArray(), Is.Empty);
        (await Owner.Put($"/episodes/{episode}/wardrobe", new { })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/episodes/{episode}/outfits")).Data.AsArray(), Is.Empty);
        Assert.That((await Owner.Get($"/episodes?wardrobe.outerwear.name=Coat&id={episode}")).Data.AsArray(), Is.Empty);
    }

    [Test]
    public async Task An_outfit_in_the_trash_or_of_another_tenant_is_not_put_on()
    {
        var episode = await AnEpisode("Not");
        var trashed = await AnOutfit("Gone");
        var theirs = (await Platform.Stranger.Post("/outfits", new { Name = "Theirs" })).Id;
        (await Owner.Delete($"/outfits/{trashed}")).Expect(HttpStatusCode.OK);

        (await Owner.Post($"/episodes/{episode}/outfits", new { OutfitId = trashed })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "OUTFIT_IN_TRASH");
        (await Owner.Put($"/episodes/{episode}/wardrobe", new { OutfitId = trashed })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "OUTFIT_IN_TRASH");
        (await Owner.Post($"/episodes/{episode}/outfits", new { OutfitId = theirs })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "OUTFIT_NOT_FOUND");
        (await Owner.Patch($"/episodes/{episode}/outfits/{theirs}", new { Scene = "x" })).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_OUTFIT_NOT_FOUND");
    }

    [Test]
    public async Task What_is_worn_again_too_soon_is_told_when_it_is_planned()
    {
        var (ring, coat) = (await AnItem("rings", "Signet"), await AnItem("outerwear", "Trench"));
        var (first, second) = (await AnOutfit("One", new { Items = new[] { new { ItemId = ring }, new { ItemId = coat } } }), await AnOutfit("Two", new { Items = new[] { new { ItemId = ring } } }));
        var aired = await AnEpisode("Aired", publishDate: "2031-03-01", outfit: first);
        var canceled = await AnEpisode("Canceled", publishDate: "2031-03-02", outfit: first, status: "canceled");
        var soon = await AnEpisode("Soon", publishDate: "2031-03-30");
        var later = await AnEpisode("Later", publishDate: "2031-03-31");
        var undated = await AnEpisode("Undated");

        var told = (await Owner.Post($"/episodes/{soon}/outfits", new { OutfitId = first })).Expect(HttpStatusCode.Created);
        Assert.That(Warnings(told), Is.EqualTo(new[] { $"OUTFIT_WORN_RECENTLY {aired}" }));
        Assert.That((string?)told.Json["metadata"]!["warnings"]![0]!["message"], Is.EqualTo("The outfit is worn in other episodes within the 30 days of cool-down, the nearest on 2031-03-01."));
        Assert.That(Warnings(await Owner.Put($"/episodes/{later}/wardrobe", new { OutfitId = second })), Is.EqualTo(new[] { $"ITEMS_WORN_RECENTLY {soon}" }), "the thirtieth day is free again");
        Assert.That(Warnings(await Owner.Post($"/episodes/{undated}/outfits", new { OutfitId = first })), Is.Empty);

        var conflicts = (await Owner.Get($"/outfits/{second}/conflicts?date=2031-03-01")).Data.AsArray();
        Assert.That(conflicts.Select(one => (one!["episode_id"]!.GetValue<Guid>(), one["days_apart"]!.GetValue<int>(), one["is_same_outfit"]!.GetValue<bool>(), one["shared_item_ids"]![0]!.GetValue<Guid>())),
            Is.EqualTo(new[] { (aired, 0, false, ring), (soon, 29, false, ring) }));
        Assert.That((await Owner.Get($"/outfits/{first}/conflicts?episode_id={soon}&cool_down_days=29")).Data.AsArray().Select(one => one!["episode_id"]!.GetValue<Guid>()), Is.EqualTo(new[] { later }));
        Assert.That((await Owner.Get($"/episodes/{soon}/outfits/conflicts")).Data.AsArray().Select(one => one!["episode_id"]!.GetValue<Guid>()), Is.EqualTo(new[] { later, aired }));
        (await Owner.Get($"/outfits/{first}/conflicts")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "WEAR_DATE_UNKNOWN");
        (await Owner.Get($"/outfits/{first}/conflicts?episode_id={undated}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "WEAR_DATE_UNKNOWN");
        (await Owner.Get($"/outfits/{first}/conflicts?episode_id={Guid.NewGuid()}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EPISODE_NOT_FOUND");

        var history = (await Owner.Get($"/outfits/{first}/history")).Data.AsArray().Select(one => one!["episode_id"]!.GetValue<Guid>());
        Assert.That(history, Is.EqualTo(new[] { soon, canceled, aired, undated }));
        Assert.That((await Owner.Get($"/outfits/{first}")).Data["times_worn"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That((await Owner.Get($"/wardrobe-items/{ring}/usage")).Data["outfits"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "One", "Two" }));
        (await Owner.Delete($"/episodes/{aired}")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/outfits/{first}")).Data["times_worn"]!.GetValue<int>(), Is.EqualTo(3));
    }

    [Test]
    public async Task An_outfit_has_each_item_once_and_one_for_each_garment()
    {
        var (tee, blouse, ring) = (await AnItem("top", "Tee"), await AnItem("top", "Blouse"), await AnItem("rings", "Ring"));
        async Task Refused(string code, string field, params object[] items)
        {
            var refused = (await Owner.Post("/outfits", new { Name = "Refused", Items = items })).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
            Assert.That(refused.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo(field));
        }

        await Refused("OUTFIT_SLOT_TAKEN", "items[1].slot", new { ItemId = tee }, new { ItemId = blouse });
        await Refused("OUTFIT_ITEM_TWICE", "items[1].item_id", new { ItemId = ring }, new { ItemId = ring });
        await Refused("WARDROBE_ITEM_NOT_FOUND", "items[1].item_id", new { ItemId = ring }, new { ItemId = Guid.NewGuid() });

        var layered = await AnOutfit("Layered", new { Items = new object[] { new { ItemId = tee }, new { ItemId = blouse, Slot = "outerwear" } } });
        Assert.That((await Owner.Get($"/outfits?q=blouse layered")).Data.AsArray().Select(one => one!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { layered }));
        (await Owner.Patch($"/wardrobe-items/{blouse}", new { Name = "Kimono" })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/outfits?q=kimono layered")).Data.AsArray(), Has.Count.EqualTo(1), "an outfit is found by what its items are called now");
    }

    [Test]
    public async Task An_item_that_is_purged_leaves_its_outfits_and_stays_in_what_was_worn()
    {
        var (tee, ring) = (await AnItem("top", "Old tee"), await AnItem("rings", "Old ring"));
        var outfit = await AnOutfit("Purged", new { Items = new[] { new { ItemId = tee }, new { ItemId = ring } } });
        var episode = await AnEpisode("Purged", outfit: outfit);
        var before = (await Owner.Get($"/outfits/{outfit}")).Data["version"]!.GetValue<int>();

        var purged = (await Owner.Delete($"/wardrobe-items/{tee}?purge=true")).Expect(HttpStatusCode.OK).Data;

        Assert.That(purged["outfits"]!.GetValue<int>(), Is.EqualTo(1));
        var after = (await Owner.Get($"/outfits/{outfit}")).Data;
        Assert.That(after["items"]!.AsArray().Select(one => one!["item_id"]!.GetValue<Guid>()), Is.EqualTo(new[] { ring }));
        Assert.That(after["version"]!.GetValue<int>(), Is.EqualTo(before + 1));
        Assert.That((await Owner.Get($"/episodes/{episode}/wardrobe")).Data["main_outfit"]!["top"]!["name"]!.GetValue<string>(), Is.EqualTo("Old tee"));

        (await Owner.Delete($"/outfits/{outfit}?purge=true")).Expect(HttpStatusCode.OK);
        var worn = (await Owner.Get($"/episodes/{episode}/outfits")).Data[0]!;
        Assert.That(worn["outfit_id"], Is.Null);
        (await Owner.Post($"/episodes/{episode}/outfits/{worn["id"]}/refresh")).ExpectProblem((HttpStatusCode)423, "EPISODE_OUTFIT_WITHOUT_OUTFIT");
        (await Owner.Patch($"/episodes/{episode}", new { Wardrobe = new { Notes = "worn with care" } })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Whoever_has_seen_another_version_of_the_episode_changes_nothing_that_is_worn()
    {
        var outfit = await AnOutfit("Stale");
        var episode = await AnEpisode("Stale");
        var seen = (await Owner.Get($"/episodes/{episode}")).Tag;
        (await Owner.Post($"/episodes/{episode}/outfits", new { OutfitId = outfit }, ("If-Match", seen))).Expect(HttpStatusCode.Created);

        (await Owner.Put($"/episodes/{episode}/wardrobe", Appendix(), ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Patch($"/episodes/{episode}/outfits/{outfit}", new { Scene = "x" }, ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Delete($"/episodes/{episode}/outfits/{outfit}", ("If-Match", seen))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
    }

    [Test]
    public async Task Two_that_put_the_same_outfit_on_at_once_wear_it_once()
    {
        var outfit = await AnOutfit("Race");
        var episode = await AnEpisode("Race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Owner.Post($"/episodes/{episode}/outfits", new { OutfitId = outfit })));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Conflict), Is.EqualTo(7));
        Assert.That((await Owner.Get($"/episodes/{episode}/outfits")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Use_cases_1_and_6_find_episodes_by_the_color_of_a_top_and_by_the_brand_of_shoes()
    {
        var published = (await Owner.Post("/episodes", new { Title = "UC", Status = "published", Wardrobe = Appendix() })).Expect(HttpStatusCode.Created).Id;
        await Owner.Post("/episodes", new { Title = "UC draft", Wardrobe = Appendix() });

        var found = (await Owner.Get($"/episodes/search?wardrobe.main_outfit.top.color={Champagne[0]}&status=published&id={published}")).Data.AsArray();
        Assert.That(found, Has.Count.EqualTo(1));
        var shoes = (await Owner.Get($"/episodes/search?wardrobe.shoes.brand=Christian Louboutin&id={published}&_fields=id,wardrobe.shoes")).Data[0]!;
        Assert.That(shoes["wardrobe"]!["shoes"]!["heel_height"]!.GetValue<string>(), Is.EqualTo("4 inches"));
        Assert.That((await Owner.Get($"/episodes/search?wardrobe.outfit_type=separates&id={published}")).Data.AsArray(), Has.Count.EqualTo(1));
        (await Owner.Get("/episodes/search?wardrob.shoes.color=nude")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
    }

    private static JsonNode Appendix() => JsonNode.Parse("""
        {
          "main_outfit": {
            "outfit_type": "separates",
            "top": { "style": "silk blouse", "color": "champagne", "brand": "Equipment", "size": "M", "notes": "French tuck styling", "image_reference": "s3://bucket/wardrobe/ep_abc123_top.jpg" },
            "bottom": { "style": "wide-leg trousers", "color": "black", "brand": "Theory", "size": "6", "notes": "High-waisted" },
            "pattern": "solid",
            "overall_image": "s3://bucket/wardrobe/ep_abc123_full_outfit.jpg"
          },
          "accessories": {
            "jewelry": { "necklace": "gold layered chains", "earrings": "gold hoops, medium", "bracelets": "gold bangles (3)", "rings": "gold midi rings (2)" },
            "belt": "none",
            "other": ["silk scarf as hair accessory"]
          },
          "shoes": { "style": "pointed toe pumps", "color": "nude", "brand": "Christian Louboutin", "heel_height": "4 inches", "image_reference": "s3://bucket/wardrobe/ep_abc123_shoes.jpg" },
          "purse": { "style": "structured tote", "color": "cognac", "brand": "Saint Laurent", "size": "medium" }
        }
        """)!;

    private static string[] Warnings(Reply answer) =>
        [.. (answer.Json["metadata"]!["warnings"]?.AsArray() ?? []).Select(one => string.Join(' ', [one!["code"]!.GetValue<string>(), .. one["related_ids"]!.AsArray().Select(id => id!.GetValue<string>())]))];

    private async Task<string[]> Names(Guid episode) => [.. (await Owner.Get($"/episodes/{episode}/outfits")).Data.AsArray().Select(one => one!["outfit_name"]!.GetValue<string>())];

    private async Task<Guid> AnItem(string slot, string name, object? more = null) => (await Owner.Post("/wardrobe-items", With(new { Slot = slot, Name = name }, more))).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid> AnOutfit(string name, object? more = null) => (await Owner.Post("/outfits", With(new { Name = name }, more))).Expect(HttpStatusCode.Created).Id;

    [Test]
    public async Task What_few_wear_is_found_behind_the_newest_episodes()
    {
        var worn = (await Owner.Post("/episodes", new { Title = "Rare", Wardrobe = new { Shoes = new { Color = "verdigris" } } })).Expect(HttpStatusCode.Created).Id;
        var newer = Enumerable.Range(0, 101).Select(number => new { Op = "create", Body = new { Title = $"Newer {number}" } });
        (await Owner.Post("/episodes/batch", new { Operations = newer })).Expect(HttpStatusCode.MultiStatus);

        foreach (var sort in new[] { "-created_at", "title", "-publish_date" })
            Assert.That((await Owner.Get($"/episodes?wardrobe.shoes.color=verdigris&limit=1&sort={sort}")).Data.AsArray().Select(episode => episode!["id"]!.GetValue<string>()), Is.EqualTo(new[] { worn.ToString() }), sort);
    }

    private async Task<Guid> AnEpisode(string title, object? content = null, string? publishDate = null, Guid? outfit = null, string status = "draft")
    {
        var id = (await Owner.Post("/episodes", new { Title = title, Content = content, PublishDate = publishDate, Status = status })).Expect(HttpStatusCode.Created).Id;
        if (outfit is not null) (await Owner.Put($"/episodes/{id}/wardrobe", new { OutfitId = outfit })).Expect(HttpStatusCode.OK);
        return id;
    }

    private static JsonObject With(object first, object? second)
    {
        var options = new System.Text.Json.JsonSerializerOptions { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower };
        var both = System.Text.Json.JsonSerializer.SerializeToNode(first, options)!.AsObject();
        foreach (var (name, value) in second is null ? [] : System.Text.Json.JsonSerializer.SerializeToNode(second, options)!.AsObject()) both[name] = value?.DeepClone();
        return both;
    }
}
