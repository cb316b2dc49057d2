using System.Buffers.Binary;
using System.Diagnostics;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using static MediaPlatform.Infrastructure.Tests.Imaging.Pictures;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

internal sealed class RefusingPicturesTests : DecodingFixture
{
    [TestCase("jpg", "")]
    [TestCase("jpg", "interlace=true")]
    [TestCase("png", "")]
    [TestCase("png", "interlace=true")]
    [TestCase("webp", "")]
    [TestCase("gif", "")]
    [TestCase("tiff", "")]
    [TestCase("tiff", "compression=lzw,tile=true")]
    public async Task A_file_cut_anywhere_is_refused(string format, string options)
    {
        foreach (var share in new[] { .05, .3, .5, .9, .99 })
        {
            var request = ARequest(Noise(500, 400).Save(APath(format), options).Cut(share));
            var outcome = await Render(request);
            var code = outcome.Fault?.Code ?? "none";
            Assert.That(code, Is.EqualTo("IMAGE_TRUNCATED").Or.EqualTo("IMAGE_CORRUPT"), $"cut at {share}");
            if (format is "jpg" or "png") Assert.That(code, Is.EqualTo("IMAGE_TRUNCATED"), $"cut at {share}");
            ExpectFault(outcome, request, code);
        }
    }

    [Test]
    public void A_file_that_went_away_is_tried_again()
    {
        var request = ARequest(Quarters(30, 20).Save(APath("jpg")));
        File.Delete(request.SourcePath); // in the moment between the pool's look and the child's

        var outcome = PictureRenderer.Render(request);

        ExpectFault(outcome, request, "ORIGINAL_MISSING");
        Assert.That(outcome.Fault!.Retryable, Is.True);
    }

    [Test]
    public async Task Bytes_changed_inside_are_refused()
    {
        var png = Noise(300, 300).Save(APath("png"));
        var bytes = await File.ReadAllBytesAsync(png);
        bytes[bytes.Length / 2] ^= 0xff;
        await File.WriteAllBytesAsync(png, bytes);

        await Refused(ARequest(png), "IMAGE_CORRUPT");
    }

    [Test]
    public async Task Garbage_in_a_jpeg_is_refused()
    {
        var jpeg = Noise(300, 300).Save(APath("jpg"));
        var bytes = await File.ReadAllBytesAsync(jpeg);
        bytes.AsSpan(bytes.Length / 2, 600).Fill(0xff);
        await File.WriteAllBytesAsync(jpeg, bytes);

        await Refused(ARequest(jpeg), "IMAGE_CORRUPT");
    }

    [Test]
    public async Task A_few_stray_bytes_before_the_end_of_a_jpeg_are_forgiven()
    {
        var jpeg = Quarters(300, 300).Save(APath("jpg"));
        var bytes = await File.ReadAllBytesAsync(jpeg);
        await File.WriteAllBytesAsync(jpeg, [.. bytes[..^2], 0, 0, 0, .. bytes[^2..]]);

        await Rendered(jpeg);
    }

    [Test]
    public async Task Nothing_at_all_is_refused() => await Refused(ARequest(AFile("")), "IMAGE_TRUNCATED");

    [TestCase("just some text", "jpg")]
    [TestCase("<html><svg xmlns='http://www.w3.org/2000/svg'/></html>", "svg")]
    [TestCase("%PDF-1.7\n", "jpg")]
    [TestCase("P3 1 1 255 0 0 0", "png")]
    public async Task What_is_no_picture_is_refused_whatever_its_name(string content, string extension) =>
        await Refused(ARequest(AFile(content, extension)), "IMAGE_UNSUPPORTED");

    [TestCase(65_535, 65_535)]
    [TestCase(2_147_483_647, 1)]
    public async Task A_bomb_by_header_is_refused_before_any_pixel(int width, int height)
    {
        var request = ARequest(APngHeader(width, height));
        await Render(ARequest(Quarters(10, 10).Save(APath("png")))); // the child is up
        var watch = Stopwatch.StartNew();

        var outcome = await Render(request);

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)), "its pixels alone would take longer");
        ExpectFault(outcome, request, width == 65_535 ? "IMAGE_TOO_LARGE" : outcome.Fault!.Code);
        if (width == 65_535) Assert.That(outcome.Fault!.Message, Does.Contain("65,535 × 65,535").And.Contain("16,384"));
    }

    [Test]
    public async Task Limits_are_of_pixels_and_of_sides()
    {
        var source = Quarters(400, 300).Save(APath("png"));

        Assert.That((await Refused(ARequest(source, limits: new ImageLimits(119_999, 16_384)), "IMAGE_TOO_LARGE")).Message, Does.Contain("120,000").And.Contain("119,999"));
        Assert.That((await Refused(ARequest(source, limits: new ImageLimits(120_000, 399)), "IMAGE_TOO_LARGE")).Message, Does.Contain("400 × 300").And.Contain("399"));
        Assert.That((await Render(ARequest(source, limits: new ImageLimits(120_000, 400)))).Fault, Is.Null);
    }

    [Test]
    public async Task A_full_disk_is_said_so_and_may_be_tried_again()
    {
        var request = ARequest(Noise(300, 300).Save(APath("png")), [200, 100]);
        File.CreateSymbolicLink(request.Renditions[1].OutputPathWithoutExtension + ".jpg", "/dev/full");

        var fault = await Refused(request, "DISK_FULL");

        Assert.That(fault.Retryable);
    }

    /// <summary>A valid beginning, and not a single row.</summary>
    private string APngHeader(int width, int height)
    {
        byte[] header = [.. "IHDR"u8, .. new byte[8], 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), height);
        var path = APath("png");
        File.WriteAllBytes(path, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, .. header, .. Crc(header), 0, 0, 0, 0, .. "IDAT"u8, .. Crc("IDAT"u8.ToArray())]);
        return path;
    }

    private static byte[] Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xedb88320;
        }
        var big = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(big, ~crc);
        return big;
    }
}
