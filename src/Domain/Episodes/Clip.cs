namespace MediaPlatform.Domain.Episodes;

/// <summary>What a clip is of.</summary>
public enum ClipType { Raw, BRoll, Bts, Insert, Other }

/// <summary>How good a take is; <c>use</c> is an older word for <c>hero</c>, taken and kept as that.</summary>
public enum QualityRating { Hero, Good, Maybe, Reject, Use }

/// <summary>How far the review of a clip is.</summary>
public enum ClipStatus { PendingReview, Approved, Rejected, Used }

/// <summary>Where a clip begins and ends, as its rules see it.</summary>
public static class ClipRange
{
    /// <summary>Every reason why these do not stand in one clip.</summary>
    /// <param name="frameRate">Frames a second; null is not known.</param>
    public static IEnumerable<Error> Check(string? timecodeIn, string? timecodeOut, double? frameRate)
    {
        var (start, end) = (Timecode.Parse(timecodeIn), Timecode.Parse(timecodeOut));
        if (timecodeIn is not null && start is null) yield return new TimecodeInvalid(timecodeIn, "timecode_in");
        if (timecodeOut is not null && end is null) yield return new TimecodeInvalid(timecodeOut, "timecode_out");
        if (frameRate is null)
        {
            // whatever the rate, two are left out at least
            if (start?.IsLeftOut(2) is true) yield return new TimecodeOfAnotherFrameRate(timecodeIn!, "drop-frame counting leaves this number out", "timecode_in");
            if (end?.IsLeftOut(2) is true) yield return new TimecodeOfAnotherFrameRate(timecodeOut!, "drop-frame counting leaves this number out", "timecode_out");
        }
        else if (frameRate is { } rate)
        {
            if (start?.Mismatch(rate) is { } early) yield return new TimecodeOfAnotherFrameRate(timecodeIn!, early, "timecode_in");
            if (end?.Mismatch(rate) is { } late) yield return new TimecodeOfAnotherFrameRate(timecodeOut!, late, "timecode_out");
        }

        if (start is not { } from || end is not { } to) yield break;
        if (from.IsDropFrame != to.IsDropFrame) yield return new TimecodeOfAnotherFrameRate(timecodeOut!, "one is counted with dropped frames and the other without", "timecode_out");
        else if (to.FrameNumber(100) <= from.FrameNumber(100)) yield return new TimecodeOutNotAfterIn(timecodeIn!, timecodeOut!);
    }
}
