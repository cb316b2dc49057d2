using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MediaPlatform.Tests.Support;

/// <summary>exiftool, as a test writes places into files and looks for what is left of them.</summary>
public static class ExifTool
{
    private static readonly string[] Places =
        ["-*GPS*", "-*Location*", "-*Latitude*", "-*Longitude*", "-*Coordinates*", "-City", "-Country*"];

    private static readonly string[] OfSize =
    [
        ":Orientation", ":XResolution", ":YResolution", ":ResolutionUnit", ":YCbCrPositioning", ":ExifVersion", ":ComponentsConfiguration", ":FlashpixVersion", ":ColorSpace",
        ":ExifImageWidth", ":ExifImageHeight",
    ];

    /// <summary>What a file says of places: tags with their groups.</summary>
    public static string[] PlacesIn(byte[] bytes, string extension) => Tags(bytes, extension, ["-ee", "-a", "-u", .. Places]);

    /// <summary>Tags with their groups; none asked for are all.</summary>
    public static string[] Tags(byte[] bytes, string extension, params string[] asked)
    {
        var (output, _) = Run(bytes, extension, ["-j", "-G1", .. asked]);
        return [.. JsonNode.Parse(output)![0]!.AsObject().Select(tag => tag.Key).Where(name => name is not "SourceFile")];
    }

    /// <summary>Tags that tell of more than the size of a picture; libvips writes those of its own into every WebP.</summary>
    public static string[] Metadata(byte[] bytes, string extension) =>
    [
        .. Tags(bytes, extension, "-EXIF:all", "-XMP:all", "-IPTC:all", "-GPS:all", "-Photoshop:all", "-MakerNotes:all", "-Comment").Where(tag => !Array.Exists(OfSize, tag.EndsWith)),
    ];

    /// <summary>The file with tags written into it.</summary>
    public static byte[] With(byte[] bytes, string extension, params string[] tags) => Run(bytes, extension, ["-q", "-q", "-overwrite_original", .. tags]).Bytes;

    /// <summary>A place, in every way that a format has for it.</summary>
    public static byte[] Placed(byte[] bytes, string extension) => With(bytes, extension, extension is "mp4" or "mov" or "m4a"
        ? ["-Keys:GPSCoordinates=48.137, 11.575, 500", "-UserData:GPSCoordinates=48.137, 11.575, 500", "-ItemList:GPSCoordinates=48.137, 11.575, 500", "-XMP:GPSLatitude=48.137"]
        :
        [
            "-EXIF:GPSLatitude=48.137", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=11.575", "-EXIF:GPSLongitudeRef=E", "-XMP:GPSLatitude=48.137",
            "-XMP-iptcExt:LocationShownCity=Munich", "-IPTC:City=Munich", "-XMP-photoshop:City=Munich",
        ]);

    private static (string Output, byte[] Bytes) Run(byte[] bytes, string extension, IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("exiftool-");
        try
        {
            var path = Path.Combine(folder.FullName, "file." + extension);
            File.WriteAllBytes(path, bytes);
            var start = new ProcessStartInfo("exiftool", ["-config", "", .. arguments, path]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? (output, File.ReadAllBytes(path)) : throw new InvalidOperationException($"exiftool: {errors.Result}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
