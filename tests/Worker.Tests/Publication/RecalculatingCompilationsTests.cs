using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Publication;

internal sealed class RecalculatingCompilationsTests : PlatformFixture
{
    [Test]
    public async Task A_purge_of_media_is_noticed_by_the_clockwork()
    {
        var channel = (await Owner.Post("/channels", new { Name = "Purged" })).Expect(HttpStatusCode.Created).Id;
        var set = (await Owner.Post("/sets", new { Title = "Two sessions", ChannelId = channel, PublishedAt = "2026-01-20T00:00:00Z" })).Expect(HttpStatusCode.Created).Id;
        var (first, second) = (await AnItem(1), await AnItem(2));
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { first.Item, second.Item } })).Expect(HttpStatusCode.OK);
        await Platform.Sql<object>("update sets set is_compilation = true, compilation_pending = false; delete from job_outbox; delete from jobs where type = 'SET_COMPILATION_RECALC'");
        (await Owner.Delete($"/media/{first.Asset}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/media/{first.Asset}?purge=true")).Expect(HttpStatusCode.OK);
        Assert.That(await Platform.Sql<bool>($"select compilation_pending and is_compilation from sets where id = '{set}'"), Is.True);

        await Platform.StartWorker();

        await Eventually.Is("it is found out", () => Platform.Sql<bool>($"select not compilation_pending and not is_compilation from sets where id = '{set}'"));
    }

    private async Task<(Guid Item, Guid Asset)> AnItem(int picture)
    {
        var session = (await Owner.Post("/sessions", new { ProducedStartAt = "2026-01-04T09:00:00Z" })).Expect(HttpStatusCode.Created).Id;
        var asset = (await Owner.Upload(Samples.Png(picture), "file.png")).Id;
        (await Owner.Post($"/sessions/{session}/media", new { AssetIds = new[] { asset } })).Expect(HttpStatusCode.OK);
        return ((await Owner.Get($"/sessions/{session}/media")).Data[0]!["id"]!.GetValue<Guid>(), asset);
    }
}
