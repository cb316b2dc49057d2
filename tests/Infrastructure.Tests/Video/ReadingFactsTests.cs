using MediaPlatform.Infrastructure.Video;

namespace MediaPlatform.Infrastructure.Tests.Video;

internal sealed class ReadingFactsTests
{
    private readonly FfmpegVideoProber prober = Probers.With();

    [TestCase("plain.mp4", "MP4", "h264", "aac")]
    [TestCase("tagged.mov", "QuickTime", "h264", null)]
    [TestCase("plain.mkv", "Matroska", "h264", "aac")]
    [TestCase("plain.webm", "WebM", "vp8", "vorbis")]
    [TestCase("plain.avi", "AVI", "mpeg4", "mp3")]
    [TestCase("plain.mxf", "MXF", "mpeg2video", "pcm_s16le")]
    public async Task A_film_of_each_format_is_recognised_and_read(string file, string format, string videoCodec, string? audioCodec)
    {
        Assert.That(Films.Format(Films.File(file)).Name, Is.EqualTo(format));

        var facts = await prober.Facts(Films.File(file));

        Assert.Multiple(() =>
        {
            Assert.That((facts.Width, facts.Height), Is.EqualTo((320, 240)));
            Assert.That(facts.FramesPerSecond, Is.EqualTo(25).Within(0.1));
            Assert.That(facts.DurationMs, Is.EqualTo(file == "plain.webm" ? 1000 : 3000).Within(60));
            Assert.That(facts.VideoCodec, Is.EqualTo(videoCodec));
            Assert.That(facts.AudioCodec, Is.EqualTo(audioCodec));
            Assert.That(facts.HasAudio, Is.EqualTo(audioCodec is not null));
            Assert.That(facts.HasAttachedPicture, Is.False);
            Assert.That(facts.BitRate, Is.GreaterThan(1000));
        });
    }

    [TestCase("sound.m4a", "M4A", "aac")]
    [TestCase("sound.wav", "WAV", "pcm_s16le")]
    [TestCase("sound.flac", "FLAC", "flac")]
    [TestCase("sound.ogg", "Ogg audio", "vorbis")]
    [TestCase("bare.mp3", "MP3", "mp3")]
    [TestCase("covered.mp3", "MP3", "mp3")]
    [TestCase("covered.flac", "FLAC", "flac")]
    public async Task A_sound_of_each_format_is_recognised_and_read(string file, string format, string codec)
    {
        Assert.That(Films.Format(Films.File(file)).Name, Is.EqualTo(format));

        var facts = await prober.Facts(Films.File(file));

        Assert.Multiple(() =>
        {
            Assert.That((facts.Width, facts.Height, facts.FramesPerSecond, facts.VideoCodec), Is.EqualTo(((int?)null, (int?)null, (double?)null, (string?)null)));
            Assert.That(facts.AudioCodec, Is.EqualTo(codec));
            Assert.That(facts.HasAudio, Is.True);
            Assert.That(facts.DurationMs, Is.EqualTo(2000).Within(60));
            Assert.That(facts.HasAttachedPicture, Is.EqualTo(file.StartsWith("covered", StringComparison.Ordinal)));
        });
    }

    [TestCase("turned-90.mp4", 240, 320)]
    [TestCase("turned-180.mp4", 320, 240)]
    [TestCase("turned-270.mp4", 240, 320)]
    public async Task A_turned_film_has_the_size_that_is_seen(string file, int width, int height)
    {
        var facts = await prober.Facts(Films.File(file));
        Assert.That((facts.Width, facts.Height), Is.EqualTo(((int?)width, (int?)height)));
    }

    [Test]
    public async Task Pixels_that_are_not_square_are_squared()
    {
        var facts = await prober.Facts(Films.File("anamorphic.mp4"));
        Assert.That((facts.Width, facts.Height), Is.EqualTo(((int?)640, (int?)240)));
    }

    [Test]
    public async Task A_variable_rate_is_told_as_its_average() =>
        Assert.That((await prober.Facts(Films.File("variable.mp4"))).FramesPerSecond, Is.EqualTo(35 / 3.0).Within(1));

    [Test]
    public async Task A_recording_without_an_end_has_no_duration() =>
        Assert.That((await prober.Facts(Films.File("untimed.mkv"))).DurationMs, Is.Null);

    [Test]
    public async Task The_location_is_kept_apart_and_people_are_left_out()
    {
        var metadata = (await prober.Facts(Films.File("tagged.mov"))).Metadata;

        Assert.Multiple(() =>
        {
            Assert.That(metadata.Gps, Is.EqualTo(new Application.Media.GpsPosition(52.3731, 4.8922, 12.5)));
            Assert.That(metadata.CapturedAt, Is.EqualTo(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)));
            Assert.That(metadata.Exif.Keys, Is.EquivalentTo(new[] { "camera_make", "camera_model", "software" }));
            Assert.That(metadata.Exif["camera_make"], Is.EqualTo("Acme"));
        });
    }

    [Test]
    public async Task A_creation_time_is_read() =>
        Assert.That((await prober.Facts(Films.File("plain.mp4"))).Metadata.CapturedAt, Is.EqualTo(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)));

    [TestCase("+27.5916+086.5640+8850/", 27.5916, 86.5640, 8850.0)]
    [TestCase("-33.8568+151.2153/", -33.8568, 151.2153, null)]
    [TestCase("+4042-07400/", 40.7, -74.0, null)]
    [TestCase("+404200.0-0740000.0+010CRSWGS_84/", 40.7, -74.0, 10.0)]
    [TestCase("-00.5-000.5/", -0.5, -0.5, null)]
    public void A_location_is_read_in_each_notation(string text, double latitude, double longitude, double? altitude)
    {
        var position = VideoTags.ReadLocation(text)!;
        Assert.That(position.Latitude, Is.EqualTo(latitude).Within(1e-9));
        Assert.That(position.Longitude, Is.EqualTo(longitude).Within(1e-9));
        Assert.That(position.Altitude, Is.EqualTo(altitude));
    }

    [TestCase("")]
    [TestCase("here")]
    [TestCase("+91+000/")]
    [TestCase("+10+181/")]
    [TestCase("+1+1/")]
    [TestCase("+123+4567/")]
    public void A_location_that_cannot_be_is_none(string text) =>
        Assert.That(VideoTags.ReadLocation(text), Is.Null);

    [Test]
    public async Task Films_of_the_world_are_read()
    {
        var (mp4, webm) = Films.OfTheWorld();
        var (film, web) = (await prober.Facts(mp4), await prober.Facts(webm));

        Assert.Multiple(() =>
        {
            Assert.That(film.VideoCodec, Is.EqualTo("h264"));
            Assert.That(film.Width * film.Height, Is.GreaterThan(10_000));
            Assert.That(film.DurationMs, Is.GreaterThan(900));
            Assert.That(web.VideoCodec, Does.StartWith("vp"));
            Assert.That(web.HasAudio, Is.True);
        });
    }
}
