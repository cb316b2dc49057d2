using System.Security.Cryptography;

namespace MediaPlatform.Infrastructure.Cleaning;

/// <summary>
/// A hash over all of a JPEG that its decoded pixels depend on: every segment but comments and applications', Adobe's excepted, which
/// says how colours are meant (ITU-T T.81, annex B; T.872, 6.5.3). Where two are the same, so are the pixels.
/// </summary>
internal static class JpegPicture
{
    public static Task<byte[]> Hash(string path, CancellationToken cancellationToken) => Task.Run(() => Hash(path), cancellationToken);

    private static byte[] Hash(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var segment = new byte[ushort.MaxValue];
        for (int marker; (marker = NextMarker(file, hash)) is not (EndOfImage or EndOfFile);)
        {
            if (IsBare(marker)) continue;

            var length = (file.ReadByte() << 8 | file.ReadByte()) - 2;
            if (length < 0 || file.ReadAtLeast(segment.AsSpan(0, length), length, throwOnEndOfStream: false) < length) break;
            if (IsMetadata(marker)) continue;
            hash.AppendData([(byte)marker]);
            hash.AppendData(segment, 0, length);
        }

        return hash.GetHashAndReset();
    }

    private const int EndOfImage = 0xD9;
    private const int EndOfFile = -1;

    /// <summary>The next marker. What stands before it are a scan's entropy-coded bytes, which count, with their restart markers.</summary>
    private static int NextMarker(FileStream file, IncrementalHash hash)
    {
        Span<byte> scan = stackalloc byte[4096];
        var filled = 0;
        try
        {
            while (true)
            {
                var read = file.ReadByte();
                if (read < 0) return EndOfFile;
                var isEscaped = read == 0xFF;
                if (isEscaped)
                {
                    do read = file.ReadByte();
                    while (read == 0xFF);
                    if (read is not (0 or (>= 0xD0 and <= 0xD7))) return read;
                }

                if (filled > scan.Length - 2)
                {
                    hash.AppendData(scan[..filled]);
                    filled = 0;
                }

                if (isEscaped) scan[filled++] = 0xFF;
                scan[filled++] = (byte)read;
            }
        }
        finally
        {
            hash.AppendData(scan[..filled]);
        }
    }

    private static bool IsBare(int marker) => marker is 0xD8 or 0x01;

    private static bool IsMetadata(int marker) => marker is 0xFE or (>= 0xE0 and <= 0xEF and not 0xEE);
}
