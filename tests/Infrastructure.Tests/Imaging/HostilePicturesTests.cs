using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Tests.Support;
using static MediaPlatform.Infrastructure.Tests.Imaging.Pictures;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

/// <summary>Files that are made to open other files, or to cost much more than they weigh.</summary>
internal sealed class HostilePicturesTests : DecodingFixture
{
    private const string Svg = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' xmlns:xi='http://www.w3.org/2001/XInclude' viewBox='0 0 100 100'";

    [OneTimeSetUp]
    public void StartAsADecoderDoes() => Vips.Start();

    [TestCase("ppmload", "P3 1 1 255 0 0 0")]
    [TestCase("csvload", "1,2,3")]
    [TestCase("matload", "MATLAB 5.0 MAT-file")]
    [TestCase("magickload", "P3 1 1 255 0 0 0")]
    [TestCase("openslideload", "II*\0")]
    [TestCase("vipsload", "\u0008\u00f2\u00a6\u00b6")]
    [TestCase("analyzeload", "x")]
    [TestCase("radload", "#?RADIANCE")]
    [TestCase("jxlload", "x")]
    public void A_loader_that_is_not_listed_is_shut(string loader, string content) =>
        Assert.That(() => Vips.Image(loader, "", ("filename", AFile(content))), Throws.InstanceOf<VipsException>().With.Message.Contains("blocked"));

    [TestCase("<image width='100' height='100' xlink:href='{0}'/>")]
    [TestCase("<image width='100' height='100' href='file://{1}'/>")]
    [TestCase("<image width='100' height='100' href='{1}'/>")]
    [TestCase("<style>@import url('{0}.css');</style>")]
    [TestCase("<style>rect {{ fill: url('{0}') red }}</style>")]
    [TestCase("<use href='{0}#red'/>")]
    [TestCase("<xi:include href='{1}' parse='text'/>")]
    [TestCase("<image width='100' height='100' href='data:image/svg+xml;base64,{2}'/>")]
    public async Task An_svg_opens_no_file(string attack)
    {
        var neighbour = Plain(100, 100, 255, 0, 0).Save(APath("png"));
        await File.WriteAllTextAsync(neighbour + ".css", "rect { fill: red !important }");
        var nested = Convert.ToBase64String(Encoding.UTF8.GetBytes($"<svg {Svg}><image width='100' height='100' href='file://{neighbour}'/></svg>"));
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastAccessTimeUtc(neighbour, longAgo);
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, attack, Path.GetFileName(neighbour), neighbour, nested);

        var outcome = await Render(ARequest(AFile($"<svg {Svg}><rect width='100' height='100' fill='white'/>{text}</svg>", "svg")));

        Assert.That(File.GetLastAccessTimeUtc(neighbour), Is.EqualTo(longAgo), "The file beside it was read.");
        if (outcome.Fault is null && !attack.Contains("fill: url", StringComparison.Ordinal)) Assert.That(PixelOf(outcome.Renditions[0].Path, .5, .5), Is.EqualTo(White));
    }

    [Test]
    public async Task An_external_entity_is_not_read()
    {
        var secret = AFile("<rect width='100' height='100' fill='red'/>", "txt");

        var outcome = await Render(ARequest(AFile($"<!DOCTYPE svg [<!ENTITY secret SYSTEM 'file://{secret}'>]><svg {Svg}><rect width='100' height='100' fill='white'/>&secret;</svg>", "svg")));

        if (outcome.Fault is null) Assert.That(PixelOf(outcome.Renditions[0].Path, .5, .5), Is.EqualTo(White));
    }

    [Test]
    public async Task An_svg_calls_nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";

        await Render(ARequest(AFile(
            $"<?xml-stylesheet href='{address}/a.css'?><!DOCTYPE svg SYSTEM '{address}/a.dtd'><svg {Svg}><style>@import url('{address}/b.css');</style><image width='9' height='9' xlink:href='{address}/a.png'/><use href='{address}/a.svg#a'/><rect width='9' height='9'/></svg>", "svg")));

        Assert.That(listener.Pending(), Is.False);
    }

    [TestCase("&i;", TestName = "A billion laughs are not laughed")]
    [TestCase("<use href='#i'/>", TestName = "A billion uses are not drawn")]
    public async Task A_nest_costs_no_more_than_its_time(string inner)
    {
        var letters = "abcdefghi";
        var entities = string.Concat(letters.Select((letter, at) => $"<!ENTITY {letter} '{(at == 0 ? "<rect width=\"1\" height=\"1\"/>" : string.Concat(Enumerable.Repeat($"&{letters[at - 1]};", 10)))}'>"));
        var groups = string.Concat(letters.Select((letter, at) => $"<g id='{letter}'>{(at == 0 ? "<rect width='1' height='1'/>" : string.Concat(Enumerable.Repeat($"<use href='#{letters[at - 1]}'/>", 10)))}</g>"));
        var watch = Stopwatch.StartNew();

        var outcome = await Render(ARequest(AFile($"<!DOCTYPE svg [{entities}]><svg {Svg}><rect width='9' height='9'/><defs>{groups}</defs>{inner}</svg>", "svg")));

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(40)));
        Assert.That(outcome.Fault?.Code, Is.Null.Or.EqualTo("IMAGE_CORRUPT").Or.EqualTo("DECODER_TIMED_OUT").Or.EqualTo("DECODER_OUT_OF_MEMORY"));
        await Rendered(Quarters(30, 20).Save(APath("png")));
    }

    [Test]
    public async Task An_svg_that_is_too_long_is_refused() =>
        await Refused(ARequest(AFile($"<svg {Svg}>{new string(' ', 33 << 20)}</svg>", "svg")), "IMAGE_TOO_LARGE");

    [TestCase(1000, null)]
    [TestCase(10_000, "IMAGE_TOO_LARGE")]
    public async Task Of_many_frames_one_is_decoded_or_none_and_soon(int frames, string? code)
    {
        var path = APath("gif");
        await using (var file = File.Create(path))
        {
            await file.WriteAsync((byte[])[.. "GIF89a"u8, 0xE8, 3, 0xE8, 3, 0x80, 0, 0, 255, 0, 0, 0, 0, 255]); // 1000 × 1000, red and blue
            for (var frame = 0; frame < frames; frame++)
                await file.WriteAsync((byte[])[0x21, 0xF9, 4, 4, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, (byte)(frame == 0 ? 0x44 : 0x4C), 1, 0]);
            file.WriteByte(0x3B);
        }

        await Render(ARequest(Quarters(10, 10).Save(APath("png")))); // the child is up
        var watch = Stopwatch.StartNew();
        var outcome = await Render(ARequest(path));

        Assert.That(outcome.Fault?.Code, Is.EqualTo(code));
        if (code is null) Assert.That(outcome.Facts!.Frames, Is.EqualTo(frames));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [TestCase(0, false)]
    [TestCase(5_000, false)]
    [TestCase(20_000, false)]
    [TestCase(1, true)]
    public async Task Of_any_number_of_pages_one_is_decoded(int more, bool inCircle)
    {
        var watch = Stopwatch.StartNew();
        var outcome = await Render(ARequest(ATiff(200, 100, more, inCircle)));

        Assert.That(outcome.Fault?.Code, inCircle ? Is.Null.Or.EqualTo("IMAGE_CORRUPT").Or.EqualTo("IMAGE_TRUNCATED") : Is.Null);
        if (!inCircle) Assert.That(outcome.Facts!.Frames, Is.EqualTo(more < 10_000 ? more + 1 : 1)); // libvips believes in no more
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
        await Rendered(Quarters(30, 20).Save(APath("png")));
    }

    [TestCase(16_000, 3_000, null)]
    [TestCase(16_000, 16_000, "IMAGE_TOO_LARGE")]
    [TestCase(1_000_000_000, 1, "IMAGE_CORRUPT")]
    public async Task A_tiff_that_swells_is_bounded_by_its_size(int width, int height, string? code)
    {
        var outcome = await Render(ARequest(ATiff(width, height, 0, false)));

        Assert.That(outcome.Fault?.Code, Is.EqualTo(code), outcome.Fault?.Message);
    }

    [TestCase("iCCP")]
    [TestCase("zTXt")]
    [TestCase("iTXt")]
    public async Task A_png_whose_texts_swell_costs_at_most_itself(string chunk)
    {
        var zeros = new MemoryStream();
        await using (var deflate = new ZLibStream(zeros, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var megabytes = 0; megabytes < 400; megabytes++) await deflate.WriteAsync(new byte[1 << 20]);
        byte[] head = chunk == "iTXt" ? [.. "name\0\u0001\0\0\0"u8] : [.. "name\0\0"u8];
        var png = await File.ReadAllBytesAsync(Plain(200, 100, 200, 100, 50).Save(APath("png")));
        var path = APath("png");
        await File.WriteAllBytesAsync(path, [.. png[..33], .. Samples.Chunk(Encoding.ASCII.GetBytes(chunk), [.. head, .. zeros.ToArray()]), .. png[33..]]);

        var outcome = await Render(ARequest(path));

        Assert.That(outcome.Fault?.Code, Is.Null.Or.EqualTo("IMAGE_CORRUPT").Or.EqualTo("DECODER_OUT_OF_MEMORY"), outcome.Fault?.Message);
        await Rendered(Quarters(30, 20).Save(APath("png")));
    }

    [Test]
    public void A_damaged_raw_file_never_breaks_the_search_for_its_preview()
    {
        var jpeg = HandMade.QuartersJpeg(64, 48);
        byte[][] whole = [HandMade.Cr2(jpeg), HandMade.Cr3(jpeg), HandMade.Nef(jpeg, 1, jpeg), HandMade.Arw(jpeg), HandMade.Dng(jpeg), HandMade.Raf(jpeg), HandMade.Orf(jpeg), HandMade.Rw2(jpeg), HandMade.Psd(jpeg), HandMade.CircularDng()];
        var random = new Random(20_26);
        var (path, found) = (APath("raw"), 0);
        for (var round = 0; round < 4000; round++)
        {
            var bytes = whole[round % whole.Length].ToArray();
            for (var damage = random.Next(1, 40); damage > 0; damage--)
            {
                var at = random.Next(2) == 0 ? random.Next(Math.Min(300, bytes.Length)) : Math.Max(0, bytes.Length - 1 - random.Next(300));
                bytes[at] = random.Next(3) switch { 0 => (byte)0xFF, 1 => (byte)0, _ => (byte)random.Next(256) };
            }

            File.WriteAllBytes(path, bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length));
            foreach (var format in new[] { Domain.Media.FileFormats.Dng, Domain.Media.FileFormats.Cr3, Domain.Media.FileFormats.Raf, Domain.Media.FileFormats.Psd })
            {
                Assert.That(() => { if (EmbeddedPreview.Find(format, path, 1440) is not null) found++; }, Throws.Nothing, Convert.ToHexString(bytes.AsSpan(0, Math.Min(200, bytes.Length))));
            }
        }

        Assert.That(found, Is.GreaterThan(100), "Most were too damaged to be a test.");
    }

    /// <summary>A TIFF of white, its pixels one deflated strip of zeros, its further pages directories that say the same.</summary>
    private string ATiff(int width, int height, int more, bool inCircle)
    {
        var strip = new MemoryStream();
        using (var deflate = new ZLibStream(strip, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[Math.Min(width, 20_000)];
            for (var y = 0; y < Math.Min(height, 3000); y++) deflate.Write(row);
        }

        var pixels = strip.ToArray();
        List<byte> bytes = [.. "II*\0"u8, .. BitConverter.GetBytes(8 + pixels.Length + (pixels.Length & 1)), .. pixels, .. new byte[pixels.Length & 1]];
        for (var page = 0; page <= more; page++)
        {
            (ushort Tag, int Value)[] entries = [(256, width), (257, height), (258, 8), (259, 8), (262, 0), (273, 8), (277, 1), (278, height), (279, pixels.Length)];
            var next = page < more ? bytes.Count + 2 + (12 * entries.Length) + 4 : inCircle ? BitConverter.ToInt32([.. bytes[4..8]]) : 0;
            bytes.AddRange([.. BitConverter.GetBytes((ushort)entries.Length), .. entries.SelectMany(entry => (byte[])[.. BitConverter.GetBytes(entry.Tag), 4, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(entry.Value)]), .. BitConverter.GetBytes(next)]);
        }

        var path = APath("tif");
        File.WriteAllBytes(path, [.. bytes]);
        return path;
    }
}
