using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Library;

internal sealed class SearchingUnsplashTests : StockFixture
{
    private IStockProvider unsplash = null!;

    [SetUp]
    public void Ask() => unsplash = A("unsplash");

    [Test]
    public async Task A_photo_is_the_file_as_it_was_given()
    {
        Site.Unsplash.Photos = [new("LBI7cgq3pbM", 5245, 3497) { Title = "a man drinking coffee", Author = "Gilbert Kane", Tags = ["man", "Coffee", "coffee"] }];

        var photo = (await Found(unsplash, Photos("coffee"))).Single();
        Assert.That(photo.Tags, Is.EqualTo(new[] { "man", "Coffee" }));
        Assert.That(photo with { Tags = [] }, Is.EqualTo(new StockItem(
            "unsplash", "LBI7cgq3pbM", MediaType.Image, new Uri($"{Site.Url}/files/unsplash/photos/LBI7cgq3pbM/raw.jpg?ixid=M3w0&ixlib=rb-4.0.3"),
            new Uri("https://unsplash.com/photos/LBI7cgq3pbM"), 5245, 3497)
        {
            Author = "Gilbert Kane", Title = "a man drinking coffee", Tags = [], DownloadLocation = new Uri($"{Site.Url}/photos/LBI7cgq3pbM/download?ixid=M3w0"),
        }));
    }

    [Test]
    public async Task It_has_no_videos()
    {
        Assert.That((unsplash.Has(MediaType.Image), unsplash.Has(MediaType.Video)), Is.EqualTo((true, false)));
        var answer = await unsplash.Search(Videos(), default);
        Assert.That((answer.Items.Count, answer.Calls, answer.Fault), Is.EqualTo((0, 0, (StockFault?)null)));
    }

    [Test]
    public async Task It_is_asked_with_its_version_and_thirty_at_most()
    {
        await Found(unsplash, Photos("sea shore", count: 20) with { AspectRatio = 1.05 });
        var asked = Site.Unsplash.Asked.Single();
        Assert.That(asked.Path + asked.Raw, Is.EqualTo("/search/photos?query=sea%20shore&per_page=30&orientation=squarish"));
        Assert.That((asked.Headers["Authorization"], asked.Headers["Accept-Version"]), Is.EqualTo(($"Client-ID {Site.Unsplash.Key}", "v1")));
    }

    [Test]
    public async Task What_is_too_small_is_left_out_and_the_order_stays()
    {
        Site.Unsplash.Photos = [new("c", 1920, 1080), new("a", 1919, 5000), new("b", 5000, 1080)];
        Assert.That(Ids(await Found(unsplash, Photos() with { MinWidth = 1920, MinHeight = 1080 })), Is.EqualTo(new[] { "c", "b" }));
    }

    [Test]
    public async Task It_is_told_of_a_download()
    {
        Site.Unsplash.Photos = [new("a", 1920, 1080)];
        await unsplash.NoteDownload((await Found(unsplash, Photos())).Single(), default);
        Assert.That(Site.Unsplash.Noted, Is.EqualTo(new[] { "a" }));
        Assert.That(Log.All, Is.Empty);
    }

    [Test]
    public async Task That_it_could_not_be_told_is_logged_and_harmless()
    {
        Site.Unsplash.Photos = [new("a", 1920, 1080)];
        var photo = (await Found(unsplash, Photos())).Single();
        Site.Unsplash.Reply(new StockReply(401));
        await unsplash.NoteDownload(photo, default);
        Assert.That(Log.All.Single(), Does.Contain(StockFault.Refused).And.Not.Contains(Site.Unsplash.Key).And.Not.Contains("/photos/"));
    }

    [Test]
    public async Task The_key_goes_to_no_other_server()
    {
        await using var stranger = await StockSite.Start();
        Site.Unsplash.Photos = [new("a", 1920, 1080)];
        var photo = (await Found(unsplash, Photos())).Single() with { DownloadLocation = new Uri($"{stranger.Url}/photos/a/download") };
        await unsplash.NoteDownload(photo, default);
        Assert.That(stranger.Unsplash.Noted, Is.Empty);
        Assert.That(Log.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Others_do_not_want_to_know()
    {
        Site.Pexels.Photos = [new("1", 1920, 1080)];
        var pexels = A("pexels");
        await pexels.NoteDownload((await Found(pexels, Photos())).Single(), default);
        Assert.That(Site.Pexels.Asked, Has.Count.EqualTo(1));
        Assert.That(Site.Pexels.Noted, Is.Empty);
    }
}
