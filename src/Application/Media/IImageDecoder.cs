namespace MediaPlatform.Application.Media;

/// <summary>
/// Reads a picture, or the preview that a camera raw or a layered file carries, once and writes every rendition from that one decode. Implemented by a pool of child processes,
/// so that a file which crashes, hangs or balloons the decoder costs one failed job.
/// </summary>
public interface IImageDecoder
{
    /// <summary>Renders all of <see cref="RenderRequest.Renditions"/>, or none: on failure no output file remains.</summary>
    /// <returns>The facts of the picture, or of the scene, and of each output, or a <see cref="RenderFault"/>; it never throws for what a file holds.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the child process is replaced.</exception>
    Task<RenderOutcome> Render(RenderRequest request, CancellationToken cancellationToken);
}

/// <summary>One picture to read.</summary>
/// <param name="SourcePath">Absolute path of a file made by the server.</param>
/// <param name="Limits">Checked against the header, before a pixel is decoded; null for the decoder's own.</param>
/// <param name="Renditions">What to write; may be empty to read the facts alone.</param>
/// <param name="OfPreview">The file is a document, and the picture is the preview that it carries.</param>
public sealed record RenderRequest(string SourcePath, ImageLimits? Limits, IReadOnlyList<RenditionSpec> Renditions, bool OfPreview = false)
{
    /// <summary>Pictures to lay upon each other, the first of which is the source; null for the source alone.</summary>
    public Scene? Scene { get; init; }
}

/// <summary>A picture made of others, on black. The renditions are sizes of it.</summary>
public sealed record Scene(int Width, int Height, IReadOnlyList<Layer> Layers);

/// <summary>A picture in a box of a scene, centred and enlarged where it is smaller; where it is not opaque, what lies below shows.</summary>
/// <param name="SourcePath">Absolute path of a file made by the server.</param>
/// <param name="OfPreview">The file is a document, and the picture is the preview that it carries.</param>
/// <param name="Fills">It fills the box and is cut at its edges; else all of it is shown.</param>
public sealed record Layer(string SourcePath, bool OfPreview, bool Fills, int Left, int Top, int Width, int Height);

/// <summary>Limits on the decoded size of one frame.</summary>
/// <param name="MaxPixels">Width times height, after orientation; 50,000,000 by default.</param>
/// <param name="MaxSide">Pixels a side; 16,384 by default.</param>
public sealed record ImageLimits(long MaxPixels, int MaxSide);

/// <summary>How a rendition fits its box. Pictures are never distorted and never enlarged, but for vector graphics, which have no pixels before they are rendered.</summary>
public enum RenditionFit
{
    /// <summary>Width at most <see cref="RenditionSpec.Width"/>, height as the aspect ratio gives.</summary>
    Width,
    /// <summary>Longest side at most <see cref="RenditionSpec.Width"/>.</summary>
    LongestSide,
    /// <summary>Width exactly <see cref="RenditionSpec.Width"/>: a narrower picture is centred on black, not enlarged.</summary>
    PaddedWidth,
}

/// <summary>One rendition to write: sRGB without a profile (untagged means sRGB on the web), upright, first frame, no metadata.</summary>
/// <param name="Preset">Name, such as <c>thumb</c>.</param>
/// <param name="Fit">What <paramref name="Width"/> bounds.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Quality">1–100, for JPEG and WebP.</param>
/// <param name="OutputPathWithoutExtension">Absolute; the decoder appends <c>.jpg</c>, or <c>.webp</c> where there is alpha that is not fully opaque.</param>
public sealed record RenditionSpec(string Preset, RenditionFit Fit, int Width, int Quality, string OutputPathWithoutExtension);

/// <summary>Either <see cref="Facts"/> and one <see cref="RenditionFacts"/> per spec in order, or a <see cref="Fault"/>.</summary>
public sealed record RenderOutcome(ImageFacts? Facts, IReadOnlyList<RenditionFacts> Renditions, RenderFault? Fault);

/// <summary>What was read of a picture.</summary>
/// <param name="Width">Pixels, upright (after the EXIF orientation was applied); of a vector graphic its own size, whatever it is rendered at; of a document its preview's.</param>
/// <param name="Height">Pixels, upright.</param>
/// <param name="Frames">Frames or pages in the file, 1 for a still; resolutions of one picture are not pages.</param>
/// <param name="PlaceholderHash">Base64 of a ThumbHash (evanw/thumbhash), about 25 bytes.</param>
/// <param name="PerceptualHash">64 bits that stay nearly the same in another size, format or quality; null of a picture without contrast.</param>
/// <param name="DominantColors">Up to five <c>#rrggbb</c>, most frequent first.</param>
/// <param name="Metadata">EXIF and the like, allow-listed; GPS apart.</param>
public sealed record ImageFacts(
    int Width, int Height, int Frames, string PlaceholderHash, long? PerceptualHash, IReadOnlyList<string> DominantColors, EmbeddedMetadata Metadata);

/// <summary>What the file says of itself.</summary>
/// <param name="CapturedAt">When it was taken. UTC when the file carries an offset, else the camera's wall clock read as UTC.</param>
/// <param name="Exif">Allow-listed keys in snake_case (<c>camera_make</c>, <c>f_number</c>, …) to text or number; never a location, serial number or person.</param>
/// <param name="Gps">The location, kept apart from everything that leaves the platform.</param>
public sealed record EmbeddedMetadata(DateTimeOffset? CapturedAt, IReadOnlyDictionary<string, object> Exif, GpsPosition? Gps);

/// <summary>WGS 84 degrees, metres above sea level.</summary>
public sealed record GpsPosition(double Latitude, double Longitude, double? Altitude);

/// <summary>A rendition as written.</summary>
/// <param name="Preset">As asked.</param>
/// <param name="Path">The file, with its extension.</param>
/// <param name="Format"><c>jpeg</c> or <c>webp</c>.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="SizeBytes">Bytes.</param>
public sealed record RenditionFacts(string Preset, string Path, string Format, int Width, int Height, long SizeBytes);

/// <summary>Why a picture could not be rendered.</summary>
/// <param name="Code">Stable: <c>IMAGE_CORRUPT</c>, <c>IMAGE_TRUNCATED</c>, <c>IMAGE_TOO_LARGE</c>, <c>IMAGE_UNSUPPORTED</c>,
/// <c>PREVIEW_MISSING</c>, <c>ORIGINAL_MISSING</c>, <c>DECODER_CRASHED</c>, <c>DECODER_TIMED_OUT</c>, <c>DECODER_OUT_OF_MEMORY</c>, <c>DISK_FULL</c>.</param>
/// <param name="Message">One sentence, without paths.</param>
/// <param name="Retryable">True when the same file may do better another time (a full disk, a pool under pressure).</param>
public sealed record RenderFault(string Code, string Message, bool Retryable);
