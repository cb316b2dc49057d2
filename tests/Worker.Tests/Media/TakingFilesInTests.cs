using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Media;

/// <summary>
/// What becomes of each file: through the real upload, queue, worker and decoders. The colours of real files were read with ffmpeg 5.1; where a
/// profile, CMYK or CIELAB is in play, with Little CMS by `vips icc_transform`.
/// </summary>
internal sealed class TakingFilesInTests() : PlatformFixture(withWorker: true, new Dictionary<string, string?> { ["Imaging:Processes"] = "2" })
{
    private const int Within = 12;

    private static readonly ConcurrentDictionary<string, Task<Outcome>> Outcomes = new();

    [OneTimeSetUp]
    public async Task Prepare()
    {
        using var four = new SemaphoreSlim(4);
        await Task.WhenAll(All().Select(async taken =>
        {
            await four.WaitAsync();
            try
            {
                await (Outcomes[taken.Name] = Take(taken));
            }
            catch (Exception) when (Outcomes.ContainsKey(taken.Name))
            {
                // the test of this file says so
            }
            finally
            {
                four.Release();
            }
        }));
    }

    [TestCaseSource(nameof(All))]
    public async Task A_file_becomes_what_it_should(Taken taken)
    {
        var (asset, renditions) = await Outcomes[taken.Name];
        if (taken.Code is not null)
        {
            Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("failed"), asset.ToJsonString());
            Assert.That(taken.Code.Split(' '), Does.Contain(asset["error_code"]!.GetValue<string>()), asset.ToJsonString());
            Assert.That(renditions, Is.Empty);
            return;
        }

        Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("ready"), asset.ToJsonString());
        Assert.That(asset["type"]!.GetValue<string>(), Is.EqualTo(taken.Type));
        Assert.That(((int?)asset["width"], (int?)asset["height"]), Is.EqualTo((taken.Width, taken.Height)));
        Assert.That(asset["processing_warnings"]!.AsArray().Select(warning => warning!["code"]!.GetValue<string>()), Is.EqualTo(taken.Warning is null ? [] : new[] { taken.Warning }));
        Assert.That(renditions.Select(rendition => rendition.Preset), Is.EquivalentTo(taken.Presets));
        foreach (var (preset, format, width, height, bytes) in renditions)
        {
            Assert.That(format, Is.EqualTo(taken.Format), preset);
            if (taken.Corners is not null) Assert.That(Look.Quarters(bytes, width, height), Is.EqualTo(taken.Corners), preset);
            if (taken.Colors is null) continue;
            var seen = Look.Diagonal(bytes, width, height);
            Assert.That(seen.Zip(taken.Colors.Split(' '), Look.Apart), Has.All.LessThanOrEqualTo(Within), $"{preset} has {string.Join(' ', seen)} instead of {taken.Colors}");
        }
    }

    [Test]
    public async Task After_all_of_them_the_worker_goes_on_and_the_store_holds_what_the_database_says()
    {
        var good = (await Owner.Upload(Samples.Photo(), "good.jpg", waitSeconds: 30)).Expect(HttpStatusCode.Created).Data;
        Assert.That(good["status"]!.GetValue<string>(), Is.EqualTo("ready"));

        await Eventually.Is("nothing is to be done", async () => await Platform.Sql<bool>("select not exists (select from jobs where status in ('queued', 'running')) and not exists (select from object_deletions where due_at <= now())"));
        var known = await Platform.Sql<string[]>("select array_agg(storage_key order by storage_key) from (select storage_key from media_assets union all select storage_key from media_variants) stored");
        Assert.That(await Platform.StoredObjects(), Is.EquivalentTo(known!));
        Assert.That(Platform.StoredKeys(), Is.EquivalentTo(known!), "nothing unfinished either");
    }

    [Test]
    public void Every_real_file_is_in_the_table()
    {
        var tested = All().Select(taken => taken.Name).ToHashSet(StringComparer.Ordinal);
        var files = new[] { "images", "orientation", "video" }.SelectMany(folder => Corpus.Files(folder).Select(path => $"{folder}/{Path.GetFileName(path)}"));
        Assert.That(files.Where(file => !tested.Contains(file)), Is.Empty);
    }

    public static IEnumerable<Taken> All() => Real().Where(taken => File(taken.Name) is not null).Concat(Made());

    private static IEnumerable<Taken> Real()
    {
        yield return Picture("images/16-bit-grey-alpha.png", 109, 96, "webp", "clear clear clear");
        yield return Picture("images/2569067123_aca715a2ee_o.jpg", 2725, 2225, "jpeg", "4b301e 9d8274 614932");
        yield return Picture("images/2x2_fdcce6.png", 2, 2, "jpeg", "fdcc6e fdcc6e fdcc6e");
        yield return Picture("images/320x240.jpg", 320, 240, "jpeg", "bdbdbd 8f8e8f bcbbbb");
        yield return Picture("images/4.webp", 1024, 772, "jpeg", "63a4cf 4e8bae 7fb6c8");
        yield return Picture("images/50020484-00001.png", 2809, 2074, "jpeg", "cacaca dadada f5f5f5");
        yield return Picture("images/5_webp_a.webp", 300, 300, "webp", "974a835b 322c3033 4b995c5a");
        yield return Picture("images/8bit_depth.tiff", 21, 21, "jpeg", "000000 ffffff ffffff");
        yield return Picture("images/Channel_digital_image_CMYK_color.jpg", 500, 333, "jpeg", "62625e 778467 c5c4c4");
        yield return Picture("images/Channel_digital_image_CMYK_color_no_profile.jpg", 500, 333, "jpeg", "646162 757e66 bdbabb");
        yield return Picture("images/Crash_test.gif", 800, 533, "jpeg", "798857 adb2b1 8c8c79");
        yield return Picture("images/Flag_of_the_Netherlands-16bit.png", 900, 600, "jpeg", "af1c28 ffffff 21468c");
        yield return Picture("images/Flag_of_the_Netherlands-alpha.png", 900, 600, "webp", "ae1c2880 ffffff80 21468b80");
        yield return Picture("images/Flag_of_the_Netherlands.png", 900, 600, "jpeg", "ae1c28 ffffff 21468b");
        yield return Picture("images/G31D.TIF", 2464, 3248, "jpeg", "f7f7f7 e9e9e9 cccccc");
        yield return Picture("images/G31D_MULTI.TIF", 2464, 3248, "jpeg", "f7f7f7 e9e9e9 cccccc");
        yield return Picture("images/alpha-layer-0-background.png", 2048, 1536, "jpeg", "f5f4f0 f5f4f0 f5f4f0");
        yield return Picture("images/alpha-layer-1-fill.png", 2048, 1536, "webp", "5a428f19 372766 eb003397");
        yield return Picture("images/alpha-layer-2-ink.jpg", 2048, 1536, "jpeg", "ffffff fcfcfd ffffff");
        yield return Picture("images/alpha-premultiply-1024x768-paper.png", 1024, 768, "webp", "d31d0f3f c7282822 f50a0352");
        yield return Picture("images/alpha-premultiply-2048x1536-paper.png", 2048, 1536, "webp", "9447231d 6262620c clear");
        yield return Picture("images/animated-loop-3.gif", 370, 285, "jpeg", "fefffc fefffc fefffc");
        yield return Picture("images/animated-loop-3.webp", 370, 285, "jpeg", "fffffd fffffd fffffd");
        yield return Picture("images/bandbool.png", 200, 200, "jpeg", "ff0000 c281ff 55aa00");
        yield return Picture("images/bgbn4a08.png", 32, 32, "webp", "d1d1d12d 8383837b 313131cd");
        yield return Picture("images/bggn4a16.png", 32, 32, "webp", "1b1b1b51 4a4a4aef 1515155c");
        yield return Picture("images/big-height.webp", 13, 169, "jpeg", "ffffff ffffff ffffff");
        yield return Picture("images/blackbug.png", 2048, 1536, "webp", "clear clear clear");
        yield return Picture("images/bonne.geo.tif", 200, 200, "jpeg", "2a2a2a 2e2e2e 1b1b1b");
        yield return Picture("images/booleanTest.jpg", 320, 240, "jpeg", "00cbca f83047 000000");
        yield return Picture("images/centered_image.jpeg", 75, 105, "jpeg", "7f7f7e 8d8d8b 91918f");
        yield return Picture("images/check.svg", 100, 100, "webp", "clear 008000 clear");
        yield return Picture("images/cielab-dagams.tiff", 400, 266, "jpeg", "73864d 485151 435834");
        yield return Picture("images/circle.svg", 8, 8, "webp", "ff1493ed ff1493 ff1493ed");
        yield return Picture("images/concert.jpg", 400, 267, "jpeg", "000000 3b3b3b 0c0c0c");
        yield return Picture("images/d.png", 48, 48, "webp", "ffffff fbfbfb a3a1a2");
        yield return Picture("images/dot-and-lines.png", 100, 100, "jpeg", "1a1a1a f7f7f7 ffffff");
        yield return Picture("images/embedgravitybird.png", 576, 384, "jpeg", "89896f 706f51 918782");
        yield return Picture("images/flowers.jpeg", 1920, 1080, "jpeg", "be9284 fec3b1 be9284");
        yield return Picture("images/fogra-0-100-100-0.tif", 1000, 1000, "jpeg", "e30614 e30614 e30614");
        yield return Picture("images/full-transparent.png", 300, 300, "webp", "clear clear clear");
        yield return Picture("images/gain-map.jpg", 3840, 2160, "jpeg", "2e353c c1a99a 5c6268");
        yield return Picture("images/gamma_dalai_lama_gray.jpg", 258, 222, "jpeg", "807f7f 847c82 7f7f7f");
        yield return Picture("images/gradients-rgb8.png", 1000, 1000, "jpeg", "2b261c 391a13 474749");
        yield return Picture("images/grey-8bit-alpha.png", 400, 300, "webp", "ededed75 e1e1e1 clear");
        yield return Picture("images/grey-plus-alpha.gif", 2, 1, "webp", "656565 656565 clear");
        yield return Picture("images/image-in-alpha.png", 928, 169, "webp", "0000001a 00000055 00000020");
        yield return Picture("images/input.above.composite.premultiplied.png", 80, 80, "webp", "c2c0bf32 6e6c6933 3b383433");
        yield return Picture("images/input.below.composite.premultiplied.png", 80, 80, "jpeg", "a77534 9b6528 a97634");
        yield return Picture("images/low-contrast.jpg", 300, 245, "jpeg", "847266 a59f9a 978574");
        yield return Picture("images/p3.png", 8, 8, "jpeg", "ff0000 ff0000 ff0000");
        yield return Picture("images/pitm.avif", 4096, 800, "jpeg", "1a2333 49373d 162030");
        yield return Picture("images/prophoto.png", 1, 1, "jpeg", "75a0d2 75a0d2 75a0d2");
        yield return Picture("images/random.jpg", 200, 200, "jpeg", "827a82 817e8b 858182");
        yield return Picture("images/relax.jp2", 320, 240, "jpeg", "204026 7c9297 3b683b");
        yield return Picture("images/rotating-squares.gif", 80, 80, "webp", "35d6fec3 clear 7391abc3");
        yield return Picture("images/rotating-squares.webp", 80, 80, "webp", "38d6f4c3 clear 7392aac3");
        yield return Picture("images/sdr_cosmos12920_cicp1-13-6_yuv444_full_qp10.avif", 2048, 858, "jpeg", "a71339 2a878c c0009a");
        yield return Picture("images/slight-gradient-border.png", 1000, 1000, "jpeg", "f2e631 f2e631 f2e631");
        yield return Picture("images/stripesH.png", 320, 240, "jpeg", "808080 808080 808080");
        yield return Picture("images/stripesV.png", 320, 240, "jpeg", "808080 808080 808080");
        yield return Picture("images/struct-image-04-t.svg", 480, 360, "webp", "clear b6bcb980 3c3d35d4");
        yield return Picture("images/swiss.png", 68, 68, "jpeg", "ffffff fcfbfb ffffff");
        yield return Picture("images/tbgn2c16.png", 32, 32, "webp", "928686af 9f9f9f clear");
        yield return Picture("images/test-pattern.png", 1280, 960, "webp", "cccccc 86f27b cbcbcb");
        yield return Picture("images/testJoinChannel.png", 320, 240, "jpeg", "000000 000000 000000");
        yield return Picture("images/thRandom.jpg", 200, 200, "jpeg", "121212 0d0d0d 0c0c0c");
        yield return Picture("images/tifftag-photoshop.tiff", 317, 211, "jpeg", "101d0a 121f0e 0c1708");
        yield return Picture("images/trim-mc.png", 200, 240, "webp", "0000005c 00000058 clear");
        yield return Picture("images/uncompressed_tiff.tiff", 246, 345, "jpeg", "cca589 aa7c57 82573d");
        yield return Picture("images/with-alpha.png", 256, 192, "webp", "5b00c2a8 5b00c2a8 5b00c2a8");
        yield return Picture("orientation/Landscape_0.jpg", 1800, 1200, "jpeg", "9dbde6 72808a 485461");
        yield return Picture("orientation/Landscape_1.jpg", 1800, 1200, "jpeg", "9dbde6 687883 485461");
        yield return Picture("orientation/Landscape_2.jpg", 1800, 1200, "jpeg", "9dbde7 707e88 485461");
        yield return Picture("orientation/Landscape_3.jpg", 1800, 1200, "jpeg", "9dbde7 707e88 485461");
        yield return Picture("orientation/Landscape_4.jpg", 1800, 1200, "jpeg", "9dbde6 728089 485461");
        yield return Picture("orientation/Landscape_5.jpg", 1800, 1200, "jpeg", "9dbde6 717f88 485461");
        yield return Picture("orientation/Landscape_6.jpg", 1800, 1200, "jpeg", "9dbde7 75828c 485461");
        yield return Picture("orientation/Landscape_7.jpg", 1800, 1200, "jpeg", "9dbde7 657580 485461");
        yield return Picture("orientation/Landscape_8.jpg", 1800, 1200, "jpeg", "9dbde6 76838d 485461");
        yield return Picture("orientation/Portrait_0.jpg", 1200, 1800, "jpeg", "9aa8b1 a5b0b6 424c50");
        yield return Picture("orientation/Portrait_1.jpg", 1200, 1800, "jpeg", "9aa8b1 9ca9b0 424c50");
        yield return Picture("orientation/Portrait_2.jpg", 1200, 1800, "jpeg", "9aa8b1 a4b0b6 424c50");
        yield return Picture("orientation/Portrait_3.jpg", 1200, 1800, "jpeg", "9aa8b1 a4afb5 424c50");
        yield return Picture("orientation/Portrait_4.jpg", 1200, 1800, "jpeg", "9aa8b1 a2aeb4 424c50");
        yield return Picture("orientation/Portrait_5.jpg", 1200, 1800, "jpeg", "9aa8b1 a5b0b6 424c50");
        yield return Picture("orientation/Portrait_6.jpg", 1200, 1800, "jpeg", "9aa8b1 a6b2b7 424c50");
        yield return Picture("orientation/Portrait_7.jpg", 1200, 1800, "jpeg", "9aa8b1 9fabb2 424c50");
        yield return Picture("orientation/Portrait_8.jpg", 1200, 1800, "jpeg", "9aa8b1 a7b2b8 424c50");
        yield return Refused("images/65536-uint32-limit.png", "IMAGE_TOO_LARGE");
        yield return Refused("images/giant-image.jpg", "IMAGE_TOO_LARGE");
        yield return Refused("images/corrupt-header.jpg", "IMAGE_CORRUPT IMAGE_TRUNCATED");
        yield return Refused("images/testimgl.jpg", "IMAGE_CORRUPT"); // lossless JPEG, which libjpeg does not read
        yield return Refused("images/truncated.jpg", "IMAGE_TRUNCATED");
        yield return Refused("images/truncated.png", "IMAGE_TRUNCATED");
        yield return Refused("images/relax_tileparts.jp2", "IMAGE_CORRUPT"); // OpenJPEG 2.5.0 cannot; a newer one may
        yield return Film("video/big_buck_bunny_480p_30s.mp4", 854, 480);
        yield return Film("video/echo-hereweare.webm", 480, 270);
    }

    private static IEnumerable<Taken> Made()
    {
        var jpeg = new Lazy<byte[]>(() => HandMade.QuartersJpeg(1600, 1200));
        var small = new Lazy<byte[]>(() => HandMade.QuartersJpeg(320, 240));

        yield return Refused("bomb.png", "IMAGE_TOO_LARGE") with { Bytes = () => Samples.HeaderBomb(65_535, 65_535) };
        yield return Refused("cut.heic", "IMAGE_TRUNCATED") with { Bytes = () => HandMade.Heic(640, 480)[..^500] };
        yield return Refused("cut.svg", "IMAGE_TRUNCATED") with { Bytes = () => Svg("viewBox='0 0 4 3'")[..^20] };
        yield return Refused("cut.mkv", "VIDEO_TRUNCATED") with { Bytes = () => Samples.Made("cut.mkv", $"{HandMade.Quarters(640, 480)} -c:v libx264")[..^700] };
        yield return Made("upright.heic", () => HandMade.Heic(640, 480), 640, 480, "RGBW");
        yield return Made("turned.heic", () => HandMade.Heic(640, 480, quarterTurns: 3), 480, 640, "BRWG");
        yield return Made("quarters.avif", () => Samples.Made("quarters.avif", $"{HandMade.Quarters(640, 480)} -frames:v 1 -c:v libaom-av1 -crf 10 -cpu-used 8 -still-picture 1"), 640, 480, "RGBW");
        yield return Made("quarters.jp2", () => Samples.Made("quarters.jp2", $"{HandMade.Quarters(640, 480)} -frames:v 1 -c:v libopenjpeg -pix_fmt rgb24"), 640, 480, "RGBW");
        yield return Made("pages.tif", () => Pages(), 640, 480, "RGBW");
        yield return Made("tiny.svg", () => Svg("width='4' height='3' viewBox='0 0 4 3'"), 4, 3, "RGBW") with { Format = "jpeg" };
        yield return Made("huge.svg", () => Svg("width='40000' height='30000' viewBox='0 0 4 3'"), 40_000, 30_000, "RGBW");
        yield return Made("sizeless.svg", () => Svg("viewBox='0 0 4 3'"), 4, 3, "RGBW");

        yield return Document("shot.cr2", () => HandMade.Cr2(jpeg.Value, orientation: 8), "GWRB");
        yield return Document("shot.cr3", () => HandMade.Cr3(jpeg.Value, orientation: 6), "BRWG");
        yield return Document("shot.nef", () => HandMade.Nef(small.Value, orientation: 3, second: jpeg.Value), "WBGR");
        yield return Document("shot.arw", () => HandMade.Arw(jpeg.Value, orientation: 6), "BRWG");
        yield return Document("shot.dng", () => HandMade.Dng(jpeg.Value, orientation: 8), "GWRB");
        yield return Document("shot.raf", () => HandMade.Raf(jpeg.Value), "RGBW");
        yield return Document("shot.orf", () => HandMade.Orf(jpeg.Value, orientation: 3), "WBGR");
        yield return Document("shot.rw2", () => HandMade.Rw2(jpeg.Value, orientation: 6), "BRWG");
        yield return Document("layers.psd", () => HandMade.Psd(small.Value), "RGBW");
        yield return Bare("no-preview.dng", () => HandMade.Dng(null));
        yield return Bare("circular.dng", HandMade.CircularDng);
        yield return Bare("no-thumbnail.psd", () => HandMade.Psd(null));
        yield return Bare("cut-preview.nef", () => HandMade.Nef(jpeg.Value[..^2000])) with { Warning = "IMAGE_TRUNCATED" };
        yield return Bare("text.pdf", () => Samples.Pdf(7));

        yield return Moving("quarters.mxf", " -c:v mpeg2video -q:v 2", 640, 480);
        yield return Moving("quarters.avi", " -c:v mpeg4 -q:v 2", 640, 480);
        yield return Moving("quarters.mkv", " -c:v libx264 -preset ultrafast -pix_fmt yuv420p", 640, 480);
        yield return Moving("quarters.webm", " -c:v libvpx -b:v 2M -deadline realtime", 640, 480);
        yield return Moving("variable.mov", ",select='lt(t,.5)+not(mod(n,5))' -fps_mode vfr -c:v libx264 -preset ultrafast -pix_fmt yuv420p", 640, 480);
        yield return Moving("turned.mov", " -c:v libx264 -preset ultrafast -pix_fmt yuv420p", 480, 640, Turned) with { Corners = "BRWG" };
        foreach (var (name, codec) in new[] { ("covered.mp3", "libmp3lame"), ("covered.flac", "flac"), ("covered.m4a", "aac") })
        {
            yield return new Taken(name, "audio", null, null, "jpeg", ["poster"])
            {
                Corners = "RGBW", Bytes = () => Samples.Made(name, $"-f lavfi -i sine=d=1 {HandMade.Quarters(640, 480)} -map 0:a -map [out] -frames:v 1 -c:a {codec} -c:v mjpeg -q:v 2 -pix_fmt yuvj444p -disposition:v attached_pic".Replace("[0][1][2][3]", "[1][2][3][4]", StringComparison.Ordinal).Replace("0_h0|w0_h0", "0_h0|w0_h0[out]", StringComparison.Ordinal)),
            };
        }

        yield return Refused("frames.gif", "IMAGE_TOO_LARGE") with { Bytes = () => HandMade.Gif(10_000) };
        yield return Refused("laughs.svg", "IMAGE_CORRUPT") with { Bytes = () => Nest("&i;") };
        yield return Refused("uses.svg", "IMAGE_CORRUPT") with { Bytes = () => Nest("<use href='#i'/>") };
        yield return Refused("swelling.tif", "IMAGE_TOO_LARGE") with { Bytes = () => HandMade.SwellingTiff(16_000, 16_000) };
        yield return Refused("script.gif", "IMAGE_TRUNCATED") with { Bytes = () => "GIF89a/*\u0001\u0001\0\0*/=1;alert(1)//;<script>alert(1)</script>"u8.ToArray() };
        yield return Made("page.jpg", () => [.. small.Value, .. "<html><script>alert(1)</script></html>"u8], 320, 240, "RGBW");
        yield return Made("archive.jpg", () => [.. small.Value, .. Archive()], 320, 240, "RGBW");
        yield return Moving("names-a-file.avi", " -c:v mpeg4 -q:v 2", 640, 480, film => HandMade.WithSubtitles(film, "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"));

        foreach (var name in new[] { "sound.wav", "sound.mp3", "sound.flac", "sound.mka.mkv", "sound.ogg", "sound.m4a" })
            yield return new Taken(name, "audio", null, null, "", []) { Bytes = () => Samples.Made(name, "-f lavfi -i sine=d=1") };
    }

    private async Task<Outcome> Take(Taken taken)
    {
        var bytes = taken.Bytes?.Invoke() ?? await System.IO.File.ReadAllBytesAsync(File(taken.Name)!);
        var uploaded = (await Owner.Upload(bytes, Path.GetFileName(taken.Name))).Expect(HttpStatusCode.Created);
        var asset = await Eventually.Get($"{taken.Name} is processed", async () =>
            (await Owner.Get($"/media/{uploaded.Id}")).Data is var now && now["status"]!.GetValue<string>() != "processing" ? now : null);
        List<Rendition> renditions = [];
        foreach (var variant in asset["variants"]!.AsArray())
        {
            var served = (await Platform.Nobody.Get(variant!["url"]!.GetValue<string>())).Expect(HttpStatusCode.OK);
            renditions.Add(new(variant["preset"]!.GetValue<string>(), variant["format"]!.GetValue<string>(), variant["width"]!.GetValue<int>(), variant["height"]!.GetValue<int>(), served.Bytes));
        }

        return new(asset, renditions);
    }

    private static string? File(string name) => Corpus.File(Path.GetDirectoryName(name)!, Path.GetFileName(name));

    private static Taken Picture(string name, int width, int height, string format, string colors) => new(name, "image", width, height, format, ["thumb", "preview"]) { Colors = colors };

    private static Taken Refused(string name, string codes) => new(name, "", null, null, "", []) { Code = codes };

    private static Taken Film(string name, int width, int height) => new(name, "video", width, height, "jpeg", ["poster"]);

    private static Taken Made(string name, Func<byte[]> bytes, int width, int height, string corners) => new(name, "image", width, height, "jpeg", ["thumb", "preview"]) { Bytes = bytes, Corners = corners };

    private static Taken Document(string name, Func<byte[]> bytes, string corners) => new(name, "document", null, null, "jpeg", ["thumb", "preview"]) { Bytes = bytes, Corners = corners };

    private static Taken Bare(string name, Func<byte[]> bytes) => new(name, "document", null, null, "", []) { Bytes = bytes };

    private static Taken Moving(string name, string coding, int width, int height, Func<byte[], byte[]>? then = null) =>
        new(name, "video", width, height, "jpeg", ["poster"]) { Corners = "RGBW", Bytes = () => Samples.Made(name, $"{HandMade.Quarters(640, 480)}{coding}") is var film && then is not null ? then(film) : film };

    private static byte[] Svg(string size) => System.Text.Encoding.UTF8.GetBytes(
        $"<svg xmlns='http://www.w3.org/2000/svg' {size}><path fill='red' d='M0 0h2v1.5h-2z'/><path fill='lime' d='M2 0h2v1.5h-2z'/><path fill='blue' d='M0 1.5h2v1.5h-2z'/><path fill='white' d='M2 1.5h2v1.5h-2z'/></svg>");

    /// <summary>A nest of entities and one of groups, ten of the inner in each of the outer, nine deep.</summary>
    private static byte[] Nest(string inner)
    {
        const string letters = "abcdefghi";
        var entities = string.Concat(letters.Select((letter, at) => $"<!ENTITY {letter} '{(at == 0 ? "<rect width=\"1\" height=\"1\"/>" : string.Concat(Enumerable.Repeat($"&{letters[at - 1]};", 10)))}'>"));
        var groups = string.Concat(letters.Select((letter, at) => $"<g id='{letter}'>{(at == 0 ? "<rect width='1' height='1'/>" : string.Concat(Enumerable.Repeat($"<use href='#{letters[at - 1]}'/>", 10)))}</g>"));
        return System.Text.Encoding.UTF8.GetBytes($"<!DOCTYPE svg [{entities}]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'><rect width='9' height='9'/><defs>{groups}</defs>{inner}</svg>");
    }

    private static byte[] Archive()
    {
        var bytes = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true)) archive.CreateEntry("a.class").Open().Dispose();
        return bytes.ToArray();
    }

    /// <summary>A TIFF of two pages, of which the first has the quarters: the second one's directory is linked to the first's.</summary>
    private static byte[] Pages()
    {
        var first = Samples.Made("one.tiff", $"{HandMade.Quarters(640, 480)} -frames:v 1 -compression_algo raw -pix_fmt rgb24");
        var directory = BitConverter.ToInt32(first, 4);
        var next = directory + 2 + (12 * BitConverter.ToUInt16(first, directory));
        byte[] both = [.. first, .. first.AsSpan(directory, next - directory), 0, 0, 0, 0];
        BitConverter.TryWriteBytes(both.AsSpan(next), first.Length);
        return both;
    }

    /// <summary>Writes a turn by 90° into the display matrix, as a telephone does (ISO/IEC 14496-12, tkhd).</summary>
    private static byte[] Turned(byte[] film)
    {
        var matrix = film.AsSpan(film.AsSpan().IndexOf("tkhd"u8) + 44, 36);
        int[] values = [0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30];
        for (var i = 0; i < values.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(matrix[(4 * i)..], values[i]);
        return film;
    }

    /// <summary>A file and what is to become of it.</summary>
    /// <param name="Format">Of its renditions.</param>
    public sealed record Taken(string Name, string Type, int? Width, int? Height, string Format, string[] Presets)
    {
        /// <summary>Of three places, as <see cref="Look.Diagonal"/> tells them.</summary>
        public string? Colors { get; init; }

        public string? Corners { get; init; }

        /// <summary>The error codes that are right, one or several; null for what becomes ready.</summary>
        public string? Code { get; init; }

        public string? Warning { get; init; }

        public Func<byte[]>? Bytes { get; init; }

        public override string ToString() => Name;
    }

    private sealed record Outcome(JsonNode Asset, List<Rendition> Renditions);

    private sealed record Rendition(string Preset, string Format, int Width, int Height, byte[] Bytes);
}
