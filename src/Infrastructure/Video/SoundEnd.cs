using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>Sees that a sound ends early, where its format tells how long it is: none of these has a box around it.</summary>
internal static class SoundEnd
{
    private const int LongestMp3Frame = 1441;
    private const int LongestOggPage = 27 + 255 + (255 * 255);
    private const int LeastFlacTail = 256 << 10;
    private const int MostFlacTail = 4 << 20;

    /// <summary>By the first frame, in which most encoders leave the length of all (Xing, Info or VBRI). A frame more or less is no cut.</summary>
    public static long? OfMp3(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[10];
        long at = 0;
        for (var tags = 0; tags < 4 && RandomAccess.Read(file, head, at) == head.Length && head.StartsWith("ID3"u8); tags++)
        {
            at += 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + ((head[5] & 0x10) != 0 ? 10 : 0);
        }

        Span<byte> frame = stackalloc byte[64];
        if (RandomAccess.Read(file, frame, at) < frame.Length || frame[0] != 0xFF || (frame[1] & 0xE0) != 0xE0) return null;
        var (isMpeg1, isMono) = ((frame[1] & 0x18) == 0x18, (frame[3] & 0xC0) == 0xC0);
        var tag = frame[(4 + (isMpeg1, isMono) switch { (true, false) => 32, (false, true) => 9, _ => 17 })..];
        long bytes = 0;
        if (tag.StartsWith("Xing"u8) || tag.StartsWith("Info"u8))
        {
            var flags = BinaryPrimitives.ReadUInt32BigEndian(tag[4..]);
            if ((flags & 2) != 0) bytes = BinaryPrimitives.ReadUInt32BigEndian(tag[((flags & 1) != 0 ? 12 : 8)..]);
        }
        else if (frame[36..].StartsWith("VBRI"u8))
        {
            bytes = BinaryPrimitives.ReadUInt32BigEndian(frame[46..]);
        }

        var missing = at + bytes - RandomAccess.GetLength(file);
        return bytes > 0 && missing > LongestMp3Frame ? missing : null;
    }

    /// <summary>RFC 3533: each page tells its length. A cut between two pages is not told, since recordings of streams lack the mark of the end as well.</summary>
    public static long? OfOgg(SafeFileHandle file)
    {
        var tail = Tail(file, LongestOggPage);
        var at = tail.AsSpan().LastIndexOf("OggS\0"u8);
        if (at < 0) return null;
        var page = tail.AsSpan(at);
        if (page.Length < 27 || page.Length < 27 + page[26]) return 1; // not even its head is whole
        long length = 27 + page[26];
        foreach (var segment in page.Slice(27, page[26])) length += segment;
        return length > page.Length ? length - page.Length : null;
    }

    /// <summary>RFC 9639: the number of samples stands at the beginning, and in each frame which ones it has. In samples.</summary>
    public static long? OfFlac(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[42];
        if (RandomAccess.Read(file, head, 0) < head.Length || !head.StartsWith("fLaC"u8) || (head[4] & 0x7F) != 0) return null;
        var info = head[8..];
        var blockSize = BinaryPrimitives.ReadUInt16BigEndian(info);
        var longestFrame = info[7] << 16 | info[8] << 8 | info[9];
        var samples = (long)(BinaryPrimitives.ReadUInt64BigEndian(info[10..]) & 0xF_FFFF_FFFF);
        if (samples == 0) return null;

        // The last frame lies in the tail whole or in part, and the window is longer than any frame: what it has is the end of what there is.
        var tail = Tail(file, Math.Clamp(2 * longestFrame, LeastFlacTail, MostFlacTail));
        var missing = long.MaxValue;
        for (var at = tail.Length - 6; at >= 0; at--)
        {
            if (FlacFrame(tail.AsSpan(at), blockSize) is not var (end, block) || end > samples + block) continue;
            missing = Math.Min(missing, samples - end);
            if (missing <= 0) return null;
        }

        return missing == long.MaxValue ? null : missing;
    }

    /// <summary>Where the samples of a frame end, and how many it has; null for bytes that are no head of a frame. Its check sum makes chance unlikely.</summary>
    private static (long End, int Block)? FlacFrame(ReadOnlySpan<byte> bytes, int blockSize)
    {
        if (bytes[0] != 0xFF || (bytes[1] & 0xFE) != 0xF8) return null;
        var (size, rate) = (bytes[2] >> 4, bytes[2] & 0xF);
        if (size == 0 || rate == 15 || bytes[3] >> 4 > 10 || (bytes[3] & 1) != 0) return null;

        var at = 4;
        if (Number(bytes, ref at) is not { } number) return null;
        var extra = (size is 6 ? 1 : size is 7 ? 2 : 0) + (rate is 12 ? 1 : rate is 13 or 14 ? 2 : 0);
        if (at + extra >= bytes.Length) return null;
        var block = size switch
        {
            1 => 192,
            <= 5 => 576 << (size - 2),
            6 => bytes[at] + 1,
            7 => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) + 1,
            _ => 256 << (size - 8),
        };
        at += extra;
        if (Crc8(bytes[..at]) != bytes[at]) return null;
        return ((bytes[1] & 1) == 1 ? number + block : (number * blockSize) + block, block);
    }

    /// <summary>A number in the coding of UTF-8, of up to 36 bits.</summary>
    private static long? Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        var ones = System.Numerics.BitOperations.LeadingZeroCount((uint)(byte)~bytes[at]) - 24;
        if (ones is 1 or 8 || at + Math.Max(ones, 1) > bytes.Length) return null;
        long value = bytes[at++] & (0x7F >> ones);
        for (var more = 1; more < ones; more++)
        {
            if ((bytes[at] & 0xC0) != 0x80) return null;
            value = (value << 6) | (uint)(bytes[at++] & 0x3F);
        }

        return value;
    }

    private static byte Crc8(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x107 : crc << 1;
        }

        return (byte)crc;
    }

    private static byte[] Tail(SafeFileHandle file, int length)
    {
        var from = Math.Max(0, RandomAccess.GetLength(file) - length);
        var bytes = new byte[length];
        return bytes[..RandomAccess.Read(file, bytes, from)];
    }
}
