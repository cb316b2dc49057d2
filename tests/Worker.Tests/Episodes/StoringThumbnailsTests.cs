using MediaPlatform.Application.Media;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Episodes;

/// <summary>Thumbnails in a bucket of their own, beside media in S3.</summary>
internal sealed class StoringThumbnailsTests : PlatformFixture
{
    private readonly string bucket = $"thumbnails-{Guid.NewGuid():n}";

    protected override Task<Platform> Begin() => Platform.Start(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn("s3")) { ["S3:ThumbnailBucket"] = bucket });

    [Test]
    public async Task They_lie_in_their_own_bucket_under_the_ids_of_their_owners_and_old_ones_go()
    {
        var episode = await Owner.Episode(await Owner.Background("red"));
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors("fe0000");
        Assert.That((await Owner.Thumbnail($"/episodes/{episode}"))["renditions"]![0]!["url"]!.GetValue<string>(), Does.Contain($"{bucket}/thumbnails/episodes/{episode}/"), "signed by the store");

        await Owner.Show(episode, await Owner.Background("blue"));
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors("0000fe");

        await Eventually.Is("those of before are gone", async () => (await Keys()).Count == 3);
        Assert.That(await Keys(), Has.All.StartWith($"thumbnails/episodes/{episode}/"));
        Assert.That((await Platform.StoredObjects()).Where(key => key.StartsWith("thumbnails/", StringComparison.Ordinal)), Is.Empty);
    }

    private async Task<List<string>> Keys()
    {
        var keys = new List<string>();
        await foreach (var found in Platform.ApiServices.GetRequiredService<IMediaStores>().Thumbnails.List("thumbnails/", CancellationToken.None)) keys.Add(found.Key);
        return keys;
    }
}
