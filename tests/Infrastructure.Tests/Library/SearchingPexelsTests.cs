using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Library;

internal sealed class SearchingPexelsTests : StockFixture
{
    private IStockProvider pexels = null!;

    [SetUp]
    public void Ask() => pexels = A("pexels");

    [Test]
    public async Task A_photo_is_its_original_with_its_page_and_its_texts()
    {
        Site.Pexels.Photos = [new("2014422", 3024, 4032) { Title = " Brown rocks\nduring golden hour ", Author = "Joey Farina" }];

        var photo = (await Found(pexels, Photos())).Single();
        Assert.That(photo with { Tags = [] }, Is.EqualTo(new StockItem(
            "pexels", "2014422", MediaType.Image, new Uri($"{Site.Url}/files/pexels/photos/2014422/original.jpg"), new Uri("https://www.pexels.com/photo/2014422/"), 3024, 4032)
        {
            Author = "Joey Farina", Title = "Brown rocks during golden hour", Tags = [],
        }));
    }

    [Test]
    public async Task A_video_is_its_largest_file_up_to_4K_with_its_length()
    {
        Site.Pexels.Videos = [new("1448735", 32, new(1280, 720), new(7680, 4320), new(null, null, "application/x-mpegURL"), new(3840, 2160), new(4096, 2160, "video/quicktime"), new(640, 360))];

        var video = (await Found(pexels, Videos())).Single();
        Assert.That(video with { Tags = [] }, Is.EqualTo(new StockItem(
            "pexels", "1448735", MediaType.Video, new Uri($"{Site.Url}/files/pexels/videos/1448735/3840x2160.mp4"), new Uri("https://www.pexels.com/video/1448735/"), 3840, 2160)
        {
            DurationMs = 32_000, Author = "Bea Lee", Tags = [],
        }));
    }

    [Test]
    public async Task Where_nothing_up_to_4K_is_large_enough_the_next_larger_file_is_taken()
    {
        Site.Pexels.Videos = [new("1", 9, new(1920, 1080), new(8192, 4320), new(5120, 2880)), new("2", 9, new StockVideoFile(1920, 1080))];
        var video = (await Found(pexels, Videos() with { MinWidth = 5000 })).Single();
        Assert.That((video.ProviderId, video.Width, video.Height), Is.EqualTo(("1", 5120, 2880)));
    }

    [Test]
    public async Task What_is_too_small_or_too_short_is_left_out_and_the_order_stays()
    {
        Site.Pexels.Photos = [new("3", 2000, 1500), new("1", 1999, 3000), new("2", 4000, 1500), new("4", 4000, 1499)];
        Site.Pexels.Videos = [new("7", 10, new StockVideoFile(1920, 1080)), new("5", 9, new StockVideoFile(1920, 1080)), new("6", 11, new StockVideoFile(1280, 720)), new("8", 600, new StockVideoFile(1920, 1080))];

        Assert.That(Ids(await Found(pexels, Photos() with { MinWidth = 2000, MinHeight = 1500 })), Is.EqualTo(new[] { "3", "2" }));
        Assert.That(Ids(await Found(pexels, Videos() with { MinWidth = 1920, MinDurationMs = 9_500 })), Is.EqualTo(new[] { "7", "8" }));
    }

    [Test]
    public async Task What_the_worker_could_not_decode_is_left_out()
    {
        Site.Pexels.Photos = [new("1", 10_000, 5_001), new("2", 10_000, 5_000)];
        Assert.That(Ids(await Found(pexels, Photos())), Is.EqualTo(new[] { "2" }));
    }

    [Test]
    public async Task It_is_asked_for_more_than_is_wanted_with_the_key_in_a_header()
    {
        await Found(pexels, Photos("cliff sea", count: 30) with { AspectRatio = 16.0 / 9 });
        await Found(pexels, Videos("sea", count: 2) with { AspectRatio = 9.0 / 16, MinWidth = 1080, MinHeight = 1920 });
        await Found(pexels, Photos("sea", count: 100) with { AspectRatio = 1, MinWidth = 4000, MinHeight = 3000 });

        Assert.That(Site.Pexels.Asked.Select(asked => asked.Path + asked.Raw), Is.EqualTo(new[]
        {
            "/v1/search?query=cliff%20sea&per_page=60&orientation=landscape",
            "/videos/search?query=sea&per_page=10&orientation=portrait&size=medium",
            "/v1/search?query=sea&per_page=80&orientation=square&size=medium",
        }));
        Assert.That(Site.Pexels.Asked.Select(asked => asked.Headers["Authorization"]), Is.All.EqualTo(Site.Pexels.Key));
    }

    [Test]
    public async Task Words_of_any_language_arrive_as_they_were_written()
    {
        await Found(pexels, new(MediaType.Image, ["Straße", "am", "Meer"], 5));
        await Found(pexels, new(MediaType.Image, ["東京", " & =?#%+/ ", "", "🌊"], 5));
        await Found(pexels, new(MediaType.Image, ["a\0b\nc", "\ud83c"], 5));

        Assert.That(Site.Pexels.Asked.Select(asked => asked.Query["query"]), Is.EqualTo(new[] { "Straße am Meer", "東京 & =?#%+/ 🌊", "a b c \ufffd" }));
    }

    [Test]
    public async Task Without_words_or_for_what_nobody_has_no_request_is_made()
    {
        foreach (var question in new StockQuestion[] { new(MediaType.Image, [], 5), new(MediaType.Image, [" ", ""], 5), new(MediaType.Audio, ["sea"], 5), Photos(count: 0) })
        {
            var answer = await pexels.Search(question, default);
            Assert.That((answer.Items.Count, answer.Calls, answer.Fault), Is.EqualTo((0, 0, (StockFault?)null)));
        }

        Assert.That(Site.Pexels.Asked, Is.Empty);
    }

    [Test]
    public async Task One_bad_entry_harms_no_other()
    {
        Site.Pexels.Reply(StockReply.Json("""
            {"photos": [
              null, 7, "photo", [], {}, {"id": null}, {"id": "x"},
              {"id": 1, "width": 100, "height": 100, "url": "https://p.example/1", "src": null},
              {"id": 2, "width": 100, "height": 100, "url": "https://p.example/2", "src": {"original": ""}},
              {"id": 3, "width": 100, "height": 100, "url": null, "src": {"original": "https://i.example/3.jpg"}},
              {"id": 4, "width": 0, "height": 100, "url": "https://p.example/4", "src": {"original": "https://i.example/4.jpg"}},
              {"id": 5, "width": 1e99, "height": 100, "url": "https://p.example/5", "src": {"original": "https://i.example/5.jpg"}},
              {"id": 6, "width": 100, "height": 100, "url": "javascript:alert(1)", "src": {"original": "https://i.example/6.jpg"}},
              {"id": 7, "width": 100, "height": 100, "url": "https://p.example/7", "src": {"original": "https://ann:hunter2@i.example/7.jpg"}},
              {"id": 8, "width": 100, "height": 100, "url": "https://p.example/8", "alt": "\ud800", "src": {"original": "https://i.example/8.jpg"}},
              {"id": 9, "width": "100", "height": 100, "url": "https://p.example/9", "alt": "a\u0000b", "photographer": " ", "src": {"original": "https://i.example/9.jpg"}, "new": {"deep": [1]}},
              {"id": 9, "width": 100, "height": 100, "url": "https://p.example/9", "src": {"original": "https://i.example/9.jpg"}}
            ]}
            """));
        Site.Pexels.Reply(StockReply.Json("""
            {"videos": [
              {"id": 1, "url": "https://p.example/1", "duration": 3, "video_files": []},
              {"id": 2, "url": "https://p.example/2", "duration": 3, "video_files": [{"file_type": "video/mp4", "width": 1, "height": 1, "size": 0, "link": "https://i.example/2.mp4"}]},
              {"id": 3, "url": "https://p.example/3", "duration": -1, "user": null, "video_files": [7, {"file_type": "video/mp4", "width": 64, "height": 36, "link": "https://i.example/3.mp4"}]}
            ]}
            """));

        var photo = (await Found(pexels, Photos())).Single();
        Assert.That((photo.ProviderId, photo.Title, photo.Author), Is.EqualTo(("9", "a b", (string?)null)));
        var video = (await Found(pexels, Videos())).Single();
        Assert.That((video.ProviderId, video.DurationMs, video.Author), Is.EqualTo(("3", (long?)null, (string?)null)));
    }

    [Test]
    public async Task A_video_that_does_not_say_how_long_it_is_is_not_long_enough()
    {
        Site.Pexels.Videos = [new("1", 0, new StockVideoFile(640, 360))];
        Assert.That(await Found(pexels, Videos()), Has.Count.EqualTo(1));
        Assert.That(await Found(pexels, Videos() with { MinDurationMs = 1 }), Is.Empty);
    }
}
