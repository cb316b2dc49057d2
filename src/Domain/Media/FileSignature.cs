using System.Buffers.Binary;

namespace MediaPlatform.Domain.Media;

/// <summary>Recognises binary formats by their first bytes. Every method copes with any length, and reads nothing outside the span.</summary>
internal static class FileSignature
{
    /// <summary>Pictures and documents.</summary>
    public static FileFormat? OfPicture(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return FileFormats.Jpeg;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return FileFormats.Png;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8)) return FileFormats.Gif;
        if (IsRiff(head, "WEBP"u8)) return FileFormats.WebP;
        if (head.StartsWith("%PDF-"u8)) return FileFormats.Pdf;
        if (head.StartsWith("8BPS\0\u0001"u8) || head.StartsWith("8BPS\0\u0002"u8)) return FileFormats.Psd;
        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51])) return FileFormats.Jpeg2000;
        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A])) return FileFormats.JpegXl;
        if (head.StartsWith("FUJIFILMCCD-RAW"u8)) return FileFormats.Raf;
        if (head.StartsWith("IIRO"u8) || head.StartsWith("IIRS"u8) || head.StartsWith("MMOR"u8)) return FileFormats.Orf;
        if (head.StartsWith("IIU\0"u8)) return FileFormats.Rw2;
        if (IsBmp(head)) return FileFormats.Bmp;
        return TiffHead.Detect(head);
    }

    /// <summary>Containers of moving pictures, and archives.</summary>
    public static FileFormat? OfContainer(ReadOnlySpan<byte> head)
    {
        if (At(head, 4, "ftyp"u8)) return OfBrand(head);
        if (IsOldQuickTime(head)) return FileFormats.Mov;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return OfEbml(head);
        if (IsRiff(head, "AVI "u8)) return FileFormats.Avi;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0D, 0x01, 0x02])) return FileFormats.Mxf;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x00, 0x00, 0x01, 0xBA])) return FileFormats.MpegPs;
        if (head.StartsWith("FLV\u0001"u8)) return FileFormats.Flv;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11])) return FileFormats.Wmv;
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8)) return FileFormats.Zip;
        return IsTransportStream(head, 188, 0) || IsTransportStream(head, 192, 4) ? FileFormats.MpegTs : null;
    }

    /// <summary>Sound.</summary>
    public static FileFormat? OfSound(ReadOnlySpan<byte> head)
    {
        if (IsRiff(head, "WAVE"u8) || (head.StartsWith("RF64"u8) && At(head, 8, "WAVE"u8))) return FileFormats.Wav;
        if (head.StartsWith("fLaC"u8)) return FileFormats.Flac;
        if (head.StartsWith("OggS\0"u8)) return head.IndexOf("\u0080theora"u8[1..]) >= 0 ? FileFormats.OggVideo : FileFormats.Ogg;
        if (head.StartsWith("FORM"u8) && (At(head, 8, "AIFF"u8) || At(head, 8, "AIFC"u8))) return FileFormats.Aiff;
        return MpegAudio.Detect(head);
    }

    private static bool At(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> magic) =>
        head.Length >= offset + magic.Length && head.Slice(offset, magic.Length).SequenceEqual(magic);

    private static bool IsRiff(ReadOnlySpan<byte> head, ReadOnlySpan<byte> form) => head.StartsWith("RIFF"u8) && At(head, 8, form);

    /// <summary>"BM" alone would take any text that begins with it: the size of the second header must be one that exists.</summary>
    private static bool IsBmp(ReadOnlySpan<byte> head) =>
        head.Length >= 18 && head.StartsWith("BM"u8) && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124
        && BinaryPrimitives.ReadUInt32LittleEndian(head[6..]) == 0;

    /// <summary>ISO base media: the major brand decides; for the brands that say nothing, a compatible brand may.</summary>
    private static FileFormat OfBrand(ReadOnlySpan<byte> head)
    {
        var size = (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(head), 8u, (uint)head.Length);
        FileFormat? compatible = null;
        for (var at = 8; at + 4 <= size; at += 4)
        {
            if (at == 12) continue; // the minor version
            var format = OfBrandName(head.Slice(at, 4));
            if (at == 8 && format is not null) return format;
            if (format?.Type is MediaType.Image) compatible ??= format; // mif1 and msf1 name their codec only here
        }

        return compatible ?? (At(head, 8, "mif1"u8) || At(head, 8, "msf1"u8) ? FileFormats.Heic : FileFormats.Mp4);
    }

    private static FileFormat? OfBrandName(ReadOnlySpan<byte> brand)
    {
        if (brand.SequenceEqual("qt  "u8)) return FileFormats.Mov;
        if (brand.SequenceEqual("M4A "u8) || brand.SequenceEqual("M4B "u8) || brand.SequenceEqual("M4P "u8)) return FileFormats.M4a;
        if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) return FileFormats.Avif;
        if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8)) return FileFormats.Heic;
        if (brand.SequenceEqual("crx "u8)) return FileFormats.Cr3;
        if (brand.StartsWith("3gp"u8) || brand.StartsWith("3g2"u8) || brand.StartsWith("3gg"u8)) return FileFormats.ThreeGp;
        return null;
    }

    /// <summary>QuickTime before 2001 has no <c>ftyp</c>: one of its own atoms comes first, with a size that can be.</summary>
    private static bool IsOldQuickTime(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16) return false;
        var type = head.Slice(4, 4);
        if (type.SequenceEqual("mdat"u8)) return BinaryPrimitives.ReadUInt32BigEndian(head) is 0 or 1 or >= 8;

        // The others are words too ("the free …"), so they must be of under 16 MiB.
        return (type.SequenceEqual("moov"u8) || type.SequenceEqual("wide"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8) || type.SequenceEqual("pnot"u8))
            && BinaryPrimitives.ReadUInt32BigEndian(head) is >= 8 and < 1 << 24;
    }

    /// <summary>Matroska and WebM differ by the DocType of the EBML header (RFC 8794, element 0x4282).</summary>
    private static FileFormat? OfEbml(ReadOnlySpan<byte> head)
    {
        var at = 4;
        if (VarInt(head, ref at) is not { } length) return null;
        var end = (int)Math.Min(at + Math.Min(length, head.Length), head.Length);
        while (at + 3 <= end)
        {
            var idLength = System.Numerics.BitOperations.LeadingZeroCount((uint)head[at]) - 23;
            if (idLength > 4) return null;
            var isDocType = head[at] == 0x42 && head[at + 1] == 0x82;
            at += idLength;
            if (VarInt(head, ref at) is not { } size || size > end - at) return null;
            if (isDocType)
            {
                var docType = head.Slice(at, (int)size).TrimEnd((byte)0);
                return docType.SequenceEqual("webm"u8) ? FileFormats.WebM : docType.SequenceEqual("matroska"u8) ? FileFormats.Mkv : null;
            }

            at += (int)size;
        }

        return null;
    }

    /// <summary>The length in EBML's variable-size coding at <paramref name="at"/>, which it moves past it; null when it is cut off or not a length.</summary>
    private static long? VarInt(ReadOnlySpan<byte> head, ref int at)
    {
        if (at >= head.Length || head[at] == 0) return null;
        var length = System.Numerics.BitOperations.LeadingZeroCount((uint)head[at]) - 23;
        if (at + length > head.Length) return null;
        long value = head[at] & (0xFF >> length);
        for (var i = 1; i < length; i++) value = (value << 8) | head[at + i];
        at += length;
        return value;
    }

    /// <summary>A sync byte at each packet for as far as the head goes, three packets at least.</summary>
    private static bool IsTransportStream(ReadOnlySpan<byte> head, int packet, int offset)
    {
        if (head.Length < (2 * packet) + offset + 1) return false;
        for (var at = offset; at < head.Length; at += packet)
        {
            if (head[at] != 0x47) return false;
        }

        return true;
    }
}
