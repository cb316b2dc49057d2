using System.Text;
using System.Text.Json;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Processes;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Cleaning;

/// <summary>
/// The cleaner on exiftool. It takes out all and puts a few things back, rather than naming what is to go: places stand in dozens of tags,
/// in makers' notes, in pictures within pictures and behind the end of a picture, and each new telephone has another.
/// </summary>
internal sealed class ExifToolCleaner(ExifTool exiftool, ILogger<ExifToolCleaner> logger) : IMetadataCleaner
{
    private const long Headroom = 1 << 20;

    // In a TIFF, exiftool takes the first directory for a part of the picture: what people have put there goes by name, GeoTIFF with it.
    private static readonly string[] OfTiff =
    [
        "-CommonIFD0=", "-GeoTiffDirectory=", "-GeoTiffDoubleParams=", "-GeoTiffAsciiParams=",
        "-IFD0:ModelTiePoint=", "-IFD0:ModelTransform=", "-IFD0:PixelScale=", "-IFD0:IntergraphMatrix=",
    ];

    // None of these may be in the copy, under whatever group.
    private static readonly string[] Places =
    [
        "-*GPS*", "-*Location*", "-*Latitude*", "-*Longitude*", "-*Coordinates*", "-City", "-Country*", "-Province*", "-State",
        "-GeoTiff:all", "-GeoTiff*", "-ModelTiePoint", "-ModelTransform", "-PixelScale", "-IntergraphMatrix",
    ];

    public async Task<CleaningFault?> WriteClean(string sourcePath, FileFormat format, string outputPath, CancellationToken cancellationToken)
    {
        // exiftool goes by the extension, which no original has where it lies
        var source = Path.Combine(Path.GetDirectoryName(outputPath)!, "original." + format.Extension);
        File.CreateSymbolicLink(source, sourcePath);

        var written = await exiftool.Run(
            [
                "-q", "-q", "-m", "-api", "LargeFileSupport=1", "-all=", .. OfTiff, "-trailer:all=", "--icc_profile:all",
                "-tagsfromfile", "@", "-EXIF:Orientation", "-EXIF:Artist", "-EXIF:Copyright", "-ColorSpaceTags", "-o", outputPath, source,
            ],
            new FileInfo(sourcePath).Length + Headroom, cancellationToken);
        if (Fault(written, outputPath) is { } fault) return fault;

        var read = await exiftool.Run(["-j", "-a", "-u", "-G1", "-s", "-ee2", "-api", "LargeFileSupport=1", .. Places, outputPath], maxFileBytes: 0, cancellationToken);
        if (Fault(read, outputPath) is { } unread) return unread;
        if (PlacesIn(Encoding.UTF8.GetString(read.Output)) is { Length: > 0 } places)
        {
            logger.LogWarning("A copy that should tell nothing of places still has {Tags}", string.Join(", ", places));
            return new(new("LOCATION_LEFT", "The original tells of places in a way that cannot be taken out of it, such as a track of a film."), Retryable: false);
        }

        return format == FileFormats.Jpeg && !await SamePicture(sourcePath, outputPath, cancellationToken)
            ? new(new("CLEANING_FAILED", "The picture would not have stayed the same."), Retryable: false)
            : null;
    }

    private CleaningFault? Fault(ProcessOutcome outcome, string outputPath)
    {
        if (outcome.Succeeded && File.Exists(outputPath)) return null;

        logger.LogInformation("exiftool ended as {End} with exit code {ExitCode}: {Errors}", outcome.End, outcome.ExitCode, outcome.Errors);
        if (outcome.Errors.Contains("No space left on device", StringComparison.Ordinal)) throw new OutageException(MediaFaults.NoRoom);
        return outcome.End is ProcessEnd.Exited
            ? new(new("CLEANING_FAILED", "No copy can be made of this file: it is not wholly what its first bytes say it is."), Retryable: false)
            : new(new("CLEANING_TIMED_OUT", "Making the copy took too long."), Retryable: true);
    }

    private static string[] PlacesIn(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement[0].EnumerateObject().Select(tag => tag.Name).Where(name => name is not "SourceFile")];
    }

    private static async Task<bool> SamePicture(string original, string copy, CancellationToken cancellationToken)
    {
        var (before, after) = (await JpegPicture.Hash(original, cancellationToken), await JpegPicture.Hash(copy, cancellationToken));
        return before.AsSpan().SequenceEqual(after);
    }
}
