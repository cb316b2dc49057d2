using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>
/// Sees that a file ends before its container does. ffprobe reads the header of such a file without complaint, and the film
/// would stop in the middle for everyone who plays it.
/// </summary>
internal static class ContainerEnd
{
    private static readonly byte[][] TopLevel =
    [
        "ftyp"u8.ToArray(), "styp"u8.ToArray(), "moov"u8.ToArray(), "mdat"u8.ToArray(), "free"u8.ToArray(), "skip"u8.ToArray(), "wide"u8.ToArray(), "pnot"u8.ToArray(),
        "moof"u8.ToArray(), "mfra"u8.ToArray(), "sidx"u8.ToArray(), "ssix"u8.ToArray(), "meta"u8.ToArray(), "udta"u8.ToArray(), "uuid"u8.ToArray(), "emsg"u8.ToArray(), "prft"u8.ToArray(),
    ];

    private const int MaxBoxes = 100_000; // a fragmented recording of a day

    /// <summary>How much is missing at the end, at the least, as the rest of a sentence; null when nothing is, or when this container does not tell.</summary>
    public static string? Missing(string path, string demuxer)
    {
        using var file = File.OpenHandle(path);
        var bytes = demuxer switch
        {
            "mov" => OfBoxes(file),
            "avi" or "wav" => OfRiff(file),
            "matroska" => OfSegment(file),
            "mxf" => OfPartitions(file),
            "mp3" => SoundEnd.OfMp3(file),
            "ogg" => SoundEnd.OfOgg(file),
            _ => null,
        };
        if (bytes is { } missing) return string.Create(CultureInfo.InvariantCulture, $"{missing} bytes of it are missing");
        return demuxer == "flac" && SoundEnd.OfFlac(file) is { } samples ? string.Create(CultureInfo.InvariantCulture, $"{samples} samples of it are missing") : null;
    }

    /// <summary>ISO/IEC 14496-12: a file is a row of boxes, each with its length; 0 is "to the end", 1 that a long length follows.</summary>
    private static long? OfBoxes(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> head = stackalloc byte[16];
        long at = 0;
        for (var boxes = 0; at < length && boxes < MaxBoxes; boxes++)
        {
            var read = RandomAccess.Read(file, head, at);
            if (read < 8 || !IsBox(head[4..8])) return null; // stray bytes at the end do no harm
            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (size == 1 && read == 16) size = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(head[8..]), long.MaxValue / 2);
            if (size < 8) return null;
            at += size;
        }

        return at > length ? at - length : null;
    }

    private static bool IsBox(ReadOnlySpan<byte> type)
    {
        foreach (var known in TopLevel)
        {
            if (type.SequenceEqual(known)) return true;
        }

        return false;
    }

    /// <summary>RIFF names the length of each of its outer chunks; a recorder that could not go back left 0 or 2³² − 1. RF64 has 64 bits for it elsewhere.</summary>
    private static long? OfRiff(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> head = stackalloc byte[28];
        long at = 0;
        for (var chunks = 0; chunks < MaxBoxes; chunks++)
        {
            var read = RandomAccess.Read(file, head, at);
            if (read == head.Length && head.StartsWith("RF64"u8) && head[12..16].SequenceEqual("ds64"u8))
            {
                var total = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(head[20..]), long.MaxValue / 2);
                return total == 0 ? null : Above(8 + total - length, 1);
            }

            if (read < 8 || !head.StartsWith("RIFF"u8)) return null;
            var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (size is 0 or uint.MaxValue) return null;
            at += 8L + size + (size & 1); // AVI of more than a gigabyte goes on with further chunks
            if (at > length) return Above(at - (size & 1) - length, 1); // the pad byte of an odd chunk is often left out
        }

        return null;
    }

    /// <summary>RFC 9559: the segment, in which everything lies, names its length, unless it was written as it went.</summary>
    private static long? OfSegment(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[12];
        long at = 0;
        for (var elements = 0; elements < 16; elements++)
        {
            if (RandomAccess.Read(file, head, at) < head.Length) return null;
            var id = BitOperations.LeadingZeroCount((uint)head[0]) - 23;
            if (id > 4) return null;
            var width = BitOperations.LeadingZeroCount((uint)head[id]) - 23;
            if (width > 8) return null;
            long size = head[id] & (0xFF >> width);
            for (var i = 1; i < width; i++) size = (size << 8) | head[id + i];
            if (size == (1L << (7 * width)) - 1) return null; // not known when it was written
            at += id + width + size;
            if (head.StartsWith((ReadOnlySpan<byte>)[0x18, 0x53, 0x80, 0x67])) return Above(at - RandomAccess.GetLength(file), 0);
        }

        return null;
    }

    /// <summary>SMPTE 377: the first partition names where the footer lies, once a writer has closed the file.</summary>
    private static long? OfPartitions(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[64];
        if (RandomAccess.Read(file, head, 0) < head.Length) return null;
        var value = 17 + ((head[16] & 0x80) != 0 ? head[16] & 0x7F : 0);
        if (value > 25) return null;
        var footer = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(head[(value + 24)..]), long.MaxValue / 2);
        return footer == 0 ? null : Above(footer + 16 - RandomAccess.GetLength(file), 0);
    }

    private static long? Above(long missing, long tolerated) => missing > tolerated ? missing : null;
}
