namespace MediaPlatform.Domain.Media;

/// <summary>
/// MP3 and ADTS AAC have no magic number, only a frame header of eleven or twelve set bits that any bytes may hold by chance.
/// One header is therefore never enough: a second, like it, must stand where the first says that its frame ends.
/// </summary>
internal static class MpegAudio
{
    // kbit/s of layer III, by bitrate index; MPEG 1 in ISO/IEC 11172-3, MPEG 2 and 2.5 in ISO/IEC 13818-3.
    private static readonly int[] KilobitsOfMpeg1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] KilobitsOfMpeg2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] SampleRatesOfMpeg1 = [44_100, 48_000, 32_000];

    public static FileFormat? Detect(ReadOnlySpan<byte> head)
    {
        if (Id3Length(head) is not { } tag) return DetectFrames(head);

        // A cover picture makes the tag longer than the head; then nothing but the tag is known, and MP3 is what carries it.
        if (tag >= head.Length) return FileFormats.Mp3;
        var rest = head[(int)tag..];
        if (rest.StartsWith("fLaC"u8)) return null; // not valid FLAC, and its demuxer does not skip the tag either way
        return DetectFrames(rest.TrimStart((byte)0)) is { } format ? format : rest.Length < 4 || rest.IndexOfAnyExcept((byte)0) < 0 ? FileFormats.Mp3 : null;
    }

    private static FileFormat? DetectFrames(ReadOnlySpan<byte> bytes) =>
        IsFollowed(bytes, Mp3FrameLength) ? FileFormats.Mp3 : IsFollowed(bytes, AdtsFrameLength) ? FileFormats.Aac : null;

    /// <summary>ID3v2.2 to 2.4 with a syncsafe length; the length of the whole tag in bytes, or null when there is none.</summary>
    private static long? Id3Length(ReadOnlySpan<byte> head)
    {
        if (head.Length < 10 || !head.StartsWith("ID3"u8) || head[3] is < 2 or > 4 || head[4] == 0xFF) return null;
        if (((head[6] | head[7] | head[8] | head[9]) & 0x80) != 0) return null;
        var footer = (head[5] & 0x10) != 0 ? 10 : 0;
        return 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + footer;
    }

    private delegate int? FrameLength(ReadOnlySpan<byte> header);

    private static bool IsFollowed(ReadOnlySpan<byte> bytes, FrameLength lengthOf)
    {
        if (lengthOf(bytes) is not { } length) return false;
        if (length >= bytes.Length) return length == bytes.Length; // the file is this one frame
        var next = bytes[length..];
        return next.Length >= 4
            ? lengthOf(next) is not null && next[0] == bytes[0] && next[1] == bytes[1] && (next[2] & 0x0C) == (bytes[2] & 0x0C)
            : bytes[..next.Length].SequenceEqual(next);
    }

    private static int? Mp3FrameLength(ReadOnlySpan<byte> header)
    {
        if (header.Length < 4 || header[0] != 0xFF || (header[1] & 0xE0) != 0xE0) return null;
        var (version, layer) = ((header[1] >> 3) & 3, (header[1] >> 1) & 3);
        var (rate, frequency, padding) = (header[2] >> 4, (header[2] >> 2) & 3, (header[2] >> 1) & 1);
        if (version == 1 || layer != 1 || rate is 0 or 15 || frequency == 3 || (header[3] & 3) == 2) return null;

        var isMpeg1 = version == 3;
        var samplesPerSecond = SampleRatesOfMpeg1[frequency] / (isMpeg1 ? 1 : version == 2 ? 2 : 4);
        var kilobits = (isMpeg1 ? KilobitsOfMpeg1 : KilobitsOfMpeg2)[rate];
        return ((isMpeg1 ? 144 : 72) * kilobits * 1000 / samplesPerSecond) + padding;
    }

    private static int? AdtsFrameLength(ReadOnlySpan<byte> header)
    {
        if (header.Length < 7 || header[0] != 0xFF || (header[1] & 0xF6) != 0xF0 || ((header[2] >> 2) & 0xF) > 12) return null;
        var length = ((header[3] & 3) << 11) | (header[4] << 3) | (header[5] >> 5);
        return length >= 7 ? length : null;
    }
}
