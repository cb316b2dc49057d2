namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>A format that may be decoded. <see cref="All"/> is the one list: what is not on it is neither recognised nor loadable.</summary>
/// <param name="Name">For messages and metadata.</param>
/// <param name="Loader">The libvips operation that reads it.</param>
/// <param name="LoaderClass">The libvips class that holds its loaders, unblocked at start.</param>
/// <param name="ShrinksOnLoad">The decoder itself can give a half, quarter or eighth of the size, far cheaper than decoding all.</param>
/// <param name="Matches">Whether these first bytes are of this format.</param>
internal sealed record PictureFormat(string Name, string Loader, string LoaderClass, bool ShrinksOnLoad, Func<ReadOnlySpan<byte>, bool> Matches)
{
    public static readonly PictureFormat Jpeg = new("JPEG", "jpegload", "VipsForeignLoadJpeg", true, static bytes => bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]));
    public static readonly PictureFormat Png = new("PNG", "pngload", "VipsForeignLoadPng", false, static bytes => bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    public static readonly PictureFormat WebP = new("WebP", "webpload", "VipsForeignLoadWebp", false, static bytes => bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..12].SequenceEqual("WEBP"u8));
    public static readonly PictureFormat Gif = new("GIF", "gifload", "VipsForeignLoadNsgif", false, static bytes => bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8));
    public static readonly PictureFormat Tiff = new("TIFF", "tiffload", "VipsForeignLoadTiff", false, static bytes => bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8));

    public static readonly IReadOnlyList<PictureFormat> All = [Jpeg, Png, WebP, Gif, Tiff];

    /// <summary>The format by the file's first bytes, whatever its name; null when it is none of ours.</summary>
    public static PictureFormat? Of(string path)
    {
        Span<byte> bytes = stackalloc byte[16];
        using var file = File.OpenRead(path);
        bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        foreach (var format in All)
            if (format.Matches(bytes)) return format;
        return null;
    }
}
