using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>The pieces of which outfits are made, each once.</summary>
internal sealed class KeepingWardrobeTests : PlatformFixture
{
    [Test]
    public async Task An_item_keeps_all_that_is_said_of_it_and_is_found_by_any_of_it()
    {
        var picture = (await Owner.Upload(Samples.Png(4711), "shoes.png")).Id;
        var made = (await Owner.Post("/wardrobe-items", new
        {
            Slot = "shoes", Name = "So Kate", Style = "pointed toe pumps", Color = "nude", Brand = "Christian Louboutin", Size = "38½", Pattern = "patent", Notes = "Trägt Lala nur sitzend",
            ProductUrl = "https://shop.example/so-kate?c=1", AssetId = picture, ImageReference = "s3://bucket/wardrobe/ep_abc123_shoes.jpg", Attributes = new { HeelHeight = "4 inches" }, Tags = new[] { "Evening" },
        })).Expect(HttpStatusCode.Created);

        var read = (await Owner.Get($"/wardrobe-items/{made.Id}")).Data;
        Assert.That(read.ToJsonString(), Is.EqualTo(made.Data.ToJsonString()));
        Assert.That(read["attributes"]!["heel_height"]!.GetValue<string>(), Is.EqualTo("4 inches"));
        foreach (var query in new[]
                 {
                     "slot=shoes&brand=Christian Louboutin", "brand[icontains]=louboutin", "color=nude&style[contains]=pumps", "attributes.heel_height=4 inches", $"asset_id={picture}", "tags[any]=evening",
                     "q=louboutin pumps", "q=lala", "image_reference[starts_with]=s3://bucket/wardrobe", "size=38½", "sort=-brand,name",
                 })
            Assert.That((await Owner.Get($"/wardrobe-items?id={made.Id}&{query}")).Data.AsArray(), Has.Count.EqualTo(1), query);
        Assert.That(Warnings(await Owner.Put($"/wardrobe-items/{made.Id}", read)), Is.Empty, "it is not its own double");
    }

    [Test]
    public async Task The_same_page_or_the_same_brand_name_and_size_is_told_and_written_all_the_same()
    {
        var first = (await Owner.Post("/wardrobe-items", new { Slot = "top", Name = "Silk blouse É", Brand = "Equipment", Size = "M", ProductUrl = "https://shop.example/blouse" })).Id;

        var samePage = (await Owner.Post("/wardrobe-items", new { Slot = "top", Name = "Champagne blouse", ProductUrl = "https://shop.example/blouse" })).Expect(HttpStatusCode.Created);
        var sameProduct = (await Owner.Post("/wardrobe-items", new { Slot = "top", Name = "SILK BLOUSE é", Brand = "equipment", Size = "m" })).Expect(HttpStatusCode.Created);
        var otherSize = (await Owner.Post("/wardrobe-items", new { Slot = "top", Name = "Silk blouse É", Brand = "Equipment", Size = "L" })).Expect(HttpStatusCode.Created);
        var unbranded = (await Owner.Post("/wardrobe-items", new { Slot = "top", Name = "Silk blouse É", Size = "M" })).Expect(HttpStatusCode.Created);

        Assert.Multiple(() =>
        {
            Assert.That(Warnings(samePage), Is.EqualTo(new[] { $"DUPLICATE_WARDROBE_ITEM product_url {first}" }));
            Assert.That(Warnings(sameProduct), Is.EqualTo(new[] { $"DUPLICATE_WARDROBE_ITEM name {first}" }));
            Assert.That(Warnings(otherSize), Is.Empty);
            Assert.That(Warnings(unbranded), Is.Empty);
        });

        var changed = (await Owner.Patch($"/wardrobe-items/{otherSize.Id}", new { Size = "M", ProductUrl = "https://shop.example/blouse" })).Expect(HttpStatusCode.OK);
        Assert.That(Warnings(changed), Is.EqualTo(new[] { $"DUPLICATE_WARDROBE_ITEM product_url {first} {samePage.Id}", $"DUPLICATE_WARDROBE_ITEM name {first} {sameProduct.Id}" }));

        var batch = (await Owner.Post("/wardrobe-items/batch", new { Operations = new object[] { new { Op = "create", Body = new { Slot = "belt", Name = "Alone" } }, new { Op = "create", Body = new { Slot = "top", Name = "Again", ProductUrl = "https://shop.example/blouse" } } } })).Expect(HttpStatusCode.MultiStatus);
        Assert.That(batch.Data["items"]![0]!["warnings"], Is.Null);
        Assert.That(batch.Data["items"]![1]!["warnings"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("DUPLICATE_WARDROBE_ITEM"));
    }

    [Test]
    public async Task What_is_in_the_trash_or_another_tenants_is_no_double()
    {
        var body = new { Slot = "purse", Name = "Structured tote", Brand = "Saint Laurent", ProductUrl = "https://shop.example/tote" };
        var first = (await Owner.Post("/wardrobe-items", body)).Id;

        Assert.That(Warnings(await Platform.Stranger.Post("/wardrobe-items", body)), Is.Empty);
        await Owner.Delete($"/wardrobe-items/{first}");
        Assert.That(Warnings(await Owner.Post("/wardrobe-items", body)), Is.Empty);
    }

    [Test]
    public async Task All_that_is_wrong_is_said_at_once_with_its_fields()
    {
        var refused = (await Owner.Post("/wardrobe-items", new { Slot = "top", Name = "", Color = new string('c', 101), ProductUrl = "javascript:alert(1)", ImageReference = "https://bucket/key", Attributes = "tall" }))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "name", "color", "product_url", "image_reference", "attributes" }));

        (await Owner.Post("/wardrobe-items", new { Slot = "hat", Name = "Cap" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/wardrobe-items", new { Slot = "hair-accessory", Name = "Clip" })).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_picture_is_one_of_the_clients_outside_the_trash_and_its_purge_leaves_the_item()
    {
        var foreign = (await Platform.Stranger.Upload(Samples.Png(4712), "theirs.png")).Id;
        (await Owner.Post("/wardrobe-items", new { Slot = "belt", Name = "Theirs", AssetId = foreign })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");

        var picture = (await Owner.Upload(Samples.Png(4713), "belt.png")).Id;
        var item = (await Owner.Post("/wardrobe-items", new { Slot = "belt", Name = "Belt", AssetId = picture })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Delete($"/media/{picture}")).Expect(HttpStatusCode.OK);
        (await Owner.Post("/wardrobe-items", new { Slot = "belt", Name = "Late", AssetId = picture })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");
        (await Owner.Patch($"/wardrobe-items/{item}", new { Notes = "still worn" })).Expect(HttpStatusCode.OK);

        (await Owner.Delete($"/media/{picture}?purge=true")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/wardrobe-items/{item}")).Data["asset_id"], Is.Null);
    }

    private static string[] Warnings(Reply reply) => [.. (reply.Json["metadata"]!["warnings"] as JsonArray ?? []).Select(warning => $"{warning!["code"]} {warning["field"]} {string.Join(' ', warning["related_ids"]!.AsArray())}")];
}
