namespace MediaPlatform.Api.Tests.Publication;

/// <summary>What <c>./dev seed production</c> makes, with fewer sessions: every document that it posts has to be one that the API takes.</summary>
internal sealed class SeedingProductionTests : SeedingFixture
{
    private const int Sessions = 3;

    private static readonly string[] Lists = ["networks", "labels", "channels", "people", "sessions", "media", "media-items", "sets", "credits", "imports"];

    [Test]
    public async Task Sessions_and_what_was_published_of_them_are_made_once()
    {
        var first = await Seed("seed-production.sh", $"{Sessions}");
        var counts = await Counts(Lists);
        var again = await Seed("seed-production.sh", $"{Sessions}");

        Assert.That(counts, Is.EqualTo("networks 1, labels 3, channels 3, people 8, sessions 3, media 6, media-items 6, sets 9, credits 27, imports 1"), first);
        Assert.That(again, Does.Contain(" 0 records are new"));
        Assert.That(await Counts(Lists), Is.EqualTo(counts), again);
        Assert.That((await Owner.Get("/sets?is_compilation=true")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await Owner.Get("/credits?resolution_status=resolved&limit=200")).Data.AsArray(), Is.Not.Empty);
        Assert.That((await Owner.Get("/credits?resolution_status=unresolved&limit=200")).Data.AsArray(), Is.Not.Empty);
        var candidates = (await Owner.Get($"/sets/{(await Owner.Get("/sets?external_id=seed-set-7")).Data[0]!["id"]}/session-candidates")).Data.AsArray();
        Assert.That(candidates, Is.Not.Empty);
    }
}
