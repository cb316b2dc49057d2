using System.Text.Json.Nodes;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>What <c>./dev seed episodes</c> makes, with fewer episodes: every document that it posts has to be one that the API takes.</summary>
internal sealed class SeedingEpisodesTests : SeedingFixture
{
    private const int Episodes = 5;

    private static readonly string[] Lists = ["shows", "episodes", "wardrobe-items", "outfits", "backgrounds", "ui-elements", "clips", "media"];

    [Test]
    public async Task A_show_is_made_with_all_that_belongs_to_it_and_made_once()
    {
        var first = await Seed("seed-episodes.sh", $"{Episodes}");
        var counts = await Counts(Lists);
        var again = await Seed("seed-episodes.sh", $"{Episodes}");

        Assert.Multiple(async () =>
        {
            Assert.That(counts, Is.EqualTo("shows 1, episodes 5, wardrobe-items 12, outfits 6, backgrounds 6, ui-elements 4, clips 10, media 30"), first);
            Assert.That(again, Does.Contain(" 0 records are new"));
            Assert.That(await Counts(Lists), Is.EqualTo(counts), again);
        });

        var episodes = (await Owner.Get("/episodes?sort=publish_date")).Data.AsArray();
        var last = episodes[^1]!;
        Assert.Multiple(async () =>
        {
            Assert.That(episodes.Select(episode => episode!["wardrobe"]!["shoes"]?["item_id"]), Is.All.Not.Null);
            Assert.That((await Owner.Get($"/episodes/{last["id"]}/outfits/conflicts")).Data.AsArray().Select(conflict => conflict!["is_same_outfit"]!.GetValue<bool>()), Does.Contain(true), "worn two weeks before");
            Assert.That((await Owner.Get($"/episodes/{last["id"]}/clips")).Data.AsArray(), Has.Count.EqualTo(1), "the tenth clip waits in the library");
            Assert.That((await Owner.Get("/clips?guest_name=Sarah%20Johnson")).Data.AsArray(), Is.Not.Empty);
            Assert.That(await Versions(episodes), Is.EqualTo(new[] { 1, 2, 3, 1, 2 }));
            Assert.That((await Owner.Get($"/episodes/{episodes[0]!["id"]}/trailer/script")).Data["number"]!.GetValue<int>(), Is.EqualTo(1));
        });
    }

    private async Task<int[]> Versions(JsonArray episodes)
    {
        List<int> versions = [];
        foreach (var episode in episodes) versions.Add((await Owner.Get($"/episodes/{episode!["id"]}/script/versions")).Data.AsArray().Count);
        return [.. versions];
    }
}
