using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Video;

namespace MediaPlatform.Infrastructure.Tests.Video;

internal sealed class MakingPostersTests
{
    private readonly FfmpegVideoProber prober = Probers.With();
    private string poster = "";

    [SetUp]
    public void NameThePoster() => poster = Films.File($"poster-{Guid.NewGuid():N}.png");

    [TestCase("halves.mp4", 320, 240, "red", "other", "blue", "other")]
    [TestCase("turned-90.mp4", 240, 320, "other", "red", "other", "blue")]
    [TestCase("turned-180.mp4", 320, 240, "blue", "other", "red", "other")]
    [TestCase("turned-270.mp4", 240, 320, "other", "blue", "other", "red")]
    public async Task A_poster_stands_upright(string file, int width, int height, string top, string right, string bottom, string left)
    {
        await Write(file);

        var seen = Films.Look(poster);
        Assert.That((seen.Width, seen.Height), Is.EqualTo((width, height)));
        foreach (var (edge, expected) in seen.Edges.Zip([top, right, bottom, left]))
        {
            if (expected != "other") Assert.That(edge, Is.EqualTo(expected), string.Join(", ", seen.Edges));
        }
    }

    [Test]
    public async Task A_poster_has_square_pixels()
    {
        await Write("anamorphic.mp4");
        Assert.That(Films.Look(poster) is { Width: 640, Height: 240 }, Is.True);
    }

    [TestCase("red-then-blue.mp4", TestName = "The poster of a film is at one second")]
    [TestCase("short.mp4", TestName = "The poster of a film of 0.4 s is in its middle")]
    public async Task The_poster_is_not_the_first_frame(string file)
    {
        await Write(file);
        Assert.That(Films.Look(poster).Edges, Has.All.EqualTo("blue"));
    }

    [TestCase("plain.webm")]
    [TestCase("plain.mkv")]
    [TestCase("plain.avi")]
    [TestCase("untimed.mkv", TestName = "A film of unknown duration gives its first frame")]
    [TestCase("stops-early.mkv", TestName = "A film whose pictures end before one second gives its first frame")]
    public async Task A_poster_is_made_of(string file) => await Write(file);

    [Test]
    public async Task Films_of_the_world_have_posters()
    {
        foreach (var film in (string[])[Films.OfTheWorld().Mp4, Films.OfTheWorld().WebM])
        {
            var facts = await Write(film);
            Assert.That(((int?)Films.Look(poster).Width, (int?)Films.Look(poster).Height), Is.EqualTo((facts.Width, facts.Height)));
        }
    }

    [Test]
    public async Task The_poster_of_a_sound_is_its_cover()
    {
        await Write("covered.mp3");
        var seen = Films.Look(poster);
        Assert.That((seen.Width, seen.Height), Is.EqualTo((90, 70)));
        Assert.That(seen.Edges, Has.All.EqualTo("red"));
    }

    [Test]
    public async Task A_sound_without_a_cover_has_none()
    {
        var facts = await prober.Facts(Films.File("bare.mp3"));
        await ExpectFault("POSTER_FAILED", "bare.mp3", facts, prober);
    }

    [Test]
    public async Task A_film_without_a_frame_that_can_be_decoded_has_none()
    {
        var facts = await prober.Facts(Films.File("plain.mp4"));
        await ExpectFault("POSTER_FAILED", "noise.mp4", facts, prober);
    }

    [Test]
    public async Task A_poster_that_takes_too_long_is_given_up_and_nothing_is_left()
    {
        var facts = await prober.Facts(Films.File("plain.mp4"));
        var slow = Probers.With(new VideoOptions { FfmpegPath = Films.Script("slow", "exec sleep 73.25"), PosterTimeLimit = TimeSpan.FromMilliseconds(300) });

        await ExpectFault("VIDEO_TIMED_OUT", "plain.mp4", facts, slow);
        Assert.That(Probers.Running("sleep 73.25"), Is.Empty);
    }

    [Test]
    public async Task A_full_disk_is_told_and_may_be_tried_again()
    {
        var facts = await prober.Facts(Films.File("plain.mp4"));
        File.CreateSymbolicLink(poster, "/dev/full");

        await ExpectFault("DISK_FULL", "plain.mp4", facts, prober);
    }

    [Test]
    public async Task A_poster_larger_than_its_limit_is_not_left_half_written()
    {
        var facts = await prober.Facts(Films.File("plain.mp4"));
        await ExpectFault("POSTER_FAILED", "plain.mp4", facts with { Width = 4000, Height = 4000 }, Probers.With(new VideoOptions { MaxPixels = 76_800 }));
    }

    private async Task<VideoFacts> Write(string file)
    {
        var path = Path.Combine(Films.Folder, file);
        var facts = await prober.Facts(path);
        var fault = await prober.WritePoster(path, Films.Demuxer(path), facts, poster, CancellationToken.None);
        Assert.That(fault, Is.Null);
        Assert.That(new FileInfo(poster).Length, Is.Positive);
        return facts;
    }

    private async Task ExpectFault(string code, string file, VideoFacts facts, FfmpegVideoProber by)
    {
        var fault = await by.WritePoster(Films.File(file), Films.Demuxer(Films.File(file)), facts, poster, CancellationToken.None);

        Assert.That(fault?.Code, Is.EqualTo(code));
        Assert.That(fault!.Message, Does.Not.Contain("/"));
        Assert.That(fault.Retryable, Is.EqualTo(code != "POSTER_FAILED"));
        Assert.That(File.Exists(poster), Is.False);
    }
}
