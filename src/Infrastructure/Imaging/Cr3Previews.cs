using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>The JPEGs of Canon's CR3, which is a row of boxes as MP4 is: a large one in a box of its own at the end, a small one and the EXIF within <c>moov</c>.</summary>
internal static class Cr3Previews
{
    private const int MostBoxes = 64;
    private static readonly byte[] CanonBox = Convert.FromHexString("85c0b687820f11e08111f4ce462b6a48");
    private static readonly byte[] PreviewBox = Convert.FromHexString("eaf42b5e1c984b88b9fbb7dc406e4d16");

    /// <returns>The places, and the orientation that the EXIF tells.</returns>
    public static (IReadOnlyList<EmbeddedPreview.Place> Places, int Orientation) Find(SafeFileHandle file)
    {
        List<EmbeddedPreview.Place> places = [];
        var orientation = 1;
        foreach (var top in Boxes(file, 0, RandomAccess.GetLength(file)))
        {
            if (Is(file, top, PreviewBox)) places.AddRange(Boxes(file, top.Body + 16 + 8, top.End).Where(box => box.Type == "PRVW").Select(box => Jpeg(file, box, 12))); // behind a count of 8 bytes
            if (top.Type != "moov") continue;
            foreach (var canon in Boxes(file, top.Body, top.End).Where(box => Is(file, box, CanonBox)))
            {
                foreach (var box in Boxes(file, canon.Body + 16, canon.End))
                {
                    if (box.Type == "THMB") places.Add(Jpeg(file, box, 8));
                    if (box.Type == "CMT1") orientation = TiffPreviews.Find(file, box.Body).Orientation;
                }
            }
        }

        return (places, orientation);
    }

    private static List<Box> Boxes(SafeFileHandle file, long at, long end)
    {
        List<Box> boxes = [];
        Span<byte> head = stackalloc byte[16];
        while (boxes.Count < MostBoxes && at >= 0 && at <= end - 8)
        {
            var read = RandomAccess.Read(file, head, at);
            if (read < 8) break;
            var (size, header) = ((long)BinaryPrimitives.ReadUInt32BigEndian(head), 8);
            if (size == 1 && read == 16) (size, header) = ((long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(head[8..]), long.MaxValue / 2), 16);
            if (size < header || size > end - at) break;
            boxes.Add(new(System.Text.Encoding.Latin1.GetString(head[4..8]), at + header, at + size));
            at += size;
        }

        return boxes;
    }

    private static bool Is(SafeFileHandle file, Box box, byte[] uuid)
    {
        Span<byte> id = stackalloc byte[16];
        return box.Type == "uuid" && RandomAccess.Read(file, id, box.Body) == 16 && id.SequenceEqual(uuid);
    }

    /// <summary>The length of the JPEG stands before it, and 16 bytes of header in all.</summary>
    private static EmbeddedPreview.Place Jpeg(SafeFileHandle file, Box box, int lengthAt)
    {
        Span<byte> bytes = stackalloc byte[4];
        return RandomAccess.Read(file, bytes, box.Body + lengthAt) == 4 ? new(box.Body + 16, BinaryPrimitives.ReadUInt32BigEndian(bytes)) : default;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Box(string Type, long Body, long End);
}
