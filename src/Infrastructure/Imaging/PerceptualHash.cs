using System.Numerics;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// 64 bits that stay nearly the same when a picture is stored in another size, format or quality, and differ in about half of the bits between two pictures:
/// the hash by DCT of Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), section 3.2.1, as pHash has it.
/// The luminance (Rec. 601), reduced to 32 × 32 by the mean of what each cell covers, is transformed by the two-dimensional DCT-II, orthonormal; of
/// that the 64 coefficients are taken whose horizontal and vertical frequencies are both 1 to 8. Those of frequency 0, the mean and what changes in
/// one direction alone, are left out. A bit is 1 where its coefficient is above the median of the 64; row by row from the lowest vertical frequency, the lowest
/// bit first.
/// </summary>
internal static class PerceptualHash
{
    private const int Side = 32;
    private const int Kept = 8;

    /// <summary>
    /// Beyond the formula: a coefficient that is no further above the median counts as equal to it. It is that of a wave of a quarter of a grey level of 255, which JPEG and a
    /// change of size add or take. Else the bits of whatever has coefficients around 0, such as half of those of a symmetric picture, would be those of its noise: of 78 pictures, icons and
    /// drawings among them, 16 were more than 10 bits from what JPEG made of them at quality 60, and with it none.
    /// </summary>
    private const double Noise = 4;

    /// <summary>Fewer bits than these are no picture's own: two such hashes would be near each other whatever they are of. Photographs have about 32.</summary>
    private const int FewestBits = 12;

    private static readonly double[] Waves = MakeWaves();

    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <param name="rgba">Four bytes a pixel, row by row, not premultiplied. Where it is not opaque white shows through, as on a page and in a JPEG that was made of it; of what
    /// is white itself, black.</param>
    /// <returns>The bits as a signed number, as PostgreSQL keeps them; null of a picture without contrast in both directions, such as a plain one, a gradient or stripes.</returns>
    public static long? Of(int width, int height, ReadOnlySpan<byte> rgba) => Over(255, width, height, rgba) ?? Over(0, width, height, rgba);

    private static long? Over(byte ground, int width, int height, ReadOnlySpan<byte> rgba)
    {
        var cells = Reduce(Reduce(Luminance(rgba, ground), width), height);
        var coefficients = new double[Kept * Kept];
        for (var down = 0; down < Kept; down++)
        {
            for (var across = 0; across < Kept; across++)
            {
                double sum = 0;
                for (var y = 0; y < Side; y++)
                    for (var x = 0; x < Side; x++) sum += cells[y * Side + x] * Waves[across * Side + x] * Waves[down * Side + y];
                coefficients[down * Kept + across] = sum;
            }
        }

        double[] sorted = [.. coefficients.Order()];
        var median = (sorted[31] + sorted[32]) / 2;
        var bits = 0UL;
        for (var at = 0; at < coefficients.Length; at++)
            if (coefficients[at] - median > Noise) bits |= 1UL << at;
        return BitOperations.PopCount(bits) < FewestBits ? null : unchecked((long)bits);
    }

    private static double[] Luminance(ReadOnlySpan<byte> rgba, byte ground)
    {
        var grey = new double[rgba.Length / 4];
        for (var i = 0; i < grey.Length; i++)
        {
            var pixel = rgba.Slice(4 * i, 4);
            grey[i] = ground + pixel[3] / 255.0 * (0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2] - ground);
        }

        return grey;
    }

    /// <summary>Lines of so many values to 32 each, turned so that the lines are columns: twice makes a square that stands upright.</summary>
    private static double[] Reduce(double[] lines, int length)
    {
        var count = lines.Length / length;
        var reduced = new double[Side * count];
        for (var cell = 0; cell < Side; cell++)
        {
            var (from, to) = ((double)cell * length / Side, (cell + 1.0) * length / Side);
            for (var at = (int)from; at < to; at++)
            {
                var share = (Math.Min(at + 1, to) - Math.Max(at, from)) / (to - from);
                for (var line = 0; line < count; line++) reduced[cell * count + line] += share * lines[line * length + at];
            }
        }

        return reduced;
    }

    /// <summary>The DCT-II's waves of the frequencies 1 to 8.</summary>
    private static double[] MakeWaves()
    {
        var waves = new double[Kept * Side];
        for (var frequency = 1; frequency <= Kept; frequency++)
            for (var at = 0; at < Side; at++) waves[(frequency - 1) * Side + at] = Math.Sqrt(2.0 / Side) * Math.Cos(Math.PI / Side * frequency * (at + 0.5));
        return waves;
    }
}
