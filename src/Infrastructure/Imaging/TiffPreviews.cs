using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// The JPEGs that the directories of a TIFF name, as most camera raw formats are one: CR2, NEF, ARW and DNG by its own tags
/// (TIFF 6.0, DNG 1.4), RW2 by one of Panasonic's, ORF in Olympus's maker note.
/// </summary>
internal sealed class TiffPreviews
{
    private const int MostDirectories = 64;
    private const int MostEntries = 1024;
    private const int MostSubdirectories = 16;

    private const int PanasonicJpeg = 0x002E;
    private const int Compression = 0x0103;
    private const int StripOffsets = 0x0111;
    private const int Orientation = 0x0112;
    private const int StripByteCounts = 0x0117;
    private const int SubIfds = 0x014A;
    private const int JpegOffset = 0x0201;
    private const int JpegLength = 0x0202;
    private const int ExifIfd = 0x8769;
    private const int MakerNote = 0x927C;

    private const int OlympusPreviewOffset = 0x0101;
    private const int OlympusPreviewLength = 0x0102;
    private const int OlympusCameraSettings = 0x2020;

    private readonly SafeFileHandle file;
    private readonly long length;
    private readonly bool little;
    private readonly Queue<Directory> ahead = [];
    private readonly HashSet<long> seen = [];
    private readonly List<EmbeddedPreview.Place> places = [];
    private int orientation = 1;

    private TiffPreviews(SafeFileHandle file, bool little) => (this.file, this.little, length) = (file, little, RandomAccess.GetLength(file));

    /// <param name="file">The file.</param>
    /// <param name="start">Where its TIFF begins.</param>
    /// <returns>The places, and the orientation of the first directory.</returns>
    public static (IReadOnlyList<EmbeddedPreview.Place> Places, int Orientation) Find(SafeFileHandle file, long start)
    {
        Span<byte> head = stackalloc byte[8];
        if (RandomAccess.Read(file, head, start) < 8 || !(head.StartsWith("II"u8) || head.StartsWith("MM"u8))) return ([], 1);

        var reader = new TiffPreviews(file, head[0] == 'I');
        reader.Follow(reader.U32(head[4..]), start);
        for (var count = 0; count < MostDirectories && reader.ahead.TryDequeue(out var directory); count++) reader.Read(directory, isFirst: count == 0);
        return (reader.places, reader.orientation);
    }

    private void Follow(long offset, long origin, bool ofOlympus = false)
    {
        if (offset > 0 && seen.Add(origin + offset)) ahead.Enqueue(new(origin + offset, origin, ofOlympus));
    }

    private void Read(Directory directory, bool isFirst)
    {
        Span<byte> two = stackalloc byte[2];
        if (RandomAccess.Read(file, two, directory.At) < 2) return;
        var count = Math.Min(U16(two), MostEntries);
        var entries = new byte[(12 * count) + 4];
        entries = entries[..RandomAccess.Read(file, entries, directory.At + 2)];

        Dictionary<int, Entry> found = [];
        for (var at = 0; at + 12 <= Math.Min(entries.Length, 12 * count); at += 12)
        {
            var entry = entries.AsSpan(at, 12);
            found.TryAdd(U16(entry), new(U16(entry[2..]), U32(entry[4..]), U32(entry[8..]), U16(entry[8..])));
        }

        if (directory.IsOlympus)
        {
            if (found.TryGetValue(OlympusCameraSettings, out var settings)) Follow(settings.Long, directory.Origin, ofOlympus: true);
            Add(found, OlympusPreviewOffset, OlympusPreviewLength, directory.Origin);
            return;
        }

        if (isFirst && found.TryGetValue(Orientation, out var turned)) orientation = turned.Short;
        Add(found, JpegOffset, JpegLength, directory.Origin);
        if (found.TryGetValue(PanasonicJpeg, out var jpeg) && jpeg.Count > 4) places.Add(new(directory.Origin + jpeg.Long, jpeg.Count));
        if (found.TryGetValue(Compression, out var compression) && compression.Number is 6 or 7
            && found.TryGetValue(StripOffsets, out var strip) && strip.Count == 1) Add(found, StripOffsets, StripByteCounts, directory.Origin);

        if (found.TryGetValue(SubIfds, out var below)) FollowAll(below, directory.Origin);
        if (found.TryGetValue(ExifIfd, out var exif)) Follow(exif.Long, directory.Origin);
        if (found.TryGetValue(MakerNote, out var note)) FollowOlympus(directory.Origin + note.Long);
        if (entries.Length == (12 * count) + 4) Follow(U32(entries.AsSpan(12 * count)), directory.Origin);
    }

    private void Add(Dictionary<int, Entry> found, int offsetTag, int lengthTag, long origin)
    {
        if (found.TryGetValue(offsetTag, out var offset) && found.TryGetValue(lengthTag, out var bytes)) places.Add(new(origin + offset.Number, bytes.Number));
    }

    private void FollowAll(Entry below, long origin)
    {
        if (below.Count == 1)
        {
            Follow(below.Long, origin);
            return;
        }

        var offsets = new byte[4 * Math.Min(below.Count, MostSubdirectories)];
        if (RandomAccess.Read(file, offsets, origin + below.Long) < offsets.Length) return;
        for (var at = 0; at < offsets.Length; at += 4) Follow(U32(offsets.AsSpan(at)), origin);
    }

    /// <summary>Its maker note is a directory whose offsets count from the note.</summary>
    private void FollowOlympus(long note)
    {
        Span<byte> head = stackalloc byte[16];
        if (note > length - head.Length || RandomAccess.Read(file, head, note) < head.Length) return;
        if (head.StartsWith("OLYMPUS\0"u8)) Follow(12, note, ofOlympus: true);
        if (head.StartsWith("OM SYSTEM\0"u8)) Follow(16, note, ofOlympus: true);
    }

    private int U16(ReadOnlySpan<byte> bytes) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private uint U32(ReadOnlySpan<byte> bytes) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Directory(long At, long Origin, bool IsOlympus);

    /// <summary>A value of one number stands in the entry itself; of any other, its offset does.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(int Type, uint Count, uint Long, int Short)
    {
        private const int ShortType = 3;

        public long Number => Type == ShortType ? Short : Long;
    }
}
