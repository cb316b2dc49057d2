using System.Buffers.Binary;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Video;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>A format that may be decoded. <see cref="All"/> is the one list: what is not on it is not loadable, however it is recognised.</summary>
internal sealed class PictureFormat
{
    /// <summary>Bytes looked at from each end of a file. Some programs append a little after the end mark.</summary>
    private const int Seen = 1024;

    public static readonly PictureFormat Jpeg = new()
    {
        File = FileFormats.Jpeg, Loader = "jpegload", LoaderClass = "VipsForeignLoadJpeg", ShrinksOnLoad = true,
        Ends = static (_, tail, _) => tail.IndexOf((ReadOnlySpan<byte>)[0xff, 0xd9]) >= 0,
    };

    public static readonly PictureFormat Png = new()
    {
        File = FileFormats.Png, Loader = "pngload", LoaderClass = "VipsForeignLoadPng",
        Ends = static (_, tail, _) => tail.IndexOf("IEND"u8) >= 0,
    };

    public static readonly PictureFormat WebP = new()
    {
        File = FileFormats.WebP, Loader = "webpload", LoaderClass = "VipsForeignLoadWebp",
        Ends = static (head, _, length) => head.Length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L <= length,
    };

    public static readonly PictureFormat Gif = new()
    {
        File = FileFormats.Gif, Loader = "gifload", LoaderClass = "VipsForeignLoadNsgif",
        Ends = static (_, tail, _) => tail.TrimEnd((byte)0) is [.., 0x3b],
    };

    public static readonly PictureFormat Tiff = new()
    {
        File = FileFormats.Tiff, Loader = "tiffload", LoaderClass = "VipsForeignLoadTiff", // a TIFF has no end; its reader's words must do
    };

    public static readonly PictureFormat Avif = new() { File = FileFormats.Avif, Loader = "heifload", LoaderClass = "VipsForeignLoadHeif", IsOfBoxes = true };

    public static readonly PictureFormat Heic = new() { File = FileFormats.Heic, Loader = "heifload", LoaderClass = "VipsForeignLoadHeif", IsOfBoxes = true };

    /// <summary>libvips calls its reader untrusted; it runs here alone, where it may die.</summary>
    public static readonly PictureFormat Jpeg2000 = new()
    {
        File = FileFormats.Jpeg2000, Loader = "jp2kload", LoaderClass = "VipsForeignLoadJp2k", PagesAreSizes = true,
        Ends = static (_, tail, _) => tail.IndexOf((ReadOnlySpan<byte>)[0xff, 0xd9]) >= 0,
    };

    /// <summary>
    /// libvips calls its reader untrusted as well. It is given the text and never the path: without a base, librsvg resolves no
    /// reference but <c>data:</c>, and has nothing that speaks to a network.
    /// </summary>
    public static readonly PictureFormat Svg = new()
    {
        File = FileFormats.Svg, Loader = "svgload", LoaderClass = "VipsForeignLoadSvg", IsVector = true,
        Ends = static (_, tail, _) => tail.TrimEnd(" \t\r\n\0"u8) is [.., (byte)'>'],
    };

    public static readonly IReadOnlyList<PictureFormat> All = [Jpeg, Png, WebP, Gif, Tiff, Avif, Heic, Jpeg2000, Svg];

    private delegate bool EndCheck(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length);

    /// <summary>What its bytes are recognised as.</summary>
    public required FileFormat File { get; init; }

    /// <summary>For messages.</summary>
    public string Name => File.Name;

    /// <summary>The libvips operation that reads it from a file; the one that reads it from memory is called <c>…_buffer</c>.</summary>
    public required string Loader { get; init; }

    /// <summary>The libvips class that holds its loaders, unblocked at start.</summary>
    public required string LoaderClass { get; init; }

    /// <summary>The decoder itself can give a half, quarter or eighth of the size, far cheaper than decoding all.</summary>
    public bool ShrinksOnLoad { get; private init; }

    /// <summary>It has no pixels of its own, and is read at the size that is wanted.</summary>
    public bool IsVector { get; private init; }

    /// <summary>What libvips calls its pages are resolutions of one picture.</summary>
    public bool PagesAreSizes { get; private init; }

    private bool IsOfBoxes { get; init; }

    private EndCheck Ends { get; init; } = static (_, _, _) => true;

    /// <summary>The format that decodes what these first bytes are; null when it is none of ours.</summary>
    public static PictureFormat? Of(FileFormat? file) => All.FirstOrDefault(format => format.File == file);

    /// <summary>The format by the file's first bytes, whatever its name; null when it is none of ours.</summary>
    public static PictureFormat? Of(string path) => Of(Detect(path));

    /// <summary>What a file is by its first bytes, whatever its name.</summary>
    public static FileFormat? Detect(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        return FileFormats.Detect(Read(file, FileFormats.HeadLength));
    }

    /// <summary>Whether the file has its end, as far as the format shows: it tells a cut file from a damaged one.</summary>
    public bool HasItsEnd(string path)
    {
        if (IsOfBoxes) return ContainerEnd.Missing(path, "mov") is null;
        using var file = System.IO.File.OpenRead(path);
        var head = Read(file, Seen);
        file.Position = Math.Max(0, file.Length - Seen);
        return Ends(head, Read(file, Seen), file.Length);
    }

    /// <inheritdoc cref="HasItsEnd(string)"/>
    public bool HasItsEnd(ReadOnlySpan<byte> bytes) => Ends(bytes[..Math.Min(Seen, bytes.Length)], bytes[^Math.Min(Seen, bytes.Length)..], bytes.Length);

    private static byte[] Read(FileStream file, int count)
    {
        var bytes = new byte[count];
        return bytes[..file.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
    }
}
