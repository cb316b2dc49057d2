using System.Globalization;
using System.Text;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Heif;
using MetadataExtractor.Formats.Jpeg;
using MetadataExtractor.Formats.Photoshop;
using MetadataExtractor.Formats.Png;
using MetadataExtractor.Formats.Raf;
using MetadataExtractor.Formats.Tiff;
using MetadataExtractor.Formats.WebP;
using MetadataExtractor.IO;
using Directory = MetadataExtractor.Directory;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// Reads EXIF by an allow-list: how a picture was taken, never by whom, with which very camera (serial numbers) or, but
/// for <see cref="EmbeddedMetadata.Gps"/>, where. Text is stripped of control characters and cut; damaged metadata is
/// no metadata.
/// </summary>
internal static class EmbeddedMetadataReader
{
    private const int LongestText = 200;
    private const int OffsetTime = 0x9010;
    private const int OffsetTimeOriginal = 0x9011;
    private const int OffsetTimeDigitized = 0x9012;

    private enum Kind { Text, Integer, Number }

    private static readonly (string Key, int Tag, Kind Kind)[] Allowed =
    [
        ("camera_make", ExifDirectoryBase.TagMake, Kind.Text),
        ("camera_model", ExifDirectoryBase.TagModel, Kind.Text),
        ("lens_make", ExifDirectoryBase.TagLensMake, Kind.Text),
        ("lens_model", ExifDirectoryBase.TagLensModel, Kind.Text),
        ("software", ExifDirectoryBase.TagSoftware, Kind.Text),
        ("orientation", ExifDirectoryBase.TagOrientation, Kind.Integer),
        ("exposure_time_s", ExifDirectoryBase.TagExposureTime, Kind.Number),
        ("f_number", ExifDirectoryBase.TagFNumber, Kind.Number),
        ("iso", ExifDirectoryBase.TagIsoEquivalent, Kind.Integer),
        ("focal_length_mm", ExifDirectoryBase.TagFocalLength, Kind.Number),
        ("focal_length_35mm", ExifDirectoryBase.Tag35MMFilmEquivFocalLength, Kind.Integer),
        ("exposure_bias_ev", ExifDirectoryBase.TagExposureBias, Kind.Number),
        ("exposure_program", ExifDirectoryBase.TagExposureProgram, Kind.Integer),
        ("metering_mode", ExifDirectoryBase.TagMeteringMode, Kind.Integer),
        ("white_balance", ExifDirectoryBase.TagWhiteBalanceMode, Kind.Integer),
        ("flash", ExifDirectoryBase.TagFlash, Kind.Integer),
        ("color_space", ExifDirectoryBase.TagColorSpace, Kind.Integer),
    ];

    private static readonly EmbeddedMetadata None = new(null, new Dictionary<string, object>(), null);

    public static EmbeddedMetadata Read(FileFormat format, string path)
    {
        IReadOnlyList<Directory> directories;
        try
        {
            directories = Directories(format, path);
        }
#pragma warning disable CA1031 // a reader of hostile bytes may throw anything, and the picture itself was decoded
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"metadata: {failure.GetType().Name}");
            return None;
        }

        ExifDirectoryBase[] exif = [.. directories.OfType<ExifIfd0Directory>(), .. directories.OfType<ExifSubIfdDirectory>()];
        Dictionary<string, object> values = [];
        foreach (var (key, tag, kind) in Allowed)
            if (exif.Select(directory => Value(directory, tag, kind)).FirstOrDefault(value => value is not null) is { } value) values[key] = value;
        return new EmbeddedMetadata(CapturedAt(exif), values, directories.OfType<GpsDirectory>().Select(Position).FirstOrDefault(position => position is not null));
    }

    private static IReadOnlyList<Directory> Directories(FileFormat format, string path) =>
        format == FileFormats.Jpeg ? JpegMetadataReader.ReadMetadata(path, [new ExifReader()])
        : format == FileFormats.Png ? PngMetadataReader.ReadMetadata(path)
        : format == FileFormats.WebP ? WebPMetadataReader.ReadMetadata(path)
        : format == FileFormats.Avif || format == FileFormats.Heic ? Streamed(path, HeifMetadataReader.ReadMetadata)
        : format == FileFormats.Psd ? PsdMetadataReader.ReadMetadata(path)
        : format == FileFormats.Raf ? Streamed(path, RafMetadataReader.ReadMetadata)
        : format == FileFormats.Tiff || format.CarriesPreview && format != FileFormats.Cr3 ? Streamed(path, FirstDirectory.Read)
        : [];

    private static IReadOnlyList<Directory> Streamed(string path, Func<Stream, IReadOnlyList<Directory>> read)
    {
        using var stream = File.OpenRead(path);
        return read(stream);
    }

    private static object? Value(Directory directory, int tag, Kind kind) => kind switch
    {
        Kind.Text => Clean(directory.GetString(tag)),
        Kind.Integer => directory.TryGetInt32(tag, out var integer) ? (long)integer : null,
        _ => Number(directory, tag),
    };

    /// <summary>Divided here, since the library divides in single precision.</summary>
    private static double? Number(Directory directory, int tag)
    {
        var number = directory.GetObject(tag) is Rational ratio ? (double)ratio.Numerator / ratio.Denominator
            : directory.TryGetDouble(tag, out var other) ? other
            : double.NaN;
        return double.IsFinite(number) ? Math.Round(number, 9) : null;
    }

    /// <summary>One line of at most 200 characters without control characters; null when nothing is left.</summary>
    internal static string? Clean(string? text)
    {
        if (text is null) return null;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate comes out as U+FFFD
        {
            if (clean.Length + rune.Utf16SequenceLength > LongestText) break;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) continue;
            clean.Append(rune.ToString());
        }
        var trimmed = clean.ToString().Trim();
        return trimmed.Length > 0 ? trimmed : null;
    }

    private static DateTimeOffset? CapturedAt(ExifDirectoryBase[] exif) =>
        Moment(exif, ExifDirectoryBase.TagDateTimeOriginal, OffsetTimeOriginal)
        ?? Moment(exif, ExifDirectoryBase.TagDateTimeDigitized, OffsetTimeDigitized)
        ?? Moment(exif, ExifDirectoryBase.TagDateTime, OffsetTime);

    private static DateTimeOffset? Moment(ExifDirectoryBase[] exif, int tag, int offsetTag)
    {
        if (Text(exif, tag) is not { } text
            || !DateTime.TryParseExact(text, "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var wallClock)) return null;
        var offset = Offset(Text(exif, offsetTag));
        return wallClock.Ticks > offset.Ticks ? new DateTimeOffset(wallClock.Ticks - offset.Ticks, TimeSpan.Zero) : null;
    }

    private static string? Text(ExifDirectoryBase[] exif, int tag) => exif.Select(directory => Clean(directory.GetString(tag))).FirstOrDefault(text => text is not null);

    private static TimeSpan Offset(string? text)
    {
        if (text is null or "Z" || text.Length != 6 || text[0] is not ('+' or '-')
            || !TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out var offset) || offset > TimeSpan.FromHours(14)) return TimeSpan.Zero;
        return text[0] == '-' ? -offset : offset;
    }

    private static GpsPosition? Position(GpsDirectory gps)
    {
        if (gps.GetGeoLocation() is not { } location || !(Math.Abs(location.Latitude) <= 90) || !(Math.Abs(location.Longitude) <= 180)) return null;
        var altitude = Number(gps, GpsDirectory.TagAltitude);
        if (gps.TryGetInt32(GpsDirectory.TagAltitudeRef, out var below) && below == 1) altitude = -altitude;
        return new GpsPosition(Math.Round(location.Latitude, 7), Math.Round(location.Longitude, 7), altitude);
    }

    /// <summary>The library reads page after page by recursion, and a scan of some thousands would end the process. What is wanted stands in the first.</summary>
    private sealed class FirstDirectory(List<Directory> directories) : ExifTiffHandler(directories)
    {
        public static List<Directory> Read(Stream file)
        {
            List<Directory> directories = [];
            TiffReader.ProcessTiff(new IndexedSeekingReader(file), new FirstDirectory(directories));
            return directories;
        }

        public override bool HasFollowerIfd() => false;
    }
}
