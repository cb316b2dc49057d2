using System.Globalization;
using System.Text;

namespace MediaPlatform.Domain.Episodes;

/// <summary>A clip as an edit decision list needs it.</summary>
/// <param name="File">The footage: an address, or a name; null where only the clip is known.</param>
/// <param name="In">The first frame.</param>
/// <param name="Out">The frame after the last.</param>
/// <param name="FrameRate">Frames a second; null takes that of the others.</param>
/// <param name="Comment">What the editor reads beside it.</param>
public sealed record EdlClip(Guid Id, string? File, string? In, string? Out, double? FrameRate, string? Comment);

/// <summary>
/// An edit decision list as CMX 3600 has it: cuts of video and audio, one after the other from 01:00:00:00 on. A list has one frame rate and
/// one way of counting; the out point is the frame after the last, and reels have eight letters and digits.
/// </summary>
public static class EditDecisionList
{
    /// <summary>The most events of a list, which are numbered with three digits.</summary>
    public const int MaxEvents = 999;

    /// <summary>The most frames a second, which are counted with two digits.</summary>
    public const int MaxFrameRate = 100;

    private const int ReelLength = 8;
    private const int MaxComment = 200;

    /// <param name="title">Of the episode.</param>
    /// <param name="clips">In the order of the list.</param>
    /// <param name="frameRate">Of clips that say none; null takes the one that the others have.</param>
    public static Result<string> Write(string title, IReadOnlyList<EdlClip> clips, double? frameRate)
    {
        if (clips.Count > MaxEvents) return new EdlTooLong(MaxEvents);

        var rates = clips.Select(clip => clip.FrameRate ?? frameRate).OfType<double>().Distinct().ToArray();
        if (rates.Length > 1) return new EdlFrameRatesDiffer(rates);
        if (rates.Length == 0 && clips.Count > 0) return new EdlFrameRateUnknown();
        if (rates is [> MaxFrameRate]) return new EdlFrameRateTooHigh(MaxFrameRate);

        Error[] errors = [.. clips.SelectMany(clip => Faults(clip, rates[0]))];
        if (errors.Length > 0) return errors;

        var isDropFrame = clips.Count > 0 && Timecode.Parse(clips[0].In)!.Value.IsDropFrame;
        if (clips.Any(clip => Timecode.Parse(clip.In)!.Value.IsDropFrame != isDropFrame)) return new EdlCountingDiffers();

        var list = new StringBuilder();
        Line($"TITLE: {Plain(title)}");
        Line($"FCM: {(isDropFrame ? "DROP FRAME" : "NON-DROP FRAME")}");
        var reels = new Dictionary<string, string>(StringComparer.Ordinal);
        var nominal = rates.Length > 0 ? Timecode.Nominal(rates[0]) : 25;
        var record = new Timecode(1, 0, 0, 0, isDropFrame).FrameNumber(nominal);
        for (var i = 0; i < clips.Count; i++)
        {
            var clip = clips[i];
            var length = Timecode.Parse(clip.Out)!.Value.FrameNumber(nominal) - Timecode.Parse(clip.In)!.Value.FrameNumber(nominal);
            var (start, end) = (Timecode.At(record, nominal, isDropFrame), Timecode.At(record + length, nominal, isDropFrame));
            if (start is null || end is null) return new EdlTooLong(MaxEvents);

            Line("");
            Line(string.Create(CultureInfo.InvariantCulture, $"{i + 1:000}  {ReelOf(clip, reels),-ReelLength} B     C        {clip.In} {clip.Out} {start} {end}"));
            if (clip.File is { } file)
            {
                Line($"* FROM CLIP NAME: {Plain(file[(file.LastIndexOf('/') + 1)..])}");
                if (file.Contains('/', StringComparison.Ordinal)) Line($"* SOURCE FILE: {Plain(file)}");
            }

            Line($"* CLIP ID: {clip.Id}");
            if (clip.Comment is { Length: > 0 } comment) Line($"* COMMENT: {Plain(comment)}");
            record += length;
        }

        return list.ToString();

        void Line(string text) => list.Append(text).Append("\r\n");
    }

    private static IEnumerable<Error> Faults(EdlClip clip, double rate)
    {
        if (clip.In is null || clip.Out is null) return [new EdlClipWithoutTimecode(clip.Id)];
        return ClipRange.Check(clip.In, clip.Out, rate).Select(fault => new EdlClipDoesNotFit(clip.Id, fault.Message));
    }

    /// <summary>Eight letters and digits of the file's name; another file of the same beginning has a number at its end.</summary>
    private static string ReelOf(EdlClip clip, Dictionary<string, string> reels)
    {
        var file = clip.File ?? clip.Id.ToString();
        if (reels.TryGetValue(file, out var known)) return known;

        var name = file[(file.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        var letters = string.Concat((dot > 0 ? name[..dot] : name).Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        if (letters.Length == 0) letters = "AX"; // as lists call what has no reel
        var reel = letters[..Math.Min(letters.Length, ReelLength)];
        for (var number = 2; reels.ContainsValue(reel); number++)
        {
            var end = number.ToString(CultureInfo.InvariantCulture);
            reel = letters[..Math.Min(letters.Length, ReelLength - end.Length)] + end;
        }

        return reels[file] = reel;
    }

    /// <summary>On one line, whatever somebody wrote.</summary>
    private static string Plain(string text)
    {
        var plain = string.Concat(text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter)).Trim();
        return plain.Length <= MaxComment ? plain : plain[..(char.IsHighSurrogate(plain[MaxComment - 1]) ? MaxComment - 1 : MaxComment)];
    }
}
