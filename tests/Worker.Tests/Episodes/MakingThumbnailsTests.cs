using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;

namespace MediaPlatform.Worker.Tests.Episodes;

/// <summary>Thumbnails of episodes, clips and outfits, rendered by a real worker of real pictures and films (S3 8.12).</summary>
internal sealed class MakingThumbnailsTests() : PlatformFixture(withWorker: true)
{
    private const string Red = "fe0000", Green = "00ff00", Blue = "0000fe", Black = "000000";

    [Test]
    public async Task An_episode_is_its_background_with_its_outfit_before_it_in_three_sizes()
    {
        var episode = await Owner.Episode(await Owner.Background(Thumbs.Banded()), await Owner.Outfit("red"));

        // the figure is 1:2 and 648 high, so 324 wide: from 478 to 802
        (await Owner.Looks($"/episodes/{episode}", (.06, .06), (.94, .94), (.32, .5), (.68, .5), (.44, .1), (.5, .5), (.56, .9)))
            .AreColors(Green, Green, Green, Green, Red, Red, Red);

        var thumbnail = await Owner.Thumbnail($"/episodes/{episode}");
        Assert.That(thumbnail["parts"]!.AsArray().Select(part => part!["place"]!.GetValue<string>()), Is.EqualTo(new[] { "background", "figure" }));
        Assert.That(thumbnail["renditions"]!.AsArray().Select(one => one!["size"]!.GetValue<string>()), Is.EqualTo(new[] { "1280x720", "640x360", "320x180" }));
        foreach (var one in thumbnail["renditions"]!.AsArray())
        {
            var bytes = await Owner.Fetch(one!["url"]!.GetValue<string>());
            Assert.That(bytes, Has.Length.EqualTo(one["size_bytes"]!.GetValue<long>()));
            Assert.That((bytes[0], bytes[1]), Is.EqualTo(((byte)0xFF, (byte)0xD8)), "a JPEG");
            Assert.That(System.Text.Encoding.Latin1.GetString(bytes), Does.Not.Contain("Exif").And.Not.Contain("ICC_PROFILE").And.Not.Contain("http://ns.adobe"));
            Look.At(bytes, one["width"]!.GetValue<int>(), one["height"]!.GetValue<int>(), (.1, .5), (.5, .5)).AreColors(Green, Red);

            var link = (await Owner.Get($"/episodes/{episode}/thumbnail/{one["size"]}")).Expect(HttpStatusCode.Found).Headers.Location!.ToString();
            Assert.That(await Owner.Fetch(link), Is.EqualTo(bytes));
        }
    }

    [Test]
    public async Task Its_record_says_where_its_thumbnail_is_and_takes_no_other()
    {
        var episode = await Owner.Episode();
        var bare = (await Owner.Get($"/episodes/{episode}")).Data.AsObject();
        Assert.That(bare.ContainsKey("thumbnail_url") && bare["thumbnail_url"] is null, Is.True);

        await Owner.Show(episode, await Owner.Background("blue"));
        await Owner.ThumbnailBecomes($"/episodes/{episode}", "ready");

        var url = (await Owner.Get($"/episodes/{episode}")).Data["thumbnail_url"]!.GetValue<string>();
        Assert.That((await Owner.Get($"/episodes?id={episode}")).Data[0]!["thumbnail_url"]!.GetValue<string>(), Is.EqualTo(url));
        Look.At(await Owner.Fetch((await Owner.Get(url)).Expect(HttpStatusCode.Found).Headers.Location!.ToString()), 1280, 720, (.5, .5)).AreColors(Blue);
        Assert.That((await Owner.Patch($"/episodes/{episode}", new { ThumbnailUrl = "https://cdn.example.com/thumbs/ep_abc123.jpg", Location = "Attic" })).Data["thumbnail_url"]!.GetValue<string>(), Is.EqualTo(url));
    }

    [Test]
    public async Task An_outfit_alone_is_shown_whole_on_black_and_a_background_alone_fills_the_picture()
    {
        var worn = await Owner.Episode(outfit: await Owner.Outfit("red"));
        var empty = await Owner.Episode(await Owner.Background(Thumbs.Banded()));

        (await Owner.Looks($"/episodes/{worn}", (.1, .5), (.5, .07), (.5, .93), (.9, .5))).AreColors(Black, Red, Red, Black);
        (await Owner.Looks($"/episodes/{empty}", (.06, .06), (.5, .5), (.94, .94))).AreColors(Green, Green, Green);
    }

    [Test]
    public async Task Main_closet_comes_before_other_roles_and_a_role_with_a_picture_here_before_one_elsewhere()
    {
        var (red, blue) = (await Owner.Background("red"), await Owner.Background("blue"));
        var both = (await Owner.Post("/episodes", new { Title = "Two", Backgrounds = new { Event = new { BackgroundId = red }, MainCloset = new { BackgroundId = blue } } })).Id;
        var elsewhere = (await Owner.Post("/episodes", new { Title = "One", Backgrounds = new { Event = new { BackgroundId = red }, MainCloset = "s3://bucket/closet.jpg" } })).Id;

        (await Owner.Looks($"/episodes/{both}", (.5, .5))).AreColors(Blue);
        (await Owner.Looks($"/episodes/{elsewhere}", (.5, .5))).AreColors(Red);
    }

    [Test]
    public async Task A_picture_that_is_not_opaque_lets_the_background_through()
    {
        var glass = await Owner.Asset(Samples.Made("glass.png", "-f lavfi -i color=red@0.0:size=300x300,format=rgba -frames:v 1"));
        var outfit = (await Owner.Post("/outfits", new { Name = "Glass", AssetId = glass })).Id;
        var episode = await Owner.Episode(await Owner.Background("blue"), outfit);

        (await Owner.Looks($"/episodes/{episode}", (.1, .1), (.5, .5))).AreColors(Blue, Blue);
    }

    [Test]
    public async Task Without_pictures_there_is_none_and_it_says_why()
    {
        var nothing = await Owner.Episode();
        var elsewhere = (await Owner.Post("/episodes", new { Title = "Elsewhere", Backgrounds = new { MainCloset = "s3://bucket/attic.jpg" } })).Id;

        foreach (var (episode, code) in new[] { (nothing, "THUMBNAIL_WITHOUT_SOURCES"), (elsewhere, "THUMBNAIL_SOURCES_ELSEWHERE") })
        {
            var thumbnail = await Owner.Thumbnail($"/episodes/{episode}");
            Assert.That((thumbnail["status"]!.GetValue<string>(), thumbnail["error_code"]!.GetValue<string>()), Is.EqualTo(("none", code)));
            (await Owner.Post($"/episodes/{episode}/thumbnail/regenerate")).ExpectProblem(HttpStatusCode.Locked, code);
            (await Owner.Get($"/episodes/{episode}/thumbnail/1280x720")).ExpectProblem(HttpStatusCode.NotFound, "THUMBNAIL_NOT_FOUND");
        }

        Assert.That(await Platform.Count($"jobs where type = 'THUMBNAIL_RENDER' and dedupe_key ~ '{nothing}|{elsewhere}'"), Is.Zero);
    }

    [Test]
    public async Task A_clip_is_the_middle_of_its_footage_or_the_frame_that_somebody_chose()
    {
        var clip = (await Owner.Post("/clips", new { AssetId = await Owner.Asset(Thumbs.Film(), "film.mp4") })).Expect(HttpStatusCode.Created).Id;
        await Owner.AssetBecomes((await Owner.Get($"/clips/{clip}")).Data["asset_id"]!.GetValue<Guid>(), "ready");

        (await Owner.Looks($"/clips/{clip}", (.05, .5), (.5, .5), (.2, .1), (.95, .5))).AreColors(Black, Green, Green, Black); // 4:3, padded
        await Choose($"/clips/{clip}", new { Source = "frame", AtSeconds = 2.5 });
        (await Owner.Looks($"/clips/{clip}", (.5, .5))).AreColors(Blue);
        await Choose($"/clips/{clip}", new { Source = "frame", At = "00:00:00:12" });
        (await Owner.Looks($"/clips/{clip}", (.5, .5))).AreColors(Red);

        await Refused($"/clips/{clip}", new { Source = "frame", AtSeconds = 3.5 }, "FRAME_OUT_OF_RANGE", "at_seconds");
        await Refused($"/clips/{clip}", new { Source = "frame", At = "00:00:04:00" }, "FRAME_OUT_OF_RANGE", "at");
        await Refused($"/clips/{clip}", new { Source = "frame", At = "00:00:00:29" }, "TIMECODE_FRAME_RATE", "at");
        await Refused($"/clips/{clip}", new { Source = "frame", At = "noon" }, "TIMECODE_INVALID", "at");
        await Refused($"/clips/{clip}", new { Source = "frame", At = "00:00:00:12", AtSeconds = 1 }, "VALIDATION_ERROR", "at");
        await Refused($"/clips/{clip}", new { Source = "composed" }, "THUMBNAIL_SOURCE_UNFIT", "source");
        (await Owner.Looks($"/clips/{clip}", (.5, .5))).AreColors(Red);
    }

    [Test]
    public async Task An_episode_takes_a_frame_of_a_clip_and_falls_back_when_that_goes()
    {
        var clip = (await Owner.Post("/clips", new { AssetId = await Owner.Asset(Thumbs.Film(), "film.mp4") })).Id;
        await Owner.AssetBecomes((await Owner.Get($"/clips/{clip}")).Data["asset_id"]!.GetValue<Guid>(), "ready");
        var (bare, episode) = ((await Owner.Post("/clips", new { Notes = "No film" })).Id, await Owner.Episode(await Owner.Background("red")));

        await Choose($"/episodes/{episode}", new { Source = "frame", ClipId = clip, AtSeconds = 2.5 });
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Blue);
        await Refused($"/episodes/{episode}", new { Source = "frame" }, "VALIDATION_ERROR", "clip_id");
        await Refused($"/episodes/{episode}", new { Source = "frame", ClipId = Guid.NewGuid() }, "CLIP_NOT_FOUND", "clip_id");
        await Refused($"/episodes/{episode}", new { Source = "frame", ClipId = bare }, "CLIP_WITHOUT_FOOTAGE", "clip_id");
        (await Platform.Stranger.Put($"/episodes/{await Platform.Stranger.Episode()}/thumbnail", new { Source = "frame", ClipId = clip })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "CLIP_NOT_FOUND");

        (await Owner.Delete($"/clips/{clip}")).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);
        (await Owner.Post($"/clips/{clip}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Blue);
    }

    [Test]
    public async Task A_custom_picture_survives_what_changes_and_is_taken_back()
    {
        var (outfit, custom) = (await Owner.Outfit("red"), await Owner.Asset(Thumbs.Picture("blue", 300, 300)));
        var episode = await Owner.Episode(outfit: outfit);
        await Owner.ThumbnailBecomes($"/episodes/{episode}", "ready");

        await Choose($"/episodes/{episode}", new { Source = "custom", AssetId = custom });
        (await Owner.Looks($"/episodes/{episode}", (.1, .5), (.5, .5))).AreColors(Black, Blue);
        var before = await Platform.Count("jobs where type = 'THUMBNAIL_RENDER'");
        (await Owner.Patch($"/episodes/{episode}", new { Wardrobe = new { OutfitId = await Owner.Outfit("lime") } })).Expect(HttpStatusCode.OK);
        await Owner.Show(episode, await Owner.Background("white"));

        Assert.That(await Platform.Count($"jobs where type = 'THUMBNAIL_RENDER' and dedupe_key like '%{episode}%'"), Is.EqualTo(2), "its first, and the custom one");
        var chosen = await Owner.Thumbnail($"/episodes/{episode}");
        Assert.That((chosen["status"]!.GetValue<string>(), chosen["source"]!.GetValue<string>(), chosen["asset_id"]!.GetValue<Guid>()), Is.EqualTo(("ready", "custom", custom)));

        var back = (await Owner.Delete($"/episodes/{episode}/thumbnail")).Data;
        Assert.That(back["source"], Is.Null);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5), (.1, .1))).AreColors(Green, "ffffff");
        Assert.That(before, Is.GreaterThan(0));
    }

    [Test]
    public async Task A_custom_picture_is_one_and_ones_own()
    {
        var outfit = await Owner.Outfit("red");
        await Refused($"/outfits/{outfit}", new { Source = "custom" }, "VALIDATION_ERROR", "asset_id");
        await Refused($"/outfits/{outfit}", new { Source = "custom", AssetId = Guid.NewGuid() }, "ASSET_NOT_FOUND", "asset_id");
        await Refused($"/outfits/{outfit}", new { Source = "custom", AssetId = await Platform.Stranger.Asset(Thumbs.Picture("blue", 20, 20)) }, "ASSET_NOT_FOUND", "asset_id");
        await Refused($"/outfits/{outfit}", new { Source = "custom", AssetId = await Owner.Asset(Samples.Pdf(77), "contract.pdf") }, "ASSET_NOT_A_PICTURE", "asset_id");
        await Refused($"/outfits/{outfit}", new { Source = "frame" }, "THUMBNAIL_SOURCE_UNFIT", "source");
        (await Owner.Put($"/outfits/{outfit}/thumbnail", new { Source = "painted" })).Expect(HttpStatusCode.UnprocessableEntity);
    }

    [Test]
    public async Task An_outfit_is_its_picture_or_those_of_its_items_beside_each_other_and_follows_them()
    {
        var (dress, shoes) = (await Owner.Asset(Thumbs.Picture("red", 400, 720)), await Owner.Asset(Thumbs.Picture("blue", 400, 720)));
        var items = new[]
        {
            (await Owner.Post("/wardrobe-items", new { Slot = "shoes", Name = "Pumps", AssetId = shoes })).Id,
            (await Owner.Post("/wardrobe-items", new { Slot = "dress", Name = "Slip", AssetId = dress })).Id,
        };
        var outfit = (await Owner.Post("/outfits", new { Name = "Two", Items = items.Select(item => new { ItemId = item }).ToArray() })).Id;
        (await Owner.Looks($"/outfits/{outfit}", (.25, .5), (.75, .5), (.03, .5), (.5, .5))).AreColors(Red, Blue, Black, Black); // the dress first

        (await Owner.Patch($"/wardrobe-items/{items[1]}", new { AssetId = await Owner.Asset(Thumbs.Picture("lime", 400, 720)) })).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/outfits/{outfit}", (.25, .5), (.75, .5))).AreColors(Green, Blue);

        (await Owner.Patch($"/outfits/{outfit}", new { AssetId = await Owner.Asset(Thumbs.Picture("red", 1280, 720)) })).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/outfits/{outfit}", (.25, .5), (.75, .5))).AreColors(Red, Red);
    }

    [Test]
    public async Task An_episode_shows_the_picture_that_its_outfit_got_since_and_keeps_the_one_that_was_worn()
    {
        var outfit = await Owner.Outfit(color: null);
        var episode = await Owner.Episode(outfit: outfit);
        Assert.That((await Owner.Thumbnail($"/episodes/{episode}"))["status"]!.GetValue<string>(), Is.EqualTo("none"));

        (await Owner.Patch($"/outfits/{outfit}", new { AssetId = await Owner.Asset(Thumbs.Picture("red", 200, 400)) })).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);

        (await Owner.Post($"/episodes/{episode}/outfits/{outfit}/refresh")).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/outfits/{outfit}", new { AssetId = await Owner.Asset(Thumbs.Picture("blue", 200, 400)) })).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/outfits/{outfit}", (.5, .5))).AreColors(Blue);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);
    }

    [Test]
    public async Task What_stays_the_same_is_rendered_once_and_again_when_somebody_asks()
    {
        var episode = await Owner.Episode(await Owner.Background("red"), await Owner.Outfit("blue"));
        var first = await Owner.ThumbnailBecomes($"/episodes/{episode}", "ready");

        (await Owner.Put($"/episodes/{episode}", (await Owner.Get($"/episodes/{episode}")).Data)).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/episodes/{episode}", new { Location = "Attic" })).Expect(HttpStatusCode.OK);
        await Choose($"/episodes/{episode}", new { Source = "composed" });
        Assert.That(await JobsOf(episode), Is.EqualTo(1));

        var job = (await Owner.Post($"/episodes/{episode}/thumbnail/regenerate")).Expect(HttpStatusCode.Accepted).Data["job_id"]!.GetValue<Guid>();
        var done = await Owner.JobBecomes(job, "succeeded");
        Assert.That(done["type"]!.GetValue<string>(), Is.EqualTo("THUMBNAIL_RENDER"));
        Assert.That((await Owner.Thumbnail($"/episodes/{episode}"))["renditions"]![0]!["url"]!.GetValue<string>(), Is.Not.EqualTo(first["renditions"]![0]!["url"]!.GetValue<string>()), "another key, so that caches may keep what they have");
        await OnlyOneFolderOf(episode);
    }

    [Test]
    public async Task A_picture_that_cannot_be_decoded_is_told_in_the_state_and_in_the_job()
    {
        var cut = await Owner.Asset(Thumbs.Picture("red", 300, 300)[..^40], "cut.png");
        var episode = await Owner.Episode((await Owner.Post("/backgrounds", new { Name = "Cut", AssetId = cut })).Id);

        var failed = await Owner.ThumbnailBecomes($"/episodes/{episode}", "failed");
        Assert.That(failed["error_code"]!.GetValue<string>(), Is.EqualTo("IMAGE_TRUNCATED"));
        var job = await Platform.Sql<Guid>($"select id from jobs where dedupe_key like 'thumbnails/episodes/{episode}/%'");
        Assert.That((await Owner.JobBecomes(job, "failed")).Stages(), Does.Contain("1:render:IMAGE_TRUNCATED"));

        await Owner.Show(episode, await Owner.Background("blue"));
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Blue);
    }

    [Test]
    public async Task What_goes_into_the_trash_is_seen_in_no_thumbnail_any_more_and_comes_back_with_it()
    {
        var picture = await Owner.Asset(Thumbs.Picture("red", 200, 400));
        var outfit = (await Owner.Post("/outfits", new { Name = "Gone", AssetId = picture })).Id;
        var episode = await Owner.Episode(await Owner.Background("blue"), outfit);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);
        var old = await Platform.Sql<string>($"select storage_folder from thumbnails where owner_id = '{episode}'");

        (await Owner.Delete($"/media/{picture}")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Thumbnail($"/episodes/{episode}"))["renditions"]!.ToJsonString(), Does.Not.Contain(old!), "not a moment longer");
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Blue);
        Assert.That((await Owner.Thumbnail($"/outfits/{outfit}"))["status"]!.GetValue<string>(), Is.EqualTo("none"));

        (await Owner.Post($"/media/{picture}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);

        (await Owner.Delete($"/media/{picture}?purge=true")).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Blue);
        await OnlyOneFolderOf(episode);
    }

    [Test]
    public async Task An_owner_in_the_trash_keeps_its_thumbnail_and_one_that_is_purged_takes_it_along()
    {
        var episode = await Owner.Episode(await Owner.Background("red"));
        await Owner.ThumbnailBecomes($"/episodes/{episode}", "ready");
        (await Platform.Stranger.Get($"/episodes/{episode}/thumbnail")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        (await Platform.Stranger.Post($"/episodes/{episode}/thumbnail/regenerate")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");

        (await Owner.Delete($"/episodes/{episode}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/episodes/{episode}/thumbnail")).ExpectProblem(HttpStatusCode.Gone, "EPISODE_IN_TRASH");
        (await Owner.Put($"/episodes/{episode}/thumbnail", new { Source = "composed" })).ExpectProblem(HttpStatusCode.Gone, "EPISODE_IN_TRASH");
        (await (await Platform.CreateKey(Owner, Role.Viewer)).Get($"/episodes/{episode}/thumbnail/640x360")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        (await Owner.Post($"/episodes/{episode}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);
        Assert.That(await JobsOf(episode), Is.EqualTo(1));

        var purged = (await Owner.Delete($"/episodes/{episode}?purge=true")).Data;
        Assert.That(purged.ToJsonString(), Does.Contain("\"objects\":3"));
        await Eventually.Is("nothing is stored of it", async () => !(await Platform.StoredObjects()).Any(key => key.Contains(episode.ToString(), StringComparison.Ordinal)));
    }

    private async Task Choose(string owner, object body) => (await Owner.Put($"{owner}/thumbnail", body)).Expect(HttpStatusCode.OK);

    private async Task Refused(string owner, object body, string code, string field)
    {
        var refused = (await Owner.Put($"{owner}/thumbnail", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
        Assert.That(refused.Json["errors"]!.AsArray().Select(error => (string?)error!["field"]), Does.Contain(field), refused.Text);
    }

    private Task<long> JobsOf(Guid owner) => Platform.Count($"jobs where type = 'THUMBNAIL_RENDER' and dedupe_key like '%/{owner}/%'");

    private Task OnlyOneFolderOf(Guid owner) => Eventually.Is("three objects are stored, those in place", async () =>
    {
        var folder = await Platform.Sql<string>($"select storage_folder from thumbnails where owner_id = '{owner}'");
        return (await Platform.StoredObjects()).Where(key => key.Contains(owner.ToString(), StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .SequenceEqual(new[] { "1280x720", "320x180", "640x360" }.Select(size => $"{folder}{size}.jpg"));
    });
}
