using System.Buffers.Binary;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>A format that may be decoded. <see cref="All"/> is the one list: what is not on it is neither recognised nor loadable.</summary>
internal sealed class PictureFormat
{
    /// <summary>Bytes looked at from each end of a file. Some programs append a little after the end mark.</summary>
    private const int Seen = 1024;

    public static readonly PictureFormat Jpeg = new()
    {
        Name = "JPEG", Loader = "jpegload", LoaderClass = "VipsForeignLoadJpeg", ShrinksOnLoad = true,
        Matches = static head => head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]),
        Ends = static (_, tail, _) => tail.IndexOf((ReadOnlySpan<byte>)[0xff, 0xd9]) >= 0,
    };

    public static readonly PictureFormat Png = new()
    {
        Name = "PNG", Loader = "pngload", LoaderClass = "VipsForeignLoadPng",
        Matches = static head => head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        Ends = static (_, tail, _) => tail.IndexOf("IEND"u8) >= 0,
    };

    public static readonly PictureFormat WebP = new()
    {
        Name = "WebP", Loader = "webpload", LoaderClass = "VipsForeignLoadWebp",
        Matches = static head => head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8),
        Ends = static (head, _, length) => BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L <= length,
    };

    public static readonly PictureFormat Gif = new()
    {
        Name = "GIF", Loader = "gifload", LoaderClass = "VipsForeignLoadNsgif",
        Matches = static head => head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8),
        Ends = static (_, tail, _) => tail.TrimEnd((byte)0) is [.., 0x3b],
    };

    public static readonly PictureFormat Tiff = new()
    {
        Name = "TIFF", Loader = "tiffload", LoaderClass = "VipsForeignLoadTiff",
        Matches = static head => head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8),
        Ends = static (_, _, _) => true, // a TIFF has no end; its reader's words must do
    };

    public static readonly IReadOnlyList<PictureFormat> All = [Jpeg, Png, WebP, Gif, Tiff];

    private delegate bool HeadCheck(ReadOnlySpan<byte> head);

    private delegate bool EndCheck(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length);

    /// <summary>For messages.</summary>
    public required string Name { get; init; }

    /// <summary>The libvips operation that reads it.</summary>
    public required string Loader { get; init; }

    /// <summary>The libvips class that holds its loaders, unblocked at start.</summary>
    public required string LoaderClass { get; init; }

    /// <summary>The decoder itself can give a half, quarter or eighth of the size, far cheaper than decoding all.</summary>
    public bool ShrinksOnLoad { get; private init; }

    private HeadCheck Matches { get; init; } = static _ => false;

    private EndCheck Ends { get; init; } = static (_, _, _) => true;

    /// <summary>The format by the file's first bytes, whatever its name; null when it is none of ours.</summary>
    public static PictureFormat? Of(string path)
    {
        using var file = File.OpenRead(path);
        var head = Read(file);
        return All.FirstOrDefault(format => format.Matches(head));
    }

    /// <summary>Whether the file has its end, as far as the format shows: it tells a cut file from a damaged one.</summary>
    public bool HasItsEnd(string path)
    {
        using var file = File.OpenRead(path);
        var head = Read(file);
        file.Position = Math.Max(0, file.Length - Seen);
        return Ends(head, Read(file), file.Length);
    }

    private static byte[] Read(FileStream file)
    {
        var bytes = new byte[Seen];
        return bytes[..file.ReadAtLeast(bytes, Seen, throwOnEndOfStream: false)];
    }
}
