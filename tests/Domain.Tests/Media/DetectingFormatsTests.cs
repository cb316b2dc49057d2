using System.Text;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Domain.Tests.Media;

internal sealed class DetectingFormatsTests
{
    private const ushort SubfileType = 0xFE, Make = 0x10F, SubIfds = 0x14A, DngVersion = 0xC612;

    private static IEnumerable<TestCaseData> Known()
    {
        yield return Case("JPEG", Heads.Jpeg);
        yield return Case("PNG", Heads.Png);
        yield return Case("GIF", Heads.Text("GIF89a"));
        yield return Case("GIF", Heads.Text("GIF87a"));
        yield return Case("WebP", Heads.Riff("WEBP"));
        yield return Case("TIFF", Heads.Tiff());
        yield return Case("TIFF", Heads.Tiff(little: false));
        yield return Case("TIFF", Heads.Bytes(0x49, 0x49, 0x2B, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0));
        yield return Case("TIFF", Heads.Tiff(true, (Make, "NIKON CORPORATION"))).SetName("A picture that a Nikon wrote as TIFF is TIFF");
        yield return Case("Nikon NEF", Heads.Tiff(false, (SubfileType, 1), (Make, "NIKON CORPORATION"), (SubIfds, 300)));
        yield return Case("Sony ARW", Heads.Tiff(true, (SubfileType, 1), (Make, "SONY"), (SubIfds, 300)));
        yield return Case("DNG", Heads.Tiff(true, (SubfileType, 1), (Make, "SONY"), (SubIfds, 300), (DngVersion, 0x0104)));
        yield return Case("Canon CR2", Heads.Bytes(0x49, 0x49, 0x2A, 0, 16, 0, 0, 0, 0x43, 0x52, 2, 0, 0, 0, 0, 0));
        yield return Case("Canon CR3", Heads.Ftyp("crx ", "crx ", "isom"));
        yield return Case("Fujifilm RAF", Heads.Text("FUJIFILMCCD-RAW 0201"));
        yield return Case("AVIF", Heads.Ftyp("avif", "avif", "mif1", "miaf"));
        yield return Case("AVIF", Heads.Ftyp("mif1", "mif1", "avif"));
        yield return Case("HEIC", Heads.Ftyp("heic", "mif1", "heic"));
        yield return Case("HEIC", Heads.Ftyp("mif1", "mif1", "heic"));
        yield return Case("HEIC", Heads.Ftyp("mif1", "mif1"));
        yield return Case("JPEG 2000", Heads.Bytes(0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A));
        yield return Case("JPEG 2000", Heads.Bytes(0xFF, 0x4F, 0xFF, 0x51));
        yield return Case("BMP", [.. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]);
        yield return Case("Photoshop document", [.. "8BPS"u8, 0, 1, 0, 0]);
        yield return Case("SVG", Heads.Text("<svg xmlns='http://www.w3.org/2000/svg'/>"));
        yield return Case("SVG", Heads.Text("\uFEFF<?xml version=\"1.0\"?>\n<!-- <html> -->\n<!DOCTYPE svg [ <!ENTITY a \"b\"> ]>\n<svg width='1'>"));
        yield return Case("SVG", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<svg >")]);
        yield return Case("PDF", Heads.Text("%PDF-1.7\n"));
        yield return Case("MP4", Heads.Mp4);
        yield return Case("MP4", Heads.Ftyp("mp42", "mp42", "M4A ")).SetName("A compatible brand of sound does not make a film sound");
        yield return Case("MP4", Heads.Ftyp("XAVC", "XAVC", "mp42")).SetName("An unknown brand is MP4");
        yield return Case("QuickTime", Heads.Mov);
        yield return Case("QuickTime", [0, 0, 0, 8, .. "wide"u8, 0, 0, 0, 0, .. "mdat"u8]);
        yield return Case("3GP", Heads.Ftyp("3gp5", "3gp5", "isom"));
        yield return Case("M4A", Heads.Ftyp("M4A ", "M4A ", "isom"));
        yield return Case("Matroska", Heads.Ebml("matroska"));
        yield return Case("WebM", Heads.Ebml("webm"));
        yield return Case("AVI", Heads.Riff("AVI "));
        yield return Case("MXF", Heads.Bytes(0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0D, 0x01, 0x02, 0x01, 0x01, 0x02, 0x04, 0x00));
        yield return Case("MPEG transport stream", Heads.Packets(188, 0, 10));
        yield return Case("MPEG transport stream", Heads.Packets(192, 4, 10));
        yield return Case("MPEG program stream", Heads.Bytes(0, 0, 1, 0xBA, 0x44, 0));
        yield return Case("Flash video", [.. "FLV"u8, 1, 5, 0, 0, 0, 9]);
        yield return Case("WAV", Heads.Riff("WAVE"));
        yield return Case("WAV", Heads.Riff("WAVE", "RF64"));
        yield return Case("MP3", Heads.Mp3(frames: 3));
        yield return Case("MP3", Heads.Mp3(frames: 1)).SetName("A file that is one MP3 frame is MP3");
        yield return Case("MP3", Heads.Id3(40, Heads.Mp3(2)));
        yield return Case("MP3", Heads.Id3(100_000)[..FileFormats.HeadLength]).SetName("A tag longer than the head is MP3");
        yield return Case("FLAC", Heads.Text("fLaC\0\0\0\u0022"));
        yield return Case("Ogg audio", Heads.Ogg("\u0001vorbis"u8));
        yield return Case("Ogg audio", Heads.Ogg("OpusHead"u8));
        yield return Case("Ogg video", Heads.Ogg([0x80, .. "theora"u8]));
        yield return Case("ZIP", [.. "PK"u8, 3, 4, 20, 0]);
        yield return Case("HTML", Heads.Text("\n<!DOCTYPE HTML>\n<title>"));
        yield return Case("HTML", Heads.Text("<script>alert(1)</script>"));
        yield return Case("playlist", Heads.Playlist);
        yield return Case("playlist", Heads.Text("\uFEFF\n#EXTM3U8\n"));
        yield return Case("playlist", Heads.Text("ffconcat version 1.0\nfile /etc/passwd"));
        yield return Case("playlist", Heads.Text("<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'>"));
        yield return Case("plain text", Heads.Text("Just words, with ünïcödé."));
        yield return Case("plain text", Heads.Text("ünï")[..^1]).SetName("A character cut at the end of the head is still text");

        static TestCaseData Case(string name, byte[] head) => new(head, name);
    }

    [TestCaseSource(nameof(Known))]
    public void The_first_bytes_tell_the_format(byte[] head, string name) =>
        Assert.That(FileFormats.Detect(head)?.Name, Is.EqualTo(name));

    private static IEnumerable<TestCaseData> Unknown()
    {
        yield return new TestCaseData(Array.Empty<byte>()).SetName("Nothing");
        yield return new TestCaseData(new byte[4100]).SetName("Zeros");
        yield return new TestCaseData(Heads.Bytes(0xFF, 0xFB, 0x90, 0x00, 1, 2, 3, 4)).SetName("One MP3 frame header, and no second");
        yield return new TestCaseData(new byte[300].Concat(Heads.Mp3(2)).ToArray()).SetName("MP3 frames after something else");
        yield return new TestCaseData(Heads.Id3(40, Heads.Text("not a frame at all"))).SetName("An ID3 tag before something else");
        yield return new TestCaseData(Heads.Ebml("evil")).SetName("Another kind of EBML");
        yield return new TestCaseData(Heads.Riff("ACON")).SetName("Another kind of RIFF");
        yield return new TestCaseData(Heads.Text("half \0 text")).SetName("Text with a NUL");
        yield return new TestCaseData(Heads.Bytes(0x47, 0, 0, 0)).SetName("One sync byte");
    }

    [TestCaseSource(nameof(Unknown))]
    public void Other_bytes_are_of_no_known_format(byte[] head) =>
        Assert.That(FileFormats.Detect(head), Is.Null);

    [Test]
    public void Words_that_begin_like_a_format_are_text() => Assert.Multiple(() =>
    {
        Assert.That(FileFormats.Detect("BMX bikes are for sale in the harbour."u8), Is.EqualTo(FileFormats.PlainText));
        Assert.That(FileFormats.Detect("The free wheel of a bike."u8), Is.EqualTo(FileFormats.PlainText));
    });

    [Test]
    public void Any_prefix_and_any_damage_is_coped_with()
    {
        var random = new Random(20_26);
        var heads = Known().Select(known => (byte[])known.Arguments[0]!).ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var head = heads[random.Next(heads.Length)].ToArray();
            for (var damage = random.Next(4); damage > 0 && head.Length > 0; damage--) head[random.Next(head.Length)] = (byte)random.Next(256);
            var cut = head.AsSpan(0, random.Next(head.Length + 1)).ToArray();
            Assert.That(() => FileFormats.Detect(cut), Throws.Nothing, Convert.ToHexString(cut));
        }
    }

    [Test]
    public void Noise_is_hardly_ever_taken_for_a_supported_format()
    {
        var random = new Random(7);
        var head = new byte[FileFormats.HeadLength];
        var taken = 0;
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(head);
            if (round % 2 == 0) (head[0], head[1]) = (0xFF, 0xFB); // the dangerous case: an MP3 sync
            if (FileFormats.Detect(head) is { Supported: true }) taken++;
        }

        Assert.That(taken, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Names_and_canonical_extensions_are_unique() => Assert.Multiple(() =>
    {
        Assert.That(FileFormats.All.Select(format => format.Name), Is.Unique);
        Assert.That(FileFormats.All.Select(format => format.Extension), Is.Unique);
        Assert.That(FileFormats.All.Where(format => format.Type is MediaType.Video or MediaType.Audio).Select(format => format.Demuxer), Has.None.Null);
        Assert.That(FileFormats.All.Where(format => format.Type is not (MediaType.Video or MediaType.Audio)).Select(format => format.Demuxer), Has.All.Null);
    });

    [TestCase(MediaType.Image, "image")]
    [TestCase(MediaType.Video, "video")]
    [TestCase(MediaType.Audio, "audio")]
    [TestCase(MediaType.Document, "document")]
    [TestCase(MediaType.Other, "other")]
    public void A_media_type_has_one_name_on_the_wire(MediaType type, string name) => Assert.Multiple(() =>
    {
        Assert.That(Names.Of(type), Is.EqualTo(name));
        Assert.That(Names.Parse<MediaType>(name), Is.EqualTo(type));
        Assert.That(Names.Parse<MediaType>(name.ToUpperInvariant()), Is.Null);
    });
}
