using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MediaPlatform.Domain.Media;
using Microsoft.Win32.SafeHandles;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// Finds the JPEG that a camera raw or a Photoshop document carries as its preview. Whatever such a file says of places and
/// lengths is checked against the file before it is believed, and nothing is followed more often than a bound allows.
/// </summary>
internal static class EmbeddedPreview
{
    private const int LongestPreview = 48 << 20; // the runtime of a decoder has 128 MiB
    private const int MostSegments = 500;

    /// <summary>The smallest preview with as many pixels on a side as are wanted, else the largest; as the bytes of a JPEG file that says how it is turned.</summary>
    /// <returns>Null when the file carries none that can be decoded.</returns>
    public static byte[]? Find(FileFormat format, string path, int wantedSide)
    {
        using var file = File.OpenHandle(path);
        var (places, orientation) = format == FileFormats.Psd ? (PhotoshopPreview.Find(file), 1)
            : format == FileFormats.Raf ? (OfRaf(file), 1)
            : format == FileFormats.Cr3 ? Cr3Previews.Find(file)
            : TiffPreviews.Find(file, 0);

        var jpegs = places.Distinct().Select(place => ReadHead(file, place)).OfType<Jpeg>().ToArray();
        var best = jpegs.Where(jpeg => jpeg.Side >= wantedSide).MinBy(jpeg => jpeg.Pixels) ?? jpegs.MaxBy(jpeg => jpeg.Pixels);
        return best is null ? null : ReadWhole(file, best, orientation);
    }

    /// <summary>Fujifilm: the place stands at a fixed one, and the JPEG has EXIF of its own.</summary>
    private static Place[] OfRaf(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[8];
        return RandomAccess.Read(file, head, 84) == 8
            ? [new Place(BinaryPrimitives.ReadUInt32BigEndian(head), BinaryPrimitives.ReadUInt32BigEndian(head[4..]))]
            : [];
    }

    /// <summary>What a place holds, by its segments up to the frame header. Lossless JPEG, in which Canon and Adobe keep the sensor's own data, is no preview.</summary>
    private static Jpeg? ReadHead(SafeFileHandle file, Place place)
    {
        if (place.Offset <= 0 || place.Length is < 64 or > LongestPreview || place.Offset > RandomAccess.GetLength(file) - place.Length) return null;

        Span<byte> segment = stackalloc byte[12];
        var (at, end, hasExif) = (place.Offset, place.Offset + place.Length, false);
        if (RandomAccess.Read(file, segment[..2], at) < 2 || !segment.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8])) return null;

        at += 2;
        for (var count = 0; count < MostSegments && at + segment.Length <= end; count++)
        {
            if (RandomAccess.Read(file, segment, at) < segment.Length || segment[0] != 0xff) return null;
            var (marker, length) = (segment[1], BinaryPrimitives.ReadUInt16BigEndian(segment[2..]));
            if (marker == 0xff)
            {
                at++; // a fill byte
                continue;
            }

            if (length < 2) return null;
            if (marker == 0xe1 && segment[4..10].SequenceEqual("Exif\0\0"u8)) hasExif = true;
            if (marker is 0xc0 or 0xc1 or 0xc2)
            {
                var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[7..]));
                return segment[4] == 8 && width > 0 && height > 0 ? new Jpeg(place, width, height, hasExif) : null;
            }

            if (marker is (>= 0xc3 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc)) or 0xd9 or 0xda) return null;
            at += 2 + length;
        }

        return null;
    }

    /// <summary>The EXIF of the JPEG itself says how it is turned; where it has none, the file around it does, and is quoted.</summary>
    private static byte[] ReadWhole(SafeFileHandle file, Jpeg jpeg, int orientation)
    {
        byte[] exif = jpeg.HasExif || orientation is < 2 or > 8 ? []
            : [0xff, 0xe1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
        var bytes = new byte[jpeg.Place.Length + exif.Length];
        var read = RandomAccess.Read(file, bytes.AsSpan(exif.Length), jpeg.Place.Offset);
        if (read < jpeg.Place.Length) throw new EndOfStreamException("The file became shorter while it was read.");
        bytes.AsSpan(exif.Length, 2).CopyTo(bytes);
        exif.CopyTo(bytes, 2);
        return bytes;
    }

    /// <summary>Where a file says that a JPEG lies.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Place(long Offset, long Length);

    private sealed record Jpeg(Place Place, int Width, int Height, bool HasExif)
    {
        public int Side => Math.Max(Width, Height);

        public long Pixels => (long)Width * Height;
    }
}
