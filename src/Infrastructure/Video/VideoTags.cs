using System.Globalization;
using System.Text.RegularExpressions;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>What a container says of itself: a list of harmless tags, the time of recording, and the location apart.</summary>
internal static partial class VideoTags
{
    /// <summary>The tags to ask ffprobe for.</summary>
    public const string Wanted =
        "creation_time,com.apple.quicktime.creationdate,com.apple.quicktime.location.ISO6709,location,location-eng,"
        + "com.apple.quicktime.make,com.apple.quicktime.model,com.apple.quicktime.software,com.android.version,make,model,encoder,title,album,genre,track";

    private const int MaxLength = 200;

    // Names of people, comments, serial numbers and locations are left out on purpose.
    private static readonly (string Tag, string Key)[] Allowed =
    [
        ("com.apple.quicktime.make", "camera_make"), ("make", "camera_make"),
        ("com.apple.quicktime.model", "camera_model"), ("model", "camera_model"),
        ("com.apple.quicktime.software", "software"), ("encoder", "software"), ("com.android.version", "android_version"),
        ("title", "title"), ("album", "album"), ("genre", "genre"), ("track", "track"),
    ];

    public static EmbeddedMetadata Read(IReadOnlyDictionary<string, string>? tags)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in tags ?? new Dictionary<string, string>()) given.TryAdd(key, value);

        var kept = new Dictionary<string, object>();
        foreach (var (tag, key) in Allowed)
        {
            if (given.TryGetValue(tag, out var value) && Clean(value) is { Length: > 0 } text) kept.TryAdd(key, text);
        }

        return new EmbeddedMetadata(
            First(given, ReadTime, "com.apple.quicktime.creationdate", "creation_time"), kept,
            First(given, ReadLocation, "com.apple.quicktime.location.ISO6709", "location", "location-eng"));
    }

    private static T? First<T>(Dictionary<string, string> tags, Func<string, T?> read, params string[] keys) =>
        keys.Select(key => tags.TryGetValue(key, out var value) ? read(value) : default).FirstOrDefault(value => value is not null);

    /// <summary>A camera whose clock was never set says 1904 (QuickTime's epoch) or 1970.</summary>
    private static DateTimeOffset? ReadTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1970 ? time : null;

    /// <summary>ISO 6709: latitude, longitude and perhaps altitude, each in degrees, degrees and minutes, or with seconds too.</summary>
    internal static GpsPosition? ReadLocation(string text)
    {
        if (Iso6709().Match(text) is not { Success: true } match) return null;
        if (Degrees(match.Groups["lat"].Value, 2) is not { } latitude || Degrees(match.Groups["lon"].Value, 3) is not { } longitude) return null;
        if (Math.Abs(latitude) > 90 || Math.Abs(longitude) > 180) return null;
        double? altitude = match.Groups["alt"].Success ? double.Parse(match.Groups["alt"].Value, CultureInfo.InvariantCulture) : null;
        return new GpsPosition(latitude, longitude, altitude);
    }

    /// <param name="text">Sign, digits and perhaps a fraction.</param>
    /// <param name="width">Digits of whole degrees: 2 for a latitude, 3 for a longitude; two more are minutes, four more minutes and seconds.</param>
    private static double? Degrees(string text, int width)
    {
        var (sign, digits) = (text[0] == '-' ? -1 : 1, text[1..]);
        var whole = digits.IndexOf('.') is var dot and >= 0 ? dot : digits.Length;
        double? value = (whole - width) switch
        {
            0 => Number(digits),
            2 => Number(digits[..width]) + (Number(digits[width..]) / 60),
            4 => Number(digits[..width]) + (Number(digits[width..(width + 2)]) / 60) + (Number(digits[(width + 2)..]) / 3600),
            _ => null,
        };
        return value is { } degrees ? sign * degrees : null;

        static double Number(string part) => double.Parse(part, CultureInfo.InvariantCulture);
    }

    /// <summary>PostgreSQL's jsonb takes no NUL, and nobody needs the other control characters.</summary>
    private static string Clean(string value)
    {
        var text = string.Concat(value.EnumerateRunes().Where(rune => !System.Text.Rune.IsControl(rune)).Take(MaxLength));
        return text.Trim();
    }

    [GeneratedRegex(@"^(?<lat>[+-]\d{2,6}(\.\d{1,10})?)(?<lon>[+-]\d{3,7}(\.\d{1,10})?)(?<alt>[+-]\d{1,6}(\.\d{1,10})?)?(CRS[\w:]{1,20})?/?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Iso6709();
}
