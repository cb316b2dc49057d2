using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>Outfits and items by what they have to do with each other and with episodes.</summary>
internal sealed class FindingWardrobeTests : PlatformFixture
{
    [Test]
    public async Task S3_8_16_outfits_and_items_are_found_by_brand_item_type_wearer_and_episode()
    {
        var pumps = await Make("/wardrobe-items", new { Slot = "shoes", Name = "Pumps", Brand = "Christian Louboutin" });
        var flats = await Make("/wardrobe-items", new { Slot = "shoes", Name = "Flats", Brand = "Repetto" });
        var tote = await Make("/wardrobe-items", new { Slot = "purse", Name = "Tote", Brand = "Saint Laurent" });
        var spare = await Make("/wardrobe-items", new { Slot = "belt", Name = "Belt" });
        var evening = await Make("/outfits", new { Name = "Evening", WornBy = "Lala", Items = new[] { new { ItemId = pumps }, new { ItemId = tote } } });
        var day = await Make("/outfits", new { Name = "Day", Items = new[] { new { ItemId = flats } } });
        var episode = await Make("/episodes", new { Title = "Rooftop" });
        var other = await Make("/episodes", new { Title = "Studio" });
        await Make($"/episodes/{episode}/outfits", new { OutfitId = day, WornBy = "Ann Élan" });
        await Make($"/episodes/{other}/outfits", new { OutfitId = evening });

        foreach (var (query, found) in new[]
        {
            ("brand=christian%20louboutin", new[] { evening }), ("brand[in]=Repetto,Saint%20Laurent", [evening, day]), ("brand[ne]=Repetto", [evening]), ("brand=nobody", []),
            ("slot=shoes", [evening, day]), ("slot=purse", [evening]), ($"item_id={flats}", [day]), ($"item_id[in]={flats},{tote}", [evening, day]), ("item_id=flats", []),
            ($"episode_id={episode}", [day]), ($"episode_id={other}&slot=shoes", [evening]), ($"episode_id={Guid.NewGuid()}", []),
        })
            Assert.That(await Found($"/outfits?{query}"), Is.EquivalentTo(found), query);

        foreach (var (query, found) in new[]
        {
            ("worn_by=lala", new[] { pumps, tote }), ("worn_by=Ann%20E%CC%81lan", [flats]), ("worn_by=ann%20%C3%89LAN", [flats]), ("worn_by[nin]=Lala", [flats, spare]),
            ($"episode_id={episode}", [flats]), ($"episode_id={other}&slot=purse", [tote]), ($"outfit_id={evening}", [pumps, tote]), ($"outfit_id={day}&brand=Repetto", [flats]),
        })
            Assert.That(await Found($"/wardrobe-items?{query}"), Is.EquivalentTo(found), query);

        Assert.That((await Platform.Stranger.Get($"/outfits?episode_id={episode}")).Data.AsArray(), Is.Empty, "another client's episode has nothing to do with one's own outfits");
        (await Owner.Delete($"/episodes/{episode}")).Expect(HttpStatusCode.OK);
        foreach (var hidden in new[] { "/wardrobe-items?worn_by=Ann%20%C3%89lan", $"/wardrobe-items?episode_id={episode}", $"/outfits?episode_id={episode}" })
            Assert.That(await Found(hidden), Is.Empty, "what an episode in the trash says");
        (await Owner.Delete($"/outfits/{evening}")).Expect(HttpStatusCode.OK);
        Assert.That(await Found($"/wardrobe-items?outfit_id={evening}"), Is.Empty, "what an outfit in the trash is made of");
    }

    [Test]
    public async Task S3_8_6_and_8_11_a_record_says_who_approved_it_first_and_who_trashed_and_restored_it()
    {
        var (editor, admin) = (await Platform.CreateKey(Owner, Role.Editor), await Platform.CreateKey(Owner, Role.Admin));
        foreach (var (path, body) in new (string, object)[]
        {
            ("/shows", new { Title = "A show" }), ("/episodes", new { Title = "An episode" }), ("/clips", new { TalentSource = "Lala" }), ("/wardrobe-items", new { Slot = "belt", Name = "Belt" }),
            ("/outfits", new { Name = "Evening" }), ("/backgrounds", new { Name = "Closet", FileReference = "s3://bucket/b.jpg" }), ("/ui-elements", new { Name = "Mouse", FileReference = "s3://bucket/m.svg" }),
        })
        {
            var record = $"{path}/{await Make(path, body)}";
            var made = (await editor.Get(record)).Expect(HttpStatusCode.OK).Data;
            Assert.That(new[] { "approved_at", "original_approver", "deleted_by", "deleted_reason", "restored_at", "restored_by" }.Select(field => made[field]), Is.All.Null, path);

            (await editor.Post($"{record}/unapprove")).Expect(HttpStatusCode.OK);
            var first = (await admin.Post($"{record}/approve")).Expect(HttpStatusCode.OK).Data;
            (await editor.Post($"{record}/unapprove")).Expect(HttpStatusCode.OK);
            var again = (await editor.Post($"{record}/approve")).Expect(HttpStatusCode.OK).Data;
            Assert.That((string?)again["original_approver"], Is.EqualTo((string?)first["original_approver"]).And.Not.Null, path);
            Assert.That((DateTimeOffset)again["approved_at"]!, Is.GreaterThan((DateTimeOffset)first["approved_at"]!), path);

            (await editor.Delete($"{record}?reason=a%20slip")).Expect(HttpStatusCode.OK);
            var trashed = (await admin.Get($"{record}?include_deleted=true")).Expect(HttpStatusCode.OK).Data;
            Assert.That(((string?)trashed["deleted_reason"], trashed["deleted_by"] is not null), Is.EqualTo(("a slip", true)), path);
            Assert.That(await Found($"{path}?include_deleted=true&deleted_by={trashed["deleted_by"]}"), Does.Contain((Guid)trashed["id"]!), path);

            var back = (await admin.Post($"{record}/restore")).Expect(HttpStatusCode.OK).Data;
            Assert.That((back["deleted_at"], back["deleted_by"], back["deleted_reason"]), Is.EqualTo((default(object), default(object), default(object))), path);
            Assert.That((string?)back["restored_by"], Is.Not.Null.And.Not.EqualTo((string?)trashed["deleted_by"]), path);
            Assert.That(await Found($"{path}?restored_by={back["restored_by"]}"), Is.EqualTo(new[] { (Guid)back["id"]! }), path);
        }
    }

    private async Task<Guid> Make(string path, object body) => (await Owner.Post(path, body)).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid[]> Found(string path) => [.. (await Owner.Get(path)).Expect(HttpStatusCode.OK).Data.AsArray().Select(found => (Guid)found!["id"]!)];
}
