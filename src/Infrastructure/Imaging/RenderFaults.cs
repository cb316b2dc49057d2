using System.Text.RegularExpressions;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// Every way in which a picture is refused. What the file itself causes is final, since the same bytes do the same
/// again; what the machine causes (a full disk, a decoder starved or killed from outside) may be tried again.
/// </summary>
internal static partial class RenderFaults
{
    public static readonly RenderFault Empty = new("IMAGE_TRUNCATED", "The file is empty.", false);
    public static readonly RenderFault Truncated = new("IMAGE_TRUNCATED", "The picture ends before its last pixel.", false);
    public static readonly RenderFault Unsupported = new("IMAGE_UNSUPPORTED",
        $"The file is not a picture that can be read: {string.Join(", ", PictureFormat.All.Select(format => format.Name))}.", false);
    public static readonly RenderFault NoPreview = new(MediaFaults.PreviewMissing, "The file carries no preview that can be read.", false);
    public static readonly RenderFault TooManyFrames = new("IMAGE_TOO_LARGE", "The picture has more frames than its decoder takes.", false);
    public static readonly RenderFault OutOfMemory = new("DECODER_OUT_OF_MEMORY", "Decoding the picture takes more memory than a decoder may use.", false);
    public static readonly RenderFault DiskFull = new(MediaFaults.DiskFull, "There is no room to write the renditions.", true);
    public static readonly RenderFault Gone = new(MediaFaults.OriginalMissing, "The original went away while it was read.", true);
    public static readonly RenderFault Crashed = new("DECODER_CRASHED", "The decoder crashed on this picture.", false);
    public static readonly RenderFault Killed = new("DECODER_CRASHED", "The decoder was killed from outside while it read this picture.", true);

    /// <param name="limit">The time that was allowed.</param>
    /// <param name="starved">The decoder got so little processor time that a quieter machine may do better.</param>
    public static RenderFault TimedOut(TimeSpan limit, bool starved) =>
        new("DECODER_TIMED_OUT", $"Decoding the picture took longer than {limit.TotalSeconds:0.###} s.", starved);

    public static RenderFault? IfTooLarge(int width, int height, ImageLimits limits) =>
        width > limits.MaxSide || height > limits.MaxSide
            ? new("IMAGE_TOO_LARGE", $"The picture is {width:N0} × {height:N0} pixels; a side may have {limits.MaxSide:N0} at most.", false)
        : (long)width * height > limits.MaxPixels
            ? new("IMAGE_TOO_LARGE", $"The picture is {width:N0} × {height:N0} = {(long)width * height:N0} pixels; {limits.MaxPixels:N0} at most are allowed.", false)
        : null;

    public static RenderFault VectorTooLong(long limit) => new("IMAGE_TOO_LARGE", $"A vector graphic may have {limit:N0} bytes at most.", false);

    /// <summary>The fault that words of libvips and of the libraries under it tell of.</summary>
    /// <param name="cut">The file lacks its end.</param>
    public static RenderFault FromReading(string words, PictureFormat format, bool cut) =>
        TellsOfMemory(words) ? OutOfMemory
        : TooMany().IsMatch(words) ? TooManyFrames
        : cut || format == PictureFormat.Tiff && EndOfData().IsMatch(words) ? Truncated
        : new("IMAGE_CORRUPT", $"The {format.Name} data is damaged and cannot be decoded.", false);

    public static RenderFault FromWriting(string words) =>
        TellsOfMemory(words) ? OutOfMemory
        : NoRoom().IsMatch(words) ? DiskFull
        : DiskFull with { Message = "The renditions could not be written." };

    public static bool TellsOfMemory(string words) => NoMemory().IsMatch(words);

    [GeneratedRegex("excessive number of frames", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TooMany();

    [GeneratedRegex("no space left|quota exceeded", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoRoom();

    [GeneratedRegex("out of memory|outofmemory|unable to encode|insufficient memory|failed to allocate|cannot allocate|creating thread|memory allocation", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoMemory();

    [GeneratedRegex("read error|end of file|not enough data|seek error|directory", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EndOfData();
}
