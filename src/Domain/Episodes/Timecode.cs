using System.Globalization;

namespace MediaPlatform.Domain.Episodes;

/// <summary>A place in a clip: <c>HH:MM:SS:FF</c>, or <c>HH:MM:SS;FF</c> in drop-frame counting (SMPTE ST 12-1).</summary>
/// <param name="Frames">0 and up, within the second.</param>
/// <param name="IsDropFrame">Numbers 00 and 01 are left out at each full minute (four at 59.94), save every tenth, so that 29.97 frames a second keep step with the clock.</param>
public readonly record struct Timecode(int Hours, int Minutes, int Seconds, int Frames, bool IsDropFrame)
{
    private const double DropFrameRate = 30_000 / 1001.0;
    private const double Tolerance = 0.005;

    /// <summary>Null for what is no timecode: hours 00–23, minutes and seconds 00–59, frames 00–99 until a frame rate says more.</summary>
    public static Timecode? Parse(string? text)
    {
        if (text is not { Length: 11 } || text[2] != ':' || text[5] != ':' || text[8] is not (':' or ';')) return null;
        if (Part(text, 0) is not { } hours || Part(text, 3) is not { } minutes || Part(text, 6) is not { } seconds || Part(text, 9) is not { } frames) return null;
        return hours < 24 && minutes < 60 && seconds < 60 ? new(hours, minutes, seconds, frames, text[8] == ';') : null;
    }

    /// <summary>Frames that are counted in a second: 24 at 23.976, 30 at 29.97.</summary>
    public static int Nominal(double frameRate) => (int)Math.Round(frameRate, MidpointRounding.AwayFromZero);

    /// <summary>The timecode of a frame, counted from 00:00:00:00 at this nominal rate; null beyond 23:59:59 and before the first.</summary>
    public static Timecode? At(long frame, int nominal, bool isDropFrame)
    {
        if (isDropFrame)
        {
            // What was left out before this frame is put in: nine times in ten minutes, and once at each full minute but the tenth.
            var dropped = DroppedAt(nominal);
            var (tens, rest) = Math.DivRem(frame, (nominal * 600L) - (9 * dropped));
            frame += (9 * dropped * tens) + (rest < dropped ? 0 : dropped * ((rest - dropped) / ((nominal * 60L) - dropped)));
        }

        var (seconds, frames) = Math.DivRem(frame, nominal);
        return frame >= 0 && seconds < 24 * 60 * 60 ? new((int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60), (int)frames, isDropFrame) : null;
    }

    /// <summary>Whether drop-frame counting leaves this number out, where it leaves out so many.</summary>
    public bool IsLeftOut(int dropped) => IsDropFrame && Seconds == 0 && Minutes % 10 != 0 && Frames < dropped;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hours:00}:{Minutes:00}:{Seconds:00}{(IsDropFrame ? ';' : ':')}{Frames:00}");

    /// <summary>Why this does not stand in a clip of that frame rate; null when it does.</summary>
    public string? Mismatch(double frameRate)
    {
        var nominal = Nominal(frameRate);
        if (Frames >= nominal) return $"at {frameRate.ToString(CultureInfo.InvariantCulture)} frames a second the last of a second is {nominal - 1:00}";
        if (!IsDropFrame) return null;

        var multiple = frameRate / DropFrameRate;
        if (Math.Abs(multiple - 1) > Tolerance / DropFrameRate && Math.Abs(multiple - 2) > Tolerance / DropFrameRate) return "drop-frame counting (;) is for 29.97 and 59.94 frames a second";
        return IsLeftOut(DroppedAt(nominal)) ? "drop-frame counting leaves this number out" : null;
    }

    /// <summary>Frames since 00:00:00:00, as they are counted at this nominal rate.</summary>
    public long FrameNumber(int nominal)
    {
        var frames = ((((Hours * 60L) + Minutes) * 60) + Seconds) * nominal + Frames;
        if (!IsDropFrame) return frames;

        var minutes = (Hours * 60) + Minutes;
        return frames - (DroppedAt(nominal) * (minutes - (minutes / 10)));
    }

    private static int DroppedAt(int nominal) => nominal > 30 ? 4 : 2;

    private static int? Part(string text, int at) => char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1]) ? ((text[at] - '0') * 10) + text[at + 1] - '0' : null;
}
