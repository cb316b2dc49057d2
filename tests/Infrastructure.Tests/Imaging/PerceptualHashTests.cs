using System.Globalization;
using System.Numerics;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Tests.Support;
using static MediaPlatform.Infrastructure.Tests.Imaging.Pictures;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

internal sealed class PerceptualHashTests : DecodingFixture
{
    private const int Near = 4;
    private const int Far = 16;

    private string photo = "";

    [OneTimeSetUp]
    public void Write() => File.WriteAllBytes(photo = APath("jpg"), Samples.Photo());

    /// <summary>The expected bits were computed from the same pixels by the formula as it stands in the comment, in Python, with the mean of each cell by exact fractions.</summary>
    [TestCase("waves", 100, 60, "1e3c3ef8f8f0c000")]
    [TestCase("portrait", 37, 91, "c287060e1cbaf4a0")]
    [TestCase("tiny", 9, 7, "c40032c3d34e4b74")]
    [TestCase("alpha", 64, 64, "78f1e1c10103077f")]
    public void A_hash_is_what_the_formula_gives(string picture, int width, int height, string expected)
    {
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                int[] pixel = picture switch
                {
                    "waves" => [x * x / 8 % 256, x * y % 256, (x + 2 * y) % 256, 255],
                    "portrait" => [x * y % 256, (255 - 2 * y) & 255, (x * 5 + y) % 256, 255],
                    "tiny" => [x * 97 % 256, y * 61 % 256, x * y * 37 % 256, 255],
                    _ => [x * 4, y * 4, 128, x * y % 256],
                };
                for (var band = 0; band < 4; band++) rgba[(y * width + x) * 4 + band] = (byte)pixel[band];
            }

        Assert.That(PerceptualHash.Of(width, height, rgba)?.ToString("x16", CultureInfo.InvariantCulture), Is.EqualTo(expected));
    }

    [TestCase("jpg", "Q=90", 1)]
    [TestCase("jpg", "Q=30", 1)]
    [TestCase("jpg", "Q=80", .5)]
    [TestCase("jpg", "Q=60", .1)]
    [TestCase("webp", "Q=60", .7)]
    [TestCase("png", "", .33)]
    [TestCase("tiff", "", 1)]
    public async Task The_same_picture_is_near_in_another_size_format_and_quality(string format, string options, double scale)
    {
        using var source = PictureSource.Of(photo, false, 1, out _)!.Open();
        var version = Vips.Image("resize", FormattableString.Invariant($"scale={scale}"), ("in", source)).Save(APath(format), options);

        Assert.That(Apart(await HashOf(photo), await HashOf(version)), Is.LessThanOrEqualTo(Near));
    }

    [Test]
    public async Task Brighter_and_of_less_contrast_it_is_near()
    {
        using var source = PictureSource.Of(photo, false, 1, out _)!.Open();
        var version = source.As("linear", "a=0.7,b=60,uchar=true").Save(APath("jpg"));

        Assert.That(Apart(await HashOf(photo), await HashOf(version)), Is.LessThanOrEqualTo(Near));
    }

    [Test]
    public async Task Other_pictures_are_far()
    {
        var others = new[] { Blobs(1), Blobs(2), Blobs(3) }.Select(picture => picture.Save(APath("jpg"))).Append(photo).ToList();
        List<long?> hashes = [];
        foreach (var path in others) hashes.Add(await HashOf(path));

        foreach (var (one, at) in hashes.Select((one, at) => (one, at)))
            Assert.That(hashes.Skip(at + 1).Select(other => Apart(one, other)), Has.All.GreaterThanOrEqualTo(Far));
    }

    [Test]
    public async Task It_is_that_of_the_upright_picture([Range(1, 8)] int orientation)
    {
        var turned = Blobs(4).Save(APath("jpg"), "strip=true").WithExif(new Exif().Orientation((ushort)orientation).Build());
        using var opened = PictureSource.Of(turned, false, 1, out _)!.Open();
        using var stored = opened.InMemory();
        var upright = Vips.Image("autorot", "", ("in", stored)).Save(APath("png"), "strip=true");
        var asStored = Blobs(4).Save(APath("png"));

        var hash = await HashOf(turned);

        Assert.That(Apart(hash, await HashOf(upright)), Is.LessThanOrEqualTo(Near));
        Assert.That(Apart(hash, await HashOf(asStored)), orientation == 1 ? Is.LessThanOrEqualTo(Near) : Is.GreaterThanOrEqualTo(Far));
    }

    [TestCase("white"), TestCase("black"), TestCase("clear"), TestCase("gradient"), TestCase("stripes"), TestCase("halves"), TestCase("pixel")]
    public async Task What_has_no_contrast_in_both_directions_has_none(string kind)
    {
        using var picture = kind switch
        {
            "white" => Plain(600, 400, 255, 255, 255),
            "black" => Plain(600, 400, 0, 0, 0),
            "clear" => Painted(600, 400, (x, y) => [(byte)x, (byte)y, 9, 0]),
            "gradient" => Painted(600, 400, (x, _) => [(byte)(x / 3), (byte)(x / 3), 70]),
            "stripes" => Painted(600, 400, (_, y) => y / 37 % 2 == 0 ? White : Blue),
            "halves" => Painted(600, 400, (x, _) => x < 250 ? Red : Green),
            _ => Plain(1, 1, 90, 30, 200),
        };

        foreach (var (format, options) in new[] { ("png", ""), ("webp", "Q=50") }.Concat(picture.HasAlpha ? [] : new[] { ("jpg", "Q=40") }))
        {
            var path = APath(format);
            Vips.Save(format.Replace("jpg", "jpeg", StringComparison.Ordinal) + "save", options, ("in", picture), ("filename", path));
            Assert.That(await HashOf(path), Is.Null, format);
        }
    }

    [Test]
    public async Task A_cut_out_is_near_its_picture_on_white()
    {
        static bool IsSeen(int x, int y) => ((x - 260) * (x - 260)) + ((y - 180) * (y - 180)) < 140 * 140 && (x + y) % 160 > 30;
        var cutOut = Painted(600, 400, (x, y) => [(byte)(x / 3), (byte)(y / 2), 40, (byte)(IsSeen(x, y) ? 255 : 0)]).Save(APath("png"));
        var onWhite = Painted(600, 400, (x, y) => IsSeen(x, y) ? [(byte)(x / 3), (byte)(y / 2), 40] : White).Save(APath("jpg"));

        Assert.That(Apart(await HashOf(cutOut), await HashOf(onWhite)), Is.LessThanOrEqualTo(Near));
    }

    [Test]
    public async Task A_white_sign_on_nothing_is_near_itself_on_black()
    {
        static bool IsSeen(int x, int y) => x / 90 % 2 == 0 && (x * y / 900 % 3 == 0 || y > 300);
        var sign = Painted(600, 400, (x, y) => [255, 255, 255, (byte)(IsSeen(x, y) ? 255 : 0)]).Save(APath("png"));
        var onBlack = Painted(600, 400, (x, y) => IsSeen(x, y) ? White : [0, 0, 0]).Save(APath("jpg"));

        Assert.That(Apart(await HashOf(sign), await HashOf(onBlack)), Is.LessThanOrEqualTo(Near));
    }

    [Test]
    public async Task The_bars_of_a_poster_do_not_count()
    {
        var frame = Blobs(5).As("resize", "scale=0.25").Save(APath("png"));

        var padded = await Render(ARequest(frame, [400], RenditionFit.PaddedWidth));

        Assert.That(padded.Renditions[0].Width, Is.EqualTo(400));
        Assert.That(padded.Facts!.PerceptualHash, Is.EqualTo(await HashOf(frame)).And.Not.Null);
    }

    [Test]
    public async Task Whatever_is_rendered_the_hash_is_nearly_the_same_and_it_is_the_same_each_time()
    {
        var first = (await Render(ARequest(photo, [400, 1440]))).Facts!.PerceptualHash;

        Assert.That((await Render(ARequest(photo, [400, 1440]))).Facts!.PerceptualHash, Is.EqualTo(first));
        Assert.That(Apart(first, (await Render(ARequest(photo, []))).Facts!.PerceptualHash), Is.LessThanOrEqualTo(Near));
    }

    private async Task<long?> HashOf(string path) => (await Rendered(path, 400)).Facts.PerceptualHash;

    private static int Apart(long? one, long? other)
    {
        Assert.That((one, other), Is.Not.EqualTo(((long?)null, (long?)null)).And.Matches<(long? One, long? Other)>(both => both is { One: not null, Other: not null }), "one has no hash");
        return BitOperations.PopCount((ulong)(one!.Value ^ other!.Value));
    }

    /// <summary>Discs of chance on a ground of chance; each number another picture.</summary>
    private static VipsImage Blobs(int number)
    {
        var random = new Random(number);
        var discs = Enumerable.Range(0, 14).Select(_ => (X: random.Next(800), Y: random.Next(600), Size: random.Next(40, 200), Color: new[] { (byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256) })).ToArray();
        return Painted(800, 600, (x, y) => Array.FindLast(discs, disc => ((x - disc.X) * (x - disc.X)) + ((y - disc.Y) * (y - disc.Y)) < disc.Size * disc.Size).Color ?? [128, 128, 128]);
    }
}
