using System.Diagnostics;
using System.Globalization;

namespace MediaPlatform.Tests.Support;

/// <summary>Looks at pictures with ffmpeg, which shares no code with what made them.</summary>
public static class Look
{
    /// <summary>The mean colours at three places on the diagonal, from top left to bottom right, as <c>rrggbb</c>, <c>rrggbbaa</c> or <c>clear</c>.</summary>
    public static string[] Diagonal(byte[] picture, int width, int height) => At(picture, width, height, (.2, .2), (.5, .5), (.8, .8));

    /// <summary>The names of the colours in the middle of the quarters, in reading order: R, G, B, W, or a question mark.</summary>
    public static string Quarters(byte[] picture, int width, int height) =>
        string.Concat(At(picture, width, height, (.25, .25), (.75, .25), (.25, .75), (.75, .75)).Select(color => Parse(color) switch
        {
            ( > 200, < 60, < 60, _) => 'R',
            ( < 60, > 200, < 60, _) => 'G',
            ( < 60, < 60, > 200, _) => 'B',
            ( > 200, > 200, > 200, _) => 'W',
            _ => '?',
        }));

    /// <summary>How far two colours are apart in their worst channel; one that is hardly seen has no colour.</summary>
    public static int Apart(string one, string other)
    {
        var (a, b) = (Parse(one), Parse(other));
        var hidden = Math.Abs(a.Alpha - b.Alpha);
        return Math.Min(a.Alpha, b.Alpha) < 48 ? hidden : new[] { hidden, Math.Abs(a.Red - b.Red), Math.Abs(a.Green - b.Green), Math.Abs(a.Blue - b.Blue) }.Max();
    }

    /// <summary>The mean colours at places, in parts of the width and the height, as <see cref="Diagonal"/> has them.</summary>
    public static string[] At(byte[] picture, int width, int height, params (double Across, double Down)[] places)
    {
        var pixels = Pixels(picture);
        Assert.That(pixels, Has.Length.EqualTo(4 * width * height), $"It is not {width} × {height}.");
        return [.. places.Select(place => Mean(pixels, width, height, place.Across, place.Down))];
    }

    /// <summary>Of a tenth of the width and height around the place, weighed by alpha.</summary>
    private static string Mean(byte[] pixels, int width, int height, double across, double down)
    {
        var (left, top) = (Math.Max(0, (int)((across - .05) * width)), Math.Max(0, (int)((down - .05) * height)));
        var (right, bottom) = (Math.Max(left + 1, (int)((across + .05) * width)), Math.Max(top + 1, (int)((down + .05) * height)));
        double count = 0, red = 0, green = 0, blue = 0, alpha = 0;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var pixel = pixels.AsSpan(4 * ((y * width) + x), 4);
                count++;
                alpha += pixel[3];
                red += pixel[0] * pixel[3];
                green += pixel[1] * pixel[3];
                blue += pixel[2] * pixel[3];
            }
        }

        if (alpha / count < 8) return "clear";
        var color = string.Create(CultureInfo.InvariantCulture, $"{(int)Math.Round(red / alpha):x2}{(int)Math.Round(green / alpha):x2}{(int)Math.Round(blue / alpha):x2}");
        return alpha / count > 247 ? color : color + ((int)Math.Round(alpha / count)).ToString("x2", CultureInfo.InvariantCulture);
    }

    private static (int Red, int Green, int Blue, int Alpha) Parse(string color) => color == "clear"
        ? (0, 0, 0, 0)
        : (Convert.ToInt32(color[..2], 16), Convert.ToInt32(color[2..4], 16), Convert.ToInt32(color[4..6], 16), color.Length > 6 ? Convert.ToInt32(color[6..], 16) : 255);

    private static byte[] Pixels(byte[] picture)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, picture);
            var start = new ProcessStartInfo("ffmpeg", $"-nostdin -v error -i {path} -frames:v 1 -sws_flags accurate_rnd+full_chroma_int -f rawvideo -pix_fmt rgba -") { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            using var pixels = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(pixels);
            process.WaitForExit();
            return pixels.ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
