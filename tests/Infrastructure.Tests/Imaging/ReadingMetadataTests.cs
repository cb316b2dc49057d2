using System.Text;
using System.Text.Json;
using static MediaPlatform.Infrastructure.Tests.Imaging.Pictures;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

internal sealed class ReadingMetadataTests : DecodingFixture
{
    private const ushort Make = 0x010f, Model = 0x0110, Artist = 0x013b, Copyright = 0x8298, DateTimeOriginal = 0x9003, OffsetTimeOriginal = 0x9011,
        ExposureTime = 0x829a, FNumber = 0x829d, Iso = 0x8827, LensModel = 0xa434, BodySerialNumber = 0xa431, LensSerialNumber = 0xa435, OwnerName = 0xa430, UserComment = 0x9286;

    [Test]
    public async Task How_it_was_taken_is_kept_and_by_whom_is_not()
    {
        var source = APicture(new Exif().Main(Make, "Canon").Main(Model, "EOS R5").Main(Artist, "Ann Lee").Main(Copyright, "Ann Lee")
            .Camera(FNumber, 28, 10).Camera(ExposureTime, 1, 250).Camera(Iso, 400).Camera(LensModel, "RF 50mm")
            .Camera(BodySerialNumber, "SERIAL1").Camera(LensSerialNumber, "SERIAL2").Camera(OwnerName, "Ann Lee").Camera(UserComment, "Ann Lee"));

        var metadata = (await Rendered(source)).Facts.Metadata;

        Assert.That(metadata.Exif, Is.EquivalentTo(new Dictionary<string, object>
        {
            ["camera_make"] = "Canon", ["camera_model"] = "EOS R5", ["lens_model"] = "RF 50mm", ["f_number"] = 2.8, ["exposure_time_s"] = 0.004, ["iso"] = 400L,
        }));
        Assert.That(JsonSerializer.Serialize(metadata), Does.Not.Contain("Ann").And.Not.Contain("SERIAL"));
    }

    [TestCase("+02:00", "2024-05-06T05:08:09Z")]
    [TestCase("-05:30", "2024-05-06T12:38:09Z")]
    [TestCase(null, "2024-05-06T07:08:09Z")]
    [TestCase("nonsense", "2024-05-06T07:08:09Z")]
    public async Task The_moment_is_utc_by_the_offset(string? offset, string expected)
    {
        var exif = new Exif().Camera(DateTimeOriginal, "2024:05:06 07:08:09");
        if (offset is not null) exif.Camera(OffsetTimeOriginal, offset);

        var (facts, _) = await Rendered(APicture(exif));

        Assert.That(facts.Metadata.CapturedAt, Is.EqualTo(DateTimeOffset.Parse(expected)));
        Assert.That(facts.Metadata.CapturedAt!.Value.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase("0000:00:00 00:00:00")]
    [TestCase("    :  :     :  :  ")]
    [TestCase("yesterday")]
    public async Task A_moment_that_is_none_is_no_moment(string text) =>
        Assert.That((await Rendered(APicture(new Exif().Camera(DateTimeOriginal, text)))).Facts.Metadata.CapturedAt, Is.Null);

    [Test]
    public async Task The_location_is_a_fact_and_never_in_a_rendition()
    {
        var source = APicture(new Exif().Main(Make, "Canon").Gps('S', [(33, 1), (51, 1), (3540, 100)], 'E', [(151, 1), (12, 1), (40, 1)], altitude: 12, below: true));
        Assert.That(Contains(source, "Exif"), "the source carries EXIF");

        var (facts, rendition) = await Rendered(source);

        Assert.That(facts.Metadata.Gps!.Latitude, Is.EqualTo(-33.8598333).Within(1e-6));
        Assert.That(facts.Metadata.Gps.Longitude, Is.EqualTo(151.2111111).Within(1e-6));
        Assert.That(facts.Metadata.Gps.Altitude, Is.EqualTo(-12));
        Assert.That(facts.Metadata.Exif.Keys, Is.EquivalentTo(new[] { "camera_make" }));
        foreach (var trace in new[] { "Exif", "Canon", "http://ns.adobe.com", "ICC_PROFILE", "Photoshop" })
            Assert.That(Contains(rendition.Path, trace), Is.False, trace);
    }

    [Test]
    public async Task Hostile_text_is_made_harmless()
    {
        var source = APicture(new Exif().Main(Make, "Ca\0non\u001b[31m\r\n\u202e").Main(Model, new string('x', 60_000)));

        var exif = (await Rendered(source)).Facts.Metadata.Exif;

        Assert.That((string)exif["camera_make"], Does.StartWith("Ca").And.Not.Contain("\0").And.Not.Contain("\u001b").And.Not.Contain("\n").And.Not.Contain("\u202e"));
        Assert.That((string)exif["camera_model"], Has.Length.EqualTo(200));
    }

    [Test]
    public async Task Damaged_metadata_is_no_metadata()
    {
        var random = new Random(7);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var tiff = new Exif().Main(Make, "Canon").Camera(DateTimeOriginal, "2024:05:06 07:08:09").Gps('N', [(1, 1), (2, 1), (3, 1)], 'E', [(1, 0), (2, 0), (3, 0)], 1, false).Build();
            for (var hit = 0; hit < 8; hit++) tiff[random.Next(8, tiff.Length)] = (byte)random.Next(256);

            await Rendered(Quarters(40, 40).Save(APath("jpg"), "strip=true").WithExif(tiff));
        }
    }

    private string APicture(Exif exif) => Quarters(300, 200).Save(APath("jpg"), "strip=true").WithExif(exif.Build());

    private static bool Contains(string path, string text) => File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
