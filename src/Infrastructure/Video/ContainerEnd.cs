using System.Buffers.Binary;

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

    /// <summary>How many bytes are missing at the end, at the least; null when none are, or when this container does not tell.</summary>
    public static long? Missing(string path, string demuxer)
    {
        using var file = File.OpenHandle(path);
        return demuxer switch
        {
            "mov" => OfBoxes(file),
            "avi" or "wav" => OfRiff(file),
            _ => null,
        };
    }

    /// <summary>ISO/IEC 14496-12: a file is a row of boxes, each with its length; 0 is "to the end", 1 that a long length follows.</summary>
    private static long? OfBoxes(Microsoft.Win32.SafeHandles.SafeFileHandle file)
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

    /// <summary>RIFF names the length of its first chunk; a recorder that could not go back left 0 or 2³² − 1.</summary>
    private static long? OfRiff(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[8];
        if (RandomAccess.Read(file, head, 0) < 8 || !head.StartsWith("RIFF"u8)) return null;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        var missing = 8L + size - RandomAccess.GetLength(file);
        return size is 0 or uint.MaxValue || missing <= 1 ? null : missing; // the pad byte of an odd chunk is often left out
    }
}
