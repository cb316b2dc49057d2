using System.Globalization;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>Makes facts of what ffprobe printed.</summary>
internal static class FactsReader
{
    private const double MaxAspect = 16;
    private const double MaxFramesPerSecond = 1000;

    /// <summary>Null when there is neither a picture that moves nor sound.</summary>
    public static VideoFacts? Read(ProbeDocument document)
    {
        var streams = document.Streams ?? [];
        var video = streams.FirstOrDefault(stream => stream.CodecType == "video" && !IsPicture(stream)); // the same that ffmpeg calls 0:V:0
        var audio = streams.FirstOrDefault(stream => stream.CodecType == "audio");
        if (video is null && audio is null) return null;

        var (width, height) = video is null ? (null, null) : DisplayedSize(video);
        return new VideoFacts(
            Duration(document), width, height, video is null ? null : FramesPerSecond(video),
            video is null ? null : video.CodecName ?? "unknown", audio is null ? null : audio.CodecName ?? "unknown",
            long.TryParse(document.Format?.BitRate, CultureInfo.InvariantCulture, out var bitRate) && bitRate > 0 ? bitRate : null,
            audio is not null, streams.Any(stream => stream.CodecType == "video" && IsPicture(stream)), VideoTags.Read(document.Format?.Tags));
    }

    private static bool IsPicture(ProbeStream stream) => stream.Disposition is { AttachedPic: 1 } or { TimedThumbnails: 1 };

    /// <summary>The container's duration, or that of its longest stream.</summary>
    private static long? Duration(ProbeDocument document)
    {
        var seconds = Seconds(document.Format?.Duration) ?? document.Streams!.Max(stream => Seconds(stream.Duration));
        return seconds is { } known ? (long)Math.Round(known * 1000) : null;

        static double? Seconds(string? text) =>
            double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1e9 ? value : null;
    }

    /// <summary>Whether ffmpeg turns it by a quarter: it turns by no other parts. ffprobe counts degrees against the clock; older files carry a tag that counts with it.</summary>
    private static bool LiesOnItsSide(ProbeStream video)
    {
        var clockwise = -video.SideDataList?.FirstOrDefault(data => data.Rotation is not null)?.Rotation
            ?? (video.Tags?.TryGetValue("rotate", out var tag) == true && double.TryParse(tag, CultureInfo.InvariantCulture, out var degrees) ? degrees : 0);
        var quarters = Math.Round(clockwise / 90);
        return Math.Abs(clockwise - (quarters * 90)) <= 1 && quarters % 2 != 0;
    }

    private static (int? Width, int? Height) DisplayedSize(ProbeStream video)
    {
        if (video is not { Width: > 0 and var width, Height: > 0 and var height }) return (null, null);

        var aspect = Ratio(video.SampleAspectRatio, ':') is { } given and >= 1 / MaxAspect and <= MaxAspect ? given : 1;
        var squared = Math.Max(1, (int)Math.Min(int.MaxValue, Math.Round(width * aspect)));
        return LiesOnItsSide(video) ? (height, squared) : (squared, height);
    }

    /// <summary>The average first: for a variable rate, the other is the least common denominator of all.</summary>
    private static double? FramesPerSecond(ProbeStream video) =>
        Plausible(video.AvgFrameRate) ?? Plausible(video.RealFrameRate);

    private static double? Plausible(string? rate) =>
        Ratio(rate, '/') is { } value and <= MaxFramesPerSecond ? Math.Round(value, 3) : null;

    /// <summary>A positive fraction; null for none and for 0/0.</summary>
    private static double? Ratio(string? text, char separator)
    {
        var parts = (text ?? "").Split(separator);
        return parts.Length == 2
            && double.TryParse(parts[0], CultureInfo.InvariantCulture, out var over) && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var under)
            && over > 0 && under > 0 ? over / under : null;
    }
}
