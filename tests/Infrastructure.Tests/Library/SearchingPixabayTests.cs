using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Library;

internal sealed class SearchingPixabayTests : StockFixture
{
    private IStockProvider pixabay = null!;

    [SetUp]
    public void Ask() => pixabay = A("pixabay");

    [Test]
    public async Task A_key_with_full_access_gets_the_original()
    {
        Site.Pixabay.Photos = [new("195893", 4000, 2250) { Author = "Josch13", Tags = ["blossom", "flower bed"], IsOpen = true }];

        var photo = (await Found(pixabay, Photos("blossom"))).Single();
        Assert.That(photo.Tags, Is.EqualTo(new[] { "blossom", "flower bed" }));
        Assert.That(photo with { Tags = [] }, Is.EqualTo(new StockItem(
            "pixabay", "195893", MediaType.Image, new Uri($"{Site.Url}/files/pixabay/photos/195893/original.jpg"), new Uri("https://pixabay.com/photos/195893/"), 4000, 2250)
        {
            Author = "Josch13", Tags = [],
        }));
    }

    [TestCase(4000, 2250, 1280, 720)]
    [TestCase(2250, 4000, 720, 1280)]
    [TestCase(3000, 2001, 1280, 854)]
    [TestCase(20_000, 2, 1280, 1)]
    [TestCase(800, 600, 800, 600)]
    public async Task Other_keys_get_the_large_copy_in_its_own_size(int width, int height, int copyWidth, int copyHeight)
    {
        Site.Pixabay.Photos = [new("1", width, height)];
        var photo = (await Found(pixabay, Photos())).Single();
        Assert.That((photo.DownloadUrl.AbsolutePath, photo.Width, photo.Height), Is.EqualTo(("/files/pixabay/photos/1/1280.jpg", copyWidth, copyHeight)));
    }

    [Test]
    public async Task What_counts_is_the_size_of_what_is_downloaded()
    {
        Site.Pixabay.Photos = [new("1", 4000, 3000), new("2", 4000, 3000) { IsOpen = true }, new("3", 10_000, 6_000) { IsOpen = true }];
        Assert.That(Ids(await Found(pixabay, Photos() with { MinWidth = 1281 })), Is.EqualTo(new[] { "2" }));

        var all = await Found(pixabay, Photos());
        Assert.That(all.Select(photo => photo.Width), Is.EqualTo(new[] { 1280, 4000, 1280 }), "the original of the third is beyond what the worker decodes");
    }

    [Test]
    public async Task A_video_is_its_largest_file_that_there_is()
    {
        Site.Pixabay.Videos =
        [
            new("1", 12, new(3840, 2160, Size: 0), new(1920, 1080), new(1280, 720), new(960, 540)) { Tags = ["sea"] },
            new("2", 20, new(3840, 2160), new(1920, 1080), new(1280, 720), new(960, 540)),
            new("3", 20, new StockVideoFile(1920, 1080, Size: 0)),
        ];

        var videos = await Found(pixabay, Videos());
        Assert.That(videos.Select(video => (video.ProviderId, video.Width, video.Height, video.DurationMs)), Is.EqualTo(new[] { ("1", 1920, 1080, (long?)12_000), ("2", 3840, 2160, 20_000) }));
        Assert.That(videos[0] with { Tags = [] }, Is.EqualTo(new StockItem(
            "pixabay", "1", MediaType.Video, new Uri($"{Site.Url}/files/pixabay/videos/1/1920x1080.mp4"), new Uri("https://pixabay.com/videos/1/"), 1920, 1080)
        {
            DurationMs = 12_000, Author = "Bea Lee", Tags = [],
        }));
        Assert.That(Ids(await Found(pixabay, Videos() with { MinWidth = 1921, MinDurationMs = 20_000 })), Is.EqualTo(new[] { "2" }));
    }

    [Test]
    public async Task It_is_asked_for_photos_and_for_what_is_safe()
    {
        await Found(pixabay, Photos("yellow flowers", count: 1) with { AspectRatio = 1.5, MinWidth = 1000, MinHeight = 500 });
        await Found(pixabay, Videos("yellow", count: 1000) with { AspectRatio = 0.5, MinHeight = 720 });
        await Found(pixabay, Photos("yellow") with { AspectRatio = 1 });

        Assert.That(Site.Pixabay.Asked.Select(asked => asked.Path + asked.Raw), Is.EqualTo(new[]
        {
            $"/api/?q=yellow%20flowers&per_page=10&safesearch=true&image_type=photo&orientation=horizontal&min_width=1000&min_height=500&key={Site.Pixabay.Key}",
            $"/api/videos/?q=yellow&per_page=200&safesearch=true&min_height=720&key={Site.Pixabay.Key}",
            $"/api/?q=yellow&per_page=10&safesearch=true&image_type=photo&key={Site.Pixabay.Key}",
        }));
    }

    [Test]
    public async Task As_many_whole_words_are_asked_for_as_a_hundred_characters_have_room_for()
    {
        var word = new string('ä', 33);
        await Found(pixabay, Photos($"{word} {word} {word}y z"));
        await Found(pixabay, Photos(new string('w', 99) + "🌊 z"));
        Assert.That(Site.Pixabay.Asked.Select(asked => asked.Query["q"]), Is.EqualTo(new[] { $"{word} {word}", new string('w', 99) }));
    }
}
