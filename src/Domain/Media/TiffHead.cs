using System.Buffers.Binary;
using System.Text;

namespace MediaPlatform.Domain.Media;

/// <summary>Tells TIFF from the camera raw formats that are built on it, by the tags of the first directory as far as the head holds them.</summary>
internal static class TiffHead
{
    private const int NewSubfileType = 0x00FE;
    private const int Make = 0x010F;
    private const int SubIfds = 0x014A;
    private const int DngVersion = 0xC612;

    public static FileFormat? Detect(ReadOnlySpan<byte> head)
    {
        var little = head.StartsWith("II*\0"u8);
        if (!little && !head.StartsWith("MM\0*"u8)) return IsBigTiff(head) ? FileFormats.Tiff : null;
        if (head.Length < 8) return null;
        if (little && head.Length >= 11 && head[8] == 'C' && head[9] == 'R' && head[10] == 2) return FileFormats.Cr2;

        var directory = U32(head[4..], little);
        if (directory < 8) return null;
        if (directory + 2L > head.Length) return FileFormats.Tiff;

        var (make, isThumbnail, hasSubIfds) = ("", false, false);
        var at = (int)directory + 2;
        for (var count = U16(head[(int)directory..], little); count > 0 && at + 12 <= head.Length; count--, at += 12)
        {
            var entry = head.Slice(at, 12);
            switch (U16(entry, little))
            {
                case DngVersion: return FileFormats.Dng;
                case SubIfds: hasSubIfds = true; break;
                case NewSubfileType: isThumbnail = U32(entry[8..], little) == 1; break;
                case Make: make = Text(head, entry, little); break;
            }
        }

        // Nikon and Sony also write plain TIFF; in their raw files the first directory is a thumbnail and the picture is below it.
        if (!isThumbnail || !hasSubIfds) return FileFormats.Tiff;
        return make.StartsWith("NIKON", StringComparison.OrdinalIgnoreCase) ? FileFormats.Nef
            : make.StartsWith("SONY", StringComparison.OrdinalIgnoreCase) ? FileFormats.Arw
            : FileFormats.Tiff;
    }

    private static bool IsBigTiff(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x49, 0x49, 0x2B, 0, 8, 0, 0, 0]) || head.StartsWith((ReadOnlySpan<byte>)[0x4D, 0x4D, 0, 0x2B, 0, 8, 0, 0]);

    private static string Text(ReadOnlySpan<byte> head, ReadOnlySpan<byte> entry, bool little)
    {
        var length = U32(entry[4..], little);
        if (length <= 4) return Encoding.ASCII.GetString(entry.Slice(8, (int)length));
        var offset = U32(entry[8..], little);
        return offset + (long)length <= head.Length ? Encoding.ASCII.GetString(head.Slice((int)offset, (int)length)) : "";
    }

    private static int U16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
