using MediaPlatform.Application.Media;
using MediaPlatform.Tests.Support;
using static MediaPlatform.Infrastructure.Tests.Imaging.Pictures;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

internal sealed class RenderingPicturesTests : DecodingFixture
{
    [TestCase(1, "RGBW")]
    [TestCase(2, "GRWB")]
    [TestCase(3, "WBGR")]
    [TestCase(4, "BWRG")]
    [TestCase(5, "RBGW")]
    [TestCase(6, "BRWG")]
    [TestCase(7, "WGBR")]
    [TestCase(8, "GWRB")]
    public async Task Every_orientation_is_turned_upright(int orientation, string corners)
    {
        var source = Quarters(1200, 800).Save(APath("jpg"), "strip=true").WithExif(new Exif().Orientation((ushort)orientation).Build());

        var (facts, rendition) = await Rendered(source);

        var (width, height) = orientation < 5 ? (1200, 800) : (800, 1200);
        Assert.That((facts.Width, facts.Height), Is.EqualTo((width, height)));
        Assert.That((rendition.Width, rendition.Height), Is.EqualTo((100, 100 * height / width + (orientation < 5 ? 1 : 0))), "66.7 rounds up");
        Assert.That(string.Concat(new[] { (.25, .25), (.75, .25), (.25, .75), (.75, .75) }.Select(place => NameOf(PixelOf(rendition.Path, place.Item1, place.Item2)))), Is.EqualTo(corners));
    }

    [TestCase("")]
    [TestCase("profile=cmyk")]
    public async Task Cmyk_becomes_srgb_with_and_without_a_profile(string options)
    {
        var source = Plain(200, 100, 0, 255, 255, 0).As("copy", "interpretation=cmyk").Save(APath("jpg"), options);

        var (_, rendition) = await Rendered(source);

        Assert.That(ShapeOf(rendition.Path).Bands, Is.EqualTo(3));
        ExpectColor(rendition, 232, 30, 42, within: 6); // magenta and yellow on paper: no screen's pure red
    }

    [Test]
    public async Task A_wide_gamut_is_mapped_by_its_profile()
    {
        var source = Plain(200, 100, 150, 100, 80).Save(APath("png"), "profile=p3");

        var (_, rendition) = await Rendered(source);

        var (red, green, blue) = FromDisplayP3(150, 100, 80);
        ExpectColor(rendition, red, green, blue, within: 3);
    }

    [Test]
    public async Task A_picture_without_a_profile_keeps_its_colours()
    {
        var (_, rendition) = await Rendered(Plain(200, 100, 253, 204, 110).Save(APath("png")));

        ExpectColor(rendition, 253, 204, 110, within: 2);
    }

    [Test]
    public async Task A_damaged_profile_is_ignored()
    {
        var profile = APath("icc");
        await File.WriteAllBytesAsync(profile, new byte[400]);
        var source = Plain(200, 100, 200, 100, 50).Save(APath("tiff"), $"compression=deflate");
        var jpeg = Plain(200, 100, 200, 100, 50).Save(APath("jpg"));
        var bytes = await File.ReadAllBytesAsync(jpeg);
        await File.WriteAllBytesAsync(jpeg, [.. bytes[..2], 0xff, 0xe2, 0, 16 + 14, .. "ICC_PROFILE\0\x01\x01"u8, .. new byte[14], .. bytes[2..]]);

        ExpectColor((await Rendered(jpeg)).Rendition, 200, 100, 50, within: 3);
        ExpectColor((await Rendered(source)).Rendition, 200, 100, 50, within: 3);
    }

    [Test]
    public async Task Sixteen_bits_come_down_to_eight()
    {
        var (_, rendition) = await Rendered(Plain(300, 300, 200, 100, 50).As("colourspace", "space=rgb16").Save(APath("png")));

        ExpectColor(rendition, 200, 100, 50, within: 2);
    }

    [TestCase("")]
    [TestCase("profile=srgb")]
    public async Task Sixteen_bits_of_alpha_come_down_with_the_colours(string options)
    {
        var (_, rendition) = await Rendered(Plain(300, 300, 200, 100, 50, 128).As("colourspace", "space=rgb16").Save(APath("png"), options));

        Assert.That(PixelOf(rendition.Path, .5, .5)[3], Is.EqualTo(128).Within(2));
        ExpectColor(rendition, 200, 100, 50, within: 6);
    }

    [Test]
    public async Task Grey_becomes_srgb()
    {
        var (_, rendition) = await Rendered(Plain(300, 200, 90).Save(APath("png")));

        Assert.That(ShapeOf(rendition.Path).Bands, Is.EqualTo(3));
        ExpectColor(rendition, 90, 90, 90, within: 2);
    }

    [Test]
    public async Task CIELAB_becomes_srgb()
    {
        var (_, rendition) = await Rendered(Plain(300, 200, 200, 100, 50).As("colourspace", "space=lab").Save(APath("tiff")));

        ExpectColor(rendition, 200, 100, 50, within: 4);
    }

    [Test]
    public async Task Alpha_that_is_used_gives_webp_without_a_fringe()
    {
        var source = Painted(400, 400, (x, _) => x < 200 ? [255, 0, 0, 255] : [0, 255, 0, 0]).Save(APath("png"));

        var (_, rendition) = await Rendered(source, 50);

        Assert.That((rendition.Format, Path.GetExtension(rendition.Path)), Is.EqualTo(("webp", ".webp")));
        for (var x = 0; x < 50; x++)
        {
            var pixel = PixelOf(rendition.Path, (x + .5) / 50, .5);
            if (pixel[3] > 40) Assert.That(pixel[1], Is.LessThan(40), $"green from behind the transparent half shows at {x}");
        }
        Assert.That(PixelOf(rendition.Path, .9, .5)[3], Is.LessThan(3));
    }

    [TestCase("jpg"), TestCase("png"), TestCase("alpha.png"), TestCase("tiff")]
    public async Task No_rendition_tells_where_a_picture_was_made(string kind)
    {
        var extension = kind[(kind.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var source = (kind is "alpha.png" ? Plain(400, 300, 10, 20, 30, 90) : Plain(400, 300, 10, 20, 30)).Save(APath(extension));
        File.WriteAllBytes(source, ExifTool.Placed(File.ReadAllBytes(source), extension));
        Assert.That(ExifTool.PlacesIn(File.ReadAllBytes(source), extension), Is.Not.Empty);

        var (_, rendition) = await Rendered(source);

        Assert.That(rendition.Format, Is.EqualTo(kind is "alpha.png" ? "webp" : "jpeg"));
        Assert.That(ExifTool.Metadata(File.ReadAllBytes(rendition.Path), rendition.Format), Is.Empty);
    }

    [Test]
    public async Task Alpha_that_hides_nothing_gives_jpeg()
    {
        var (_, rendition) = await Rendered(Plain(400, 300, 10, 20, 30, 255).Save(APath("png")));

        Assert.That(rendition.Format, Is.EqualTo("jpeg"));
        ExpectColor(rendition, 10, 20, 30, within: 2);
    }

    [Test]
    public async Task A_single_pixel_that_is_not_quite_opaque_counts()
    {
        var (_, rendition) = await Rendered(Painted(900, 900, (x, y) => [9, 9, 9, (byte)(x == 700 && y == 700 ? 254 : 255)]).Save(APath("png")));

        Assert.That(rendition.Format, Is.EqualTo("webp"));
    }

    [TestCase("gif", "page_height=100")]
    [TestCase("webp", "page_height=100,lossless=true")]
    [TestCase("tiff", "page_height=100")]
    public async Task Of_many_frames_the_first_is_rendered(string format, string options)
    {
        var source = Painted(150, 300, (_, y) => y < 100 ? Red : y < 200 ? Green : Blue).Save(APath(format), options);

        var (facts, rendition) = await Rendered(source);

        Assert.That((facts.Frames, facts.Width, facts.Height), Is.EqualTo((3, 150, 100)));
        ExpectColor(rendition, 255, 0, 0, within: 4);
    }

    [Test]
    public async Task Nothing_is_enlarged_and_proportions_stay()
    {
        var outcome = await Render(ARequest(Quarters(301, 200).Save(APath("png")), [1280, 301, 150, 7]));

        Assert.That(outcome.Renditions.Select(made => (made.Width, made.Height)), Is.EqualTo(new[] { (301, 200), (301, 200), (150, 100), (7, 5) }));
        foreach (var made in outcome.Renditions)
        {
            Assert.That(ShapeOf(made.Path), Is.EqualTo((made.Width, made.Height, 3)));
            Assert.That(new FileInfo(made.Path).Length, Is.EqualTo(made.SizeBytes));
        }
    }

    [Test]
    public async Task The_longest_side_bounds_a_portrait()
    {
        var outcome = await Render(ARequest(Quarters(1000, 2000).Save(APath("jpg")), [144], RenditionFit.LongestSide));

        Assert.That((outcome.Renditions[0].Width, outcome.Renditions[0].Height), Is.EqualTo((72, 144)));
    }

    [Test]
    public async Task A_line_stays_a_line()
    {
        var (_, rendition) = await Rendered(Plain(9000, 2, 1, 2, 3).Save(APath("png")));

        Assert.That((rendition.Width, rendition.Height), Is.EqualTo((100, 1)));
    }

    [Test]
    public async Task What_is_too_long_for_webp_is_made_to_fit()
    {
        var (_, rendition) = await Rendered(Plain(40, 16_384, 1, 2, 3, 100).Save(APath("png")));

        Assert.That((rendition.Format, rendition.Height), Is.EqualTo(("webp", 16_383)));
    }

    [Test]
    public async Task The_facts_are_read_without_any_rendition()
    {
        var outcome = await Render(ARequest(Painted(800, 400, (x, _) => x < 408 ? Red : Blue).Save(APath("png")), []));

        Assert.That(outcome.Fault, Is.Null);
        Assert.That(outcome.Facts!.DominantColors, Is.EqualTo(new[] { "#ff0000", "#0000ff" }));
        Assert.That(Convert.FromBase64String(outcome.Facts.PlaceholderHash), Has.Length.InRange(15, 30));
    }

    [Test]
    public async Task Real_pictures_are_rendered_or_refused_with_a_code()
    {
        string[] refused = ["65536-uint32-limit.png", "corrupt-header.jpg", "giant-image.jpg", "testimgl.jpg", "truncated.jpg", "truncated.png"];
        foreach (var path in Corpus.Files("images").Where(path => !path.EndsWith("relax_tileparts.jp2", StringComparison.Ordinal))) // OpenJPEG 2.5.0 cannot; a newer one may
        {
            var outcome = await Render(ARequest(path, [200]));
            Assert.That(outcome.Fault is null, Is.EqualTo(!refused.Contains(Path.GetFileName(path))), $"{Path.GetFileName(path)}: {outcome.Fault?.Code}");
        }
    }

    [Test]
    public async Task Real_orientations_all_look_the_same()
    {
        foreach (var group in Corpus.Files("orientation").GroupBy(path => Path.GetFileName(path).Split('_')[0]))
        {
            List<RenditionFacts> made = [];
            foreach (var path in group) made.Add((await Rendered(path, 60)).Rendition);
            foreach (var place in new[] { (.2, .2), (.8, .2), (.2, .8), (.8, .8) })
                for (var band = 0; band < 3; band++)
                {
                    var values = made.Select(rendition => (int)PixelOf(rendition.Path, place.Item1, place.Item2)[band]).ToArray();
                    Assert.That(values.Max() - values.Min(), Is.LessThan(24), $"{group.Key} at {place}: {string.Join(' ', values)}");
                }
        }
    }

    private static char NameOf(byte[] pixel) => (pixel[0] > 127, pixel[1] > 127, pixel[2] > 127) switch
    {
        (true, false, false) => 'R',
        (false, true, false) => 'G',
        (false, false, true) => 'B',
        (true, true, true) => 'W',
        _ => '?',
    };

    private static void ExpectColor(RenditionFacts rendition, int red, int green, int blue, int within)
    {
        var pixel = PixelOf(rendition.Path, .5, .5);
        Assert.That(pixel.Take(3).Select(band => (int)band).Zip([red, green, blue], (is_, expected) => Math.Abs(is_ - expected)).Max(), Is.LessThanOrEqualTo(within),
            $"{string.Join(' ', pixel)} instead of {red} {green} {blue}");
    }

    /// <summary>By the published matrices (SMPTE EG 432-1, IEC 61966-2-1), which share one white point and one curve.</summary>
    private static (int, int, int) FromDisplayP3(params double[] rgb)
    {
        var linear = rgb.Select(value => value / 255).Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4)).ToArray();
        return (Band(1.2249401, -0.2249404, 0), Band(-0.0420569, 1.0420571, 0), Band(-0.0196376, -0.0786361, 1.0982735));

        int Band(double a, double b, double c)
        {
            var value = Math.Clamp(a * linear[0] + b * linear[1] + c * linear[2], 0, 1);
            return (int)Math.Round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * Math.Pow(value, 1 / 2.4) - 0.055));
        }
    }
}
