using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>The thumbnail of a Photoshop document, a JPEG among its image resources (Adobe Photoshop File Formats Specification, resource 1036).</summary>
internal static class PhotoshopPreview
{
    private const int HeaderLength = 26;
    private const int ThumbnailHeaderLength = 28;
    private const int Thumbnail = 1036;
    private const int JpegRgb = 1;
    private const int MostResources = 1000;

    public static IReadOnlyList<EmbeddedPreview.Place> Find(SafeFileHandle file)
    {
        Span<byte> four = stackalloc byte[4];
        if (U32(file, HeaderLength, four) is not { } colors || U32(file, HeaderLength + 4 + (long)colors, four) is not { } length) return [];

        Span<byte> head = stackalloc byte[7];
        var at = HeaderLength + 4 + (long)colors + 4;
        var end = at + length;
        for (var count = 0; count < MostResources && at + 12 <= end; count++)
        {
            if (RandomAccess.Read(file, head, at) < head.Length || !head.StartsWith("8BIM"u8)) return [];
            var name = 1 + head[6]; // padded to an even length, its own count included
            at += 6 + name + (name & 1);
            if (U32(file, at, four) is not { } size) return [];
            if (BinaryPrimitives.ReadUInt16BigEndian(head[4..]) == Thumbnail)
            {
                return size > ThumbnailHeaderLength && U32(file, at + 4, four) == JpegRgb ? [new(at + 4 + ThumbnailHeaderLength, size - ThumbnailHeaderLength)] : [];
            }

            at += 4 + (long)size + (size & 1);
        }

        return [];
    }

    private static uint? U32(SafeFileHandle file, long at, Span<byte> four) => RandomAccess.Read(file, four, at) == 4 ? BinaryPrimitives.ReadUInt32BigEndian(four) : null;
}
