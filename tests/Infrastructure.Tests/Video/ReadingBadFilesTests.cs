using MediaPlatform.Infrastructure.Video;

namespace MediaPlatform.Infrastructure.Tests.Video;

internal sealed class ReadingBadFilesTests
{
    private readonly FfmpegVideoProber prober = Probers.With();

    [TestCase("cut.mp4", "mov")]
    [TestCase("cut-front.mp4", "mov")]
    [TestCase("cut.wav", "wav")]
    [TestCase("cut.avi", "avi")]
    public async Task A_file_that_is_cut_off_says_so(string file, string demuxer) =>
        await Expect("VIDEO_TRUNCATED", file, demuxer);

    [Test]
    public async Task A_file_that_is_cut_off_anywhere_says_so(
        [Values("plain.mkv", "plain.webm", "plain.mxf", "bare.mp3", "covered.mp3", "sound.flac", "covered.flac", "sound.ogg")] string name, [Values(4, 6, 9)] int tenths)
    {
        var outcome = await prober.Probe(Films.File($"cut-{tenths}-{name}"));
        Assert.That(outcome.Fault?.Code, Is.EqualTo("VIDEO_TRUNCATED"));
        Assert.That(outcome.Fault!.Message, Does.Contain("missing"));
    }

    [Test]
    public async Task Text_with_the_name_of_a_film_cannot_be_read() =>
        await Expect("VIDEO_CORRUPT", "text.mp4", "mov");

    [Test]
    public async Task A_film_with_nothing_behind_its_first_bytes_cannot_be_read() =>
        await Expect("VIDEO_CORRUPT", "noise.mp4", "mov");

    [TestCase("mov")]
    [TestCase("avi")]
    [TestCase("matroska")]
    [TestCase("mp3")]
    public async Task A_playlist_is_not_followed_whatever_it_is_taken_for(string demuxer)
    {
        var named = Films.File("secret.mp4");
        File.Copy(Films.File("plain.mp4"), named, overwrite: true);
        await File.WriteAllTextAsync(Films.File("playlist.mp4"), $"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{named}\n#EXT-X-ENDLIST\n");
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastAccessTimeUtc(named, longAgo);

        var outcome = await prober.Probe(Films.File("playlist.mp4"), demuxer, CancellationToken.None);

        Assert.That(outcome.Facts, Is.Null);
        Assert.That(outcome.Fault!.Code, Is.EqualTo("VIDEO_CORRUPT").Or.EqualTo("VIDEO_NO_STREAM"));
        Assert.That(File.GetLastAccessTimeUtc(named), Is.EqualTo(longAgo), "The file that the playlist names was read.");
    }

    [Test]
    public async Task A_film_that_names_another_file_as_its_data_does_not_get_it()
    {
        var named = Films.File("referred.mp4");
        File.Copy(Films.File("plain.mp4"), named, overwrite: true);
        await File.WriteAllBytesAsync(Films.File("refers.mov"), Referring(await File.ReadAllBytesAsync(Films.File("tagged.mov")), Path.GetFileName(named)));
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastAccessTimeUtc(named, longAgo);

        var outcome = await prober.Probe(Films.File("refers.mov"));
        if (outcome.Facts is { } facts) await prober.WritePoster(Films.File("refers.mov"), "mov", facts, Films.File("refers.png"), CancellationToken.None);

        Assert.That(outcome.Fault?.Code, Is.Null.Or.EqualTo("VIDEO_CORRUPT"));
        Assert.That(File.GetLastAccessTimeUtc(named), Is.EqualTo(longAgo), "The file that the film names was read.");
        Assert.That(File.Exists(Films.File("refers.png")), Is.False);
    }

    [TestCase("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{0}\n#EXT-X-ENDLIST\n")]
    [TestCase("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:3,\nconcat:{0}|{0}\n#EXT-X-ENDLIST\n")]
    [TestCase("ffconcat version 1.0\nfile {0}\n")]
    [TestCase("1\n00:00:00,000 --> 00:00:01,000\nSubtitles\n")]
    public async Task An_avi_whose_subtitles_are_a_list_of_files_gets_none_of_them(string content)
    {
        var named = Films.File($"{Guid.NewGuid():n}.mp4");
        File.Copy(Films.File("plain.mp4"), named);
        var path = Films.File($"{Guid.NewGuid():n}.avi");
        var film = MediaPlatform.Tests.Support.Samples.Made("film.avi", "-f lavfi -i testsrc2=s=320x240:d=1 -c:v mpeg4");
        await File.WriteAllBytesAsync(path, MediaPlatform.Tests.Support.HandMade.WithSubtitles(film, content.Replace("{0}", named, StringComparison.Ordinal)));
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastAccessTimeUtc(named, longAgo);

        var outcome = await prober.Probe(path, "avi", CancellationToken.None);
        if (outcome.Facts is { } facts) Assert.That(await prober.WritePoster(path, "avi", facts, path + ".png", CancellationToken.None), Is.Null);

        Assert.That(outcome.Facts?.VideoCodec, Is.EqualTo("mpeg4"), "the film itself is one");
        Assert.That(File.GetLastAccessTimeUtc(named), Is.EqualTo(longAgo), "The file that the subtitles name was read.");
    }

    [TestCase("plain.mp4", 76_799, TestName = "A frame that its decoder refuses is too large")]
    [TestCase("anamorphic.mp4", 100_000, TestName = "A frame that is too large only when its pixels are squared is too large")]
    public async Task A_frame_of_too_many_pixels_is_refused(string file, int maxPixels)
    {
        var outcome = await Probers.With(new VideoOptions { MaxPixels = maxPixels }).Probe(Films.File(file));
        Assert.That(outcome.Fault?.Code, Is.EqualTo("VIDEO_TOO_LARGE"));
    }

    [Test]
    public async Task A_probe_that_hangs_ends_at_its_limit_and_leaves_nothing()
    {
        var hanging = Probers.With(new VideoOptions { FfprobePath = Films.Script("hangs", "exec sleep 71.25"), ProbeTimeLimit = TimeSpan.FromSeconds(6) });

        var probing = hanging.Probe(Films.File("plain.mp4"));
        var id = await Probers.UntilRunning("sleep 71.25");
        var outcome = await probing;

        Assert.That(outcome.Fault!.Code, Is.EqualTo("VIDEO_TIMED_OUT"));
        Assert.That(outcome.Fault.Retryable, Is.True);
        Assert.That(Probers.Exists(id), Is.False);
    }

    [Test]
    public async Task A_probe_that_is_cancelled_leaves_nothing()
    {
        var waiting = Probers.With(new VideoOptions { FfprobePath = Films.Script("waits", "exec sleep 72.25") });
        using var cancellation = new CancellationTokenSource();

        var probing = waiting.Probe(Films.File("plain.mp4"), "mov", cancellation.Token);
        var id = await Probers.UntilRunning("sleep 72.25");
        await cancellation.CancelAsync();

        Assert.That(async () => await probing, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Probers.Exists(id), Is.False);
    }

    [Test]
    public async Task A_probe_that_never_stops_talking_is_stopped()
    {
        var outcome = await Probers.With(new VideoOptions { FfprobePath = Films.Script("talks", "exec yes") }).Probe(Films.File("plain.mp4"));
        Assert.That(outcome.Fault!.Code, Is.EqualTo("VIDEO_CORRUPT"));
    }

    [TestCase("{\"streams\": [")]
    [TestCase("[]")]
    [TestCase("{\"streams\": [{\"codec_type\": \"video\", \"width\": \"wide\"}]}")]
    public async Task A_description_that_cannot_be_read_is_a_corrupt_file(string json)
    {
        await File.WriteAllTextAsync(Films.File("answer.json"), json);
        var answering = Probers.With(new VideoOptions { FfprobePath = Films.Script("answers", $"exec cat {Films.File("answer.json")}") });

        Assert.That((await answering.Probe(Films.File("plain.mp4"))).Fault!.Code, Is.EqualTo("VIDEO_CORRUPT"));
    }

    private async Task Expect(string code, string file, string demuxer)
    {
        var outcome = await prober.Probe(Films.File(file), demuxer, CancellationToken.None);

        Assert.That(outcome.Facts, Is.Null);
        Assert.That(outcome.Fault!.Code, Is.EqualTo(code));
        Assert.That(outcome.Fault.Message, Does.Not.Contain("/"));
    }

    /// <summary>Puts an alias (QuickTime File Format, dref) in the place of "the data are in this file", by name from this folder and by path.</summary>
    private static byte[] Referring(byte[] film, string name)
    {
        var path = System.Text.Encoding.ASCII.GetBytes(name);
        var record = new byte[150];
        (record[6], record[7]) = (0, 2);
        record[50] = (byte)path.Length;
        path.CopyTo(record, 51);
        (record[131], record[133]) = (1, 1); // a level up, a level down: beside this file
        byte[] alias = [0, 0, 0, 0, .. "alis"u8, 0, 0, 0, 0, .. record, 0, 2, 0, (byte)path.Length, .. path, .. new byte[path.Length & 1], 0xFF, 0xFF, 0, 0];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(alias, alias.Length);

        var own = film.AsSpan().IndexOf("url \0\0\0\u0001"u8) - 4;
        byte[] changed = [.. film[..own], .. alias, .. film[(own + 12)..]];
        foreach (var box in new[] { "moov", "trak", "mdia", "minf", "dinf", "dref" })
        {
            var at = film.AsSpan(0, own).LastIndexOf(System.Text.Encoding.ASCII.GetBytes(box)) - 4;
            var size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(film.AsSpan(at)) + alias.Length - 12;
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(at), size);
        }

        return changed;
    }
}
