using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>A picture to decode: a file, or bytes in memory where the picture is only a part of the file or must not know where it lies.</summary>
internal sealed class PictureSource
{
    /// <summary>libxml2 has an end to its patience at 10 MB a text; more than this is no drawing.</summary>
    private const long LongestVector = 32L << 20;

    private readonly byte[]? bytes;
    private readonly string path;

    private PictureSource(PictureFormat format, FileFormat file, string path, byte[]? bytes) =>
        (Format, File, this.path, this.bytes) = (format, file, path, bytes);

    /// <summary>How it is decoded.</summary>
    public PictureFormat Format { get; }

    /// <summary>What the file is as a whole; its metadata are in there.</summary>
    public FileFormat File { get; }

    /// <summary>The picture of a file, by its bytes.</summary>
    /// <param name="ofPreview">The preview that the file carries, rather than the file. A raw file may look like a plain TIFF, so it is asked for.</param>
    /// <param name="wantedSide">Pixels of the longest side that are wanted; of several previews the smallest that has them is taken.</param>
    /// <param name="fault">Why there is none.</param>
    public static PictureSource? Of(string path, bool ofPreview, int wantedSide, out RenderFault? fault)
    {
        fault = null;
        var file = PictureFormat.Detect(path);
        if (ofPreview)
        {
            if (file is not null && EmbeddedPreview.Find(file, path, wantedSide) is { } preview) return new(PictureFormat.Jpeg, file, path, preview);
            fault = RenderFaults.NoPreview;
            return null;
        }

        if (PictureFormat.Of(file) is not { } format)
        {
            fault = RenderFaults.Unsupported;
            return null;
        }

        if (!format.IsVector) return new(format, file!, path, null);
        if (new FileInfo(path).Length > LongestVector)
        {
            fault = RenderFaults.VectorTooLong(LongestVector);
            return null;
        }

        return new(format, file!, path, System.IO.File.ReadAllBytes(path));
    }

    /// <summary>Reads the header. Pixels come later, top to bottom, and a damaged file fails them.</summary>
    /// <param name="shrink">2, 4 or 8 where the format shrinks on load.</param>
    /// <param name="scale">The size to read a vector graphic at, of its own.</param>
    public VipsImage Open(int shrink = 1, bool lenient = false, double scale = 1)
    {
        var options = $"access=sequential,fail_on={(lenient ? "truncated" : "warning")}{(shrink > 1 ? $",shrink={shrink}" : "")}{(scale != 1 ? $",scale={scale:r}" : "")}";
        return bytes is null
            ? Vips.Image(Format.Loader, options, ("filename", path))
            : Vips.Image(Format.Loader + "_buffer", options, ("buffer", bytes));
    }

    /// <summary>Whether the picture has its end, as far as its format shows.</summary>
    public bool HasItsEnd() => bytes is null ? Format.HasItsEnd(path) : Format.HasItsEnd(bytes);
}
