namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// A placeholder of about 25 bytes: the picture's lowest frequencies, quantised. The format and the arithmetic are
/// those of rgbaToThumbHash in evanw/thumbhash (MIT), byte for byte.
/// </summary>
internal static class ThumbHash
{
    /// <summary>The longest side that may be encoded.</summary>
    public const int MaxSide = 100;

    /// <param name="width">At most <see cref="MaxSide"/>.</param>
    /// <param name="height">At most <see cref="MaxSide"/>.</param>
    /// <param name="rgba">Four bytes a pixel, row by row, not premultiplied.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> rgba)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);

        var pixels = width * height;
        double red = 0, green = 0, blue = 0, opacity = 0;
        for (var i = 0; i < pixels; i++)
        {
            var alpha = rgba[4 * i + 3] / 255.0;
            red += alpha / 255.0 * rgba[4 * i];
            green += alpha / 255.0 * rgba[4 * i + 1];
            blue += alpha / 255.0 * rgba[4 * i + 2];
            opacity += alpha;
        }
        if (opacity > 0) (red, green, blue) = (red / opacity, green / opacity, blue / opacity);

        var hasAlpha = opacity < pixels;
        var limit = hasAlpha ? 5 : 7;
        var lx = Math.Max(1, Round((double)limit * width / Math.Max(width, height)));
        var ly = Math.Max(1, Round((double)limit * height / Math.Max(width, height)));

        // luminance, yellow against blue, red against green, alpha; composed on the average colour
        double[] l = new double[pixels], p = new double[pixels], q = new double[pixels], a = new double[pixels];
        for (var i = 0; i < pixels; i++)
        {
            var alpha = rgba[4 * i + 3] / 255.0;
            var r = red * (1 - alpha) + alpha / 255.0 * rgba[4 * i];
            var g = green * (1 - alpha) + alpha / 255.0 * rgba[4 * i + 1];
            var b = blue * (1 - alpha) + alpha / 255.0 * rgba[4 * i + 2];
            (l[i], p[i], q[i], a[i]) = ((r + g + b) / 3, (r + g) / 2 - b, r - g, alpha);
        }

        var luminance = Channel(l, width, height, Math.Max(3, lx), Math.Max(3, ly));
        var yellowBlue = Channel(p, width, height, 3, 3);
        var redGreen = Channel(q, width, height, 3, 3);
        var transparency = hasAlpha ? Channel(a, width, height, 5, 5) : default;

        var landscape = width > height;
        var head = Round(63 * luminance.Mean) | Round(31.5 + 31.5 * yellowBlue.Mean) << 6 | Round(31.5 + 31.5 * redGreen.Mean) << 12
            | Round(31 * luminance.Scale) << 18 | (hasAlpha ? 1 << 23 : 0);
        var tail = (landscape ? ly : lx) | Round(63 * yellowBlue.Scale) << 3 | Round(63 * redGreen.Scale) << 9 | (landscape ? 1 << 15 : 0);
        List<byte> hash = [(byte)head, (byte)(head >> 8), (byte)(head >> 16), (byte)tail, (byte)(tail >> 8)];
        if (hasAlpha) hash.Add((byte)(Round(15 * transparency.Mean) | Round(15 * transparency.Scale) << 4));

        double[] waves = [.. luminance.Waves, .. yellowBlue.Waves, .. redGreen.Waves, .. transparency.Waves ?? []];
        for (var i = 0; i < waves.Length; i += 2)
            hash.Add((byte)(Round(15 * waves[i]) | (i + 1 < waves.Length ? Round(15 * waves[i + 1]) << 4 : 0)));
        return [.. hash];
    }

    /// <summary>The mean, the varying terms scaled to 0–1, and their scale, of one channel's discrete cosine transform.</summary>
    private static (double Mean, double[] Waves, double Scale) Channel(double[] channel, int width, int height, int nx, int ny)
    {
        double mean = 0, scale = 0;
        List<double> waves = [];
        var across = new double[width];
        for (var cy = 0; cy < ny; cy++)
        {
            for (var cx = 0; cx * ny < nx * (ny - cy); cx++)
            {
                for (var x = 0; x < width; x++) across[x] = Math.Cos(Math.PI / width * cx * (x + 0.5));
                double sum = 0;
                for (var y = 0; y < height; y++)
                {
                    var down = Math.Cos(Math.PI / height * cy * (y + 0.5));
                    for (var x = 0; x < width; x++) sum += channel[x + y * width] * across[x] * down;
                }
                sum /= width * height;
                if (cx == 0 && cy == 0)
                {
                    mean = sum;
                }
                else
                {
                    waves.Add(sum);
                    scale = Math.Max(scale, Math.Abs(sum));
                }
            }
        }
        return (mean, [.. waves.Select(wave => scale > 0 ? 0.5 + 0.5 / scale * wave : wave)], scale);
    }

    /// <summary>JavaScript's rounding: halves go up.</summary>
    private static int Round(double value) => (int)Math.Floor(value + 0.5);
}
