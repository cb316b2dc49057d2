using System.Buffers.Binary;
using System.Text;

namespace MediaPlatform.Tests.Support;

/// <summary>
/// Files of formats that no tool here writes: camera raws and Photoshop documents around a JPEG, HEIC around a frame of HEVC, each built
/// byte by byte from its format's description, with no more in it than a reader of previews looks at.
/// </summary>
public static class HandMade
{
    private const ushort SubfileType = 0xFE, ImageWidth = 0x100, Compression = 0x103, Make = 0x10F, StripOffset = 0x111, Orientation = 0x112, StripLength = 0x117,
        SubIfds = 0x14A, JpegOffset = 0x201, JpegLength = 0x202, PanasonicJpeg = 0x2E, ExifIfd = 0x8769, MakerNote = 0x927C, DngVersion = 0xC612;

    /// <summary>Red, green, blue and white quarters in reading order, as a JPEG without EXIF.</summary>
    public static byte[] QuartersJpeg(int width, int height) => Samples.Made("quarters.jpg", $"{Quarters(width, height)} -frames:v 1 -q:v 2 -pix_fmt yuvj444p");

    /// <summary>The arguments of ffmpeg for red, green, blue and white quarters in reading order.</summary>
    public static string Quarters(int width, int height, double seconds = 1, int rate = 25) =>
        string.Concat(new[] { "red", "lime", "blue", "white" }.Select(color => FormattableString.Invariant($"-f lavfi -i color={color}:s={width / 2}x{height / 2}:r={rate}:d={seconds} ")))
        + "-filter_complex [0][1][2][3]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0";

    /// <summary>A CR2: the preview is a strip of the first directory, the sensor's data lossless JPEG in another.</summary>
    public static byte[] Cr2(byte[] preview, int orientation = 1)
    {
        var file = new Tiff(little: true, reserved: 16);
        "CR\u0002\0"u8.CopyTo(file.Reserved.AsSpan(8));
        var raw = file.Directory(0, (Compression, 6), (StripOffset, file.Data(LosslessJpeg)), (StripLength, LosslessJpeg.Length));
        return file.Finish(file.Directory(raw, (Compression, 6), (StripOffset, file.Data(preview)), (Orientation, (ushort)orientation), (StripLength, preview.Length)));
    }

    /// <summary>A NEF: a thumbnail directory first, the preview below it by offset and length.</summary>
    public static byte[] Nef(byte[] preview, int orientation = 1, byte[]? second = null)
    {
        var file = new Tiff(little: false);
        List<int> below = [file.Directory(0, (JpegOffset, file.Data(preview)), (JpegLength, preview.Length))];
        if (second is not null) below.Add(file.Directory(0, (JpegOffset, file.Data(second)), (JpegLength, second.Length)));
        return file.Finish(file.Directory(0, (SubfileType, 1), (Make, "NIKON CORPORATION"), (Orientation, (ushort)orientation), (SubIfds, below.ToArray())));
    }

    /// <summary>An ARW: the preview is of the first directory.</summary>
    public static byte[] Arw(byte[] preview, int orientation = 1)
    {
        var file = new Tiff(little: true);
        var raw = file.Directory(0, (ImageWidth, 6000));
        return file.Finish(file.Directory(0,
            (SubfileType, 1), (Make, "SONY"), (Orientation, (ushort)orientation), (SubIfds, new[] { raw, raw }), (JpegOffset, file.Data(preview)), (JpegLength, preview.Length)));
    }

    /// <summary>A DNG: the preview is a JPEG strip of a directory below.</summary>
    public static byte[] Dng(byte[]? preview, int orientation = 1)
    {
        var file = new Tiff(little: true);
        var raw = file.Directory(0, (Compression, 7), (StripOffset, file.Data(LosslessJpeg)), (StripLength, LosslessJpeg.Length));
        var below = preview is null ? raw : file.Directory(0, (SubfileType, 1), (Compression, 7), (StripOffset, file.Data(preview)), (StripLength, preview.Length));
        return file.Finish(file.Directory(0, (SubfileType, 1), (Orientation, (ushort)orientation), (SubIfds, new[] { raw, below }), (DngVersion, 0x0401)));
    }

    /// <summary>A DNG whose directories follow each other in a circle, and whose preview lies beyond its end.</summary>
    public static byte[] CircularDng()
    {
        var file = new Tiff(little: true);
        var first = file.Position;
        return file.Finish(file.Directory(first, (SubIfds, new[] { first, first }), (JpegOffset, 1 << 30), (JpegLength, int.MaxValue), (ExifIfd, first), (DngVersion, 0x0401)));
    }

    /// <summary>An RW2: the preview has a tag of its own.</summary>
    public static byte[] Rw2(byte[] preview, int orientation = 1)
    {
        var file = new Tiff(little: true, magic: "IIU\0", reserved: 24);
        return file.Finish(file.Directory(0, (PanasonicJpeg, preview), (Orientation, (ushort)orientation)));
    }

    /// <summary>An ORF: the preview is named in the camera settings of the maker note, whose offsets count from the note.</summary>
    public static byte[] Orf(byte[] preview, int orientation = 1)
    {
        var note = new Tiff(little: true, magic: "OLYMPUS\0", reserved: 12);
        "II\u0003\0"u8.CopyTo(note.Reserved.AsSpan(8));
        // the directory of a note comes first, so that it is laid out by hand: one entry, then the settings, then the JPEG
        byte[] directory = [1, 0, 0x20, 0x20, 4, 0, 1, 0, 0, 0, 30, 0, 0, 0, 0, 0, 0, 0];
        byte[] settings = [2, 0, 1, 1, 4, 0, 1, 0, 0, 0, 60, 0, 0, 0, 2, 1, 4, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(preview.Length), 0, 0, 0, 0];
        byte[] whole = [.. note.Reserved, .. directory, .. settings, .. preview];

        var file = new Tiff(little: true, magic: "IIRO");
        var exif = file.Directory(0, (MakerNote, whole));
        return file.Finish(file.Directory(0, (Make, "OLYMPUS CORPORATION"), (Orientation, (ushort)orientation), (ExifIfd, exif)));
    }

    /// <summary>A RAF: the place of the preview stands at a fixed one.</summary>
    public static byte[] Raf(byte[] preview)
    {
        var head = new byte[108];
        "FUJIFILMCCD-RAW 0201"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(84), head.Length);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(88), preview.Length);
        return [.. head, .. preview, .. new byte[500]];
    }

    /// <summary>A CR3: boxes, with the preview in one at the end and the EXIF in another.</summary>
    public static byte[] Cr3(byte[] preview, int orientation = 1)
    {
        var exif = new Tiff(little: true);
        var cmt1 = exif.Finish(exif.Directory(0, (Make, "Canon"), (Orientation, (ushort)orientation)));
        var canon = Box("uuid", [.. Convert.FromHexString("85c0b687820f11e08111f4ce462b6a48"), .. Box("CMT1", cmt1)]);
        var shown = Box("PRVW", [0, 0, 0, 0, 0, 1, 6, 0x54, 4, 0x38, 0, 1, .. BigEndian(preview.Length), .. preview]);
        return
        [
            .. Box("ftyp", "crx \0\0\0\u0001crx isom"u8.ToArray()), .. Box("moov", canon),
            .. Box("uuid", [.. Convert.FromHexString("eaf42b5e1c984b88b9fbb7dc406e4d16"), 0, 0, 0, 0, 0, 0, 0, 1, .. shown]), .. Box("mdat", new byte[1000]),
        ];
    }

    /// <summary>A Photoshop document of one grey pixel, with a thumbnail or without.</summary>
    public static byte[] Psd(byte[]? thumbnail)
    {
        byte[] other = [.. "8BIM"u8, 4, 4, 3, .. "abc"u8, 0, 0, 0, 3, 1, 2, 3, 0]; // a name and a body of odd length, each padded
        byte[] shown = thumbnail is null ? [] :
        [
            .. "8BIM"u8, 4, 12, 0, 0, .. BigEndian(28 + thumbnail.Length), 0, 0, 0, 1, .. new byte[20], 0, 24, 0, 1, .. thumbnail, .. new byte[thumbnail.Length & 1],
        ];
        return
        [
            .. "8BPS"u8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 8, 0, 1,
            0, 0, 0, 0, .. BigEndian(other.Length + shown.Length), .. other, .. shown, 0, 0, 0, 0, 0, 0, 0x80,
        ];
    }

    /// <summary>A HEIC of red, green, blue and white quarters.</summary>
    /// <param name="quarterTurns">How often a reader must turn it by 90°, against the clock.</param>
    /// <param name="exif">What EXIF says, as a TIFF; it lies before the picture, as telephones write it.</param>
    public static byte[] Heic(int width, int height, int quarterTurns = 0, byte[]? exif = null)
    {
        var film = Samples.Made("frame.mp4", $"{Quarters(width, height)} -frames:v 1 -c:v libx265 -x265-params log-level=none:crf=8 -pix_fmt yuv420p -tag:v hvc1");
        var (coding, frame) = (BoxOf(film, "hvcC"), BoxOf(film, "mdat")[8..]);
        byte[] properties = [.. coding, .. Full("ispe", [.. BigEndian(width), .. BigEndian(height)]), .. quarterTurns > 0 ? Box("irot", [(byte)quarterTurns]) : []];
        byte[] used = quarterTurns > 0 ? [3, 0x81, 2, 0x83] : [2, 0x81, 2];

        byte[] said = exif is null ? [] : [0, 0, 0, 6, .. "Exif\0\0"u8, .. exif];
        var items = (byte)(exif is null ? 1 : 2);
        byte[] Meta(int at) => Full("meta",
        [
            .. Full("hdlr", [0, 0, 0, 0, .. "pict"u8, .. new byte[13]]), .. Full("pitm", [0, 1]),
            .. Full("iloc",
            [
                0x44, 0, 0, items, 0, 1, 0, 0, 0, 1, .. BigEndian(at + said.Length), .. BigEndian(frame.Length),
                .. exif is null ? [] : (byte[])[0, 2, 0, 0, 0, 1, .. BigEndian(at), .. BigEndian(said.Length)],
            ]),
            .. Full("iinf",
            [
                0, items, .. Full("infe", [0, 1, 0, 0, .. "hvc1"u8, 0], version: 2), .. exif is null ? [] : Full("infe", [0, 2, 0, 0, .. "Exif"u8, 0], version: 2),
            ]),
            .. exif is null ? [] : Full("iref", Box("cdsc", [0, 2, 0, 1, 0, 1])),
            .. Box("iprp", [.. Box("ipco", properties), .. Full("ipma", [0, 0, 0, 1, 0, 1, .. used])]),
        ]);

        var type = Box("ftyp", "heic\0\0\0\0mif1heic"u8.ToArray());
        return [.. type, .. Meta(type.Length + Meta(0).Length + 8), .. Box("mdat", [.. said, .. frame])];
    }

    /// <summary>An AVI whose subtitles are not there, but what another file has to say (GAB2): ffmpeg once took a playlist for that, and opened what it names.</summary>
    /// <param name="avi">A film of one stream.</param>
    public static byte[] WithSubtitles(byte[] avi, string content)
    {
        byte[] Chunk(string name, byte[] body) => [.. Encoding.Latin1.GetBytes(name), .. BitConverter.GetBytes(body.Length), .. body, .. new byte[body.Length & 1]];
        byte[] List(string name, byte[] body) => Chunk("LIST", [.. Encoding.Latin1.GetBytes(name), .. body]);
        int At(string name) => avi.AsSpan().IndexOf(Encoding.Latin1.GetBytes(name));

        byte[] header = [.. "txts"u8, .. new byte[16], 1, 0, 0, 0, 25, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, .. new byte[20]]; // strh: 1 / 25 s a sample, one of them
        var stream = List("strl", [.. Chunk("strh", header), .. Chunk("strf", new byte[4])]);
        var text = Encoding.UTF8.GetBytes(content);
        var subtitles = Chunk("01tx", [.. "GAB2\0\u0002\0"u8, .. BitConverter.GetBytes(0), 4, 0, .. BitConverter.GetBytes(text.Length), .. text]);

        var (hdrl, strl, movi) = (At("hdrl") - 8, At("strl") - 8, At("movi") - 8);
        var behindStream = strl + 8 + BitConverter.ToInt32(avi, strl + 4);
        var film = avi.ToArray();
        void Grow(int at, int by) => BitConverter.TryWriteBytes(film.AsSpan(at + 4), BitConverter.ToInt32(film, at + 4) + by);
        Grow(0, stream.Length + subtitles.Length);
        Grow(hdrl, stream.Length);
        Grow(movi, subtitles.Length);
        film[At("avih") + 8 + 24] = 2; // streams
        "JUNK"u8.CopyTo(film.AsSpan(At("idx1"))); // what it says of places is not so any more
        return [.. film[..behindStream], .. stream, .. film[behindStream..(movi + 12)], .. subtitles, .. film[(movi + 12)..]];
    }

    /// <summary>A GIF of 1,000 × 1,000 with so many frames, each a few bytes.</summary>
    public static byte[] Gif(int frames)
    {
        byte[] head = [.. "GIF89a"u8, 0xE8, 3, 0xE8, 3, 0x80, 0, 0, 255, 0, 0, 0, 0, 255];
        return [.. head, .. Enumerable.Range(0, frames).SelectMany(frame => (byte[])[0x21, 0xF9, 4, 4, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, (byte)(frame == 0 ? 0x44 : 0x4C), 1, 0]), 0x3B];
    }

    /// <summary>A TIFF that says how large it is, and has as much of it as deflates to little.</summary>
    public static byte[] SwellingTiff(int width, int height)
    {
        var strip = new MemoryStream();
        using (var deflate = new System.IO.Compression.ZLibStream(strip, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[width];
            for (var y = 0; y < Math.Min(height, 3000); y++) deflate.Write(row);
        }

        var tiff = new Tiff(little: true);
        var pixels = tiff.Data(strip.ToArray());
        var first = tiff.Directory(
            0, (ImageWidth, width), (0x101, height), (0x102, (ushort)8), (Compression, (ushort)8), (0x106, (ushort)0), (StripOffset, pixels),
            (0x115, (ushort)1), (0x116, height), (StripLength, (int)strip.Length));
        return tiff.Finish(first);
    }

    /// <summary>A box of ISO base media.</summary>
    public static byte[] Box(string type, byte[] body) => [.. BigEndian(8 + body.Length), .. Encoding.Latin1.GetBytes(type), .. body];

    private static byte[] Full(string type, byte[] body, byte version = 0) => Box(type, [version, 0, 0, 0, .. body]);

    /// <summary>A whole box, found by its name.</summary>
    private static byte[] BoxOf(byte[] film, string type)
    {
        var at = film.AsSpan().IndexOf(Encoding.Latin1.GetBytes(type)) - 4;
        return film[at..(at + BinaryPrimitives.ReadInt32BigEndian(film.AsSpan(at)))];
    }

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    /// <summary>The head of a lossless JPEG: what the sensor's data look like to whoever takes any JPEG for a picture.</summary>
    private static readonly byte[] LosslessJpeg = [0xFF, 0xD8, 0xFF, 0xC3, 0, 17, 14, 0x20, 0, 0x20, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xDA, 0, 12, .. new byte[4000], 0xFF, 0xD9];

    /// <summary>A TIFF of one grey pixel, made different by its description.</summary>
    /// <param name="padding">Bytes behind its end.</param>
    public static byte[] PlainTiff(int number, int padding = 0)
    {
        var tiff = new Tiff(little: true);
        var pixel = tiff.Data([0x80]);
        var first = tiff.Directory(
            0, (ImageWidth, (ushort)1), (0x101, (ushort)1), (0x102, (ushort)8), (Compression, (ushort)1), (0x106, (ushort)1), (0x10E, $"sample {number}"), (StripOffset, pixel),
            (0x115, (ushort)1), (0x116, (ushort)1), (StripLength, 1));
        return [.. tiff.Finish(first), .. new byte[padding]];
    }

    /// <summary>A TIFF written from the back: what is named later must lie there first.</summary>
    private sealed class Tiff(bool little, string? magic = null, int reserved = 8)
    {
        private readonly List<byte> bytes = [.. Start(little, magic, reserved)];

        public byte[] Reserved { get; } = Start(little, magic, reserved);

        /// <summary>Where the next thing comes to lie.</summary>
        public int Position => bytes.Count;

        public int Data(byte[] data)
        {
            var at = bytes.Count;
            bytes.AddRange(data);
            if (data.Length % 2 == 1) bytes.Add(0);
            return at;
        }

        /// <returns>Where it lies.</returns>
        public int Directory(int next, params (ushort Tag, object Value)[] tags)
        {
            var entries = new List<byte>();
            var behind = new List<byte>();
            var end = bytes.Count + 2 + (12 * tags.Length) + 4;
            entries.AddRange(U16(tags.Length));
            foreach (var (tag, value) in tags.OrderBy(tag => tag.Tag))
            {
                var (type, count, data) = value switch
                {
                    ushort number => (3, 1, (byte[])[.. U16(number), 0, 0]),
                    int number => (4, 1, U32(number)),
                    int[] numbers => (4, numbers.Length, [.. numbers.SelectMany(U32)]),
                    string text => (2, text.Length + 1, [.. Encoding.ASCII.GetBytes(text), 0]),
                    byte[] raw => (7, raw.Length, raw),
                    _ => throw new ArgumentException($"{value.GetType()} is no value of a TIFF.", nameof(tags)),
                };
                entries.AddRange([.. U16(tag), .. U16(type), .. U32(count)]);
                if (data.Length <= 4) entries.AddRange([.. data, .. new byte[4 - data.Length]]);
                else
                {
                    entries.AddRange(U32(end + behind.Count));
                    behind.AddRange(data);
                }
            }

            var at = bytes.Count;
            bytes.AddRange([.. entries, .. U32(next), .. behind]);
            return at;
        }

        public byte[] Finish(int first)
        {
            Reserved.AsSpan(8).CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)[8..]);
            byte[] offset = U32(first);
            for (var i = 0; i < 4; i++) bytes[4 + i] = offset[i];
            return [.. bytes];
        }

        private static byte[] Start(bool little, string? magic, int reserved)
        {
            var start = new byte[reserved];
            Encoding.Latin1.GetBytes(magic ?? (little ? "II*\0" : "MM\0*")).CopyTo(start, 0);
            return start;
        }

        private byte[] U16(int value) => little ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value];

        private byte[] U32(int value) => little ? BitConverter.GetBytes(value) : BigEndian(value);
    }
}
