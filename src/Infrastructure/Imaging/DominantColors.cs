using System.Runtime.InteropServices;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// Up to five colours that a picture is mostly made of, found without chance. Pixels that are at least half opaque are
/// counted in 16 × 16 × 16 cells of RGB. From the fullest cell to the emptiest, a cell joins the first colour whose seed
/// is within 48 of its own mean (Euclidean, 0–255 a channel) or founds a new one. Colours of less than 1 % of the
/// pixels are dropped; the five fullest are given as the mean of their pixels, fullest first, ties by value.
/// </summary>
internal static class DominantColors
{
    private const int Most = 5;
    private const int NearSquared = 48 * 48;

    /// <param name="rgba">Four bytes a pixel, not premultiplied.</param>
    /// <returns><c>#rrggbb</c>; empty when the picture is all but transparent.</returns>
    public static IReadOnlyList<string> Of(ReadOnlySpan<byte> rgba)
    {
        var cells = new Tally[4096];
        var counted = 0;
        for (var i = 0; i + 3 < rgba.Length; i += 4)
        {
            if (rgba[i + 3] < 128) continue;
            counted++;
            cells[rgba[i] >> 4 << 8 | rgba[i + 1] >> 4 << 4 | rgba[i + 2] >> 4] += new Tally(1, rgba[i], rgba[i + 1], rgba[i + 2]);
        }

        List<(Tally Seed, Tally Sum)> colors = [];
        foreach (var cell in cells.Where(cell => cell.Count > 0).OrderByDescending(cell => cell.Count)) // stable, so ties go by cell
        {
            var near = colors.FindIndex(color => color.Seed.DistanceSquared(cell) <= NearSquared);
            if (near < 0) colors.Add((cell, cell));
            else colors[near] = (colors[near].Seed, colors[near].Sum + cell);
        }
        return [.. colors.Where(color => color.Sum.Count * 100L >= counted)
            .OrderByDescending(color => color.Sum.Count).ThenBy(color => color.Sum.Hex, StringComparer.Ordinal)
            .Take(Most).Select(color => color.Sum.Hex)];
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Tally(int Count, long Red, long Green, long Blue)
    {
        public string Hex => $"#{Mean(Red):x2}{Mean(Green):x2}{Mean(Blue):x2}";

        public long DistanceSquared(Tally other)
        {
            var (red, green, blue) = (Mean(Red) - other.Mean(other.Red), Mean(Green) - other.Mean(other.Green), Mean(Blue) - other.Mean(other.Blue));
            return red * red + green * green + blue * blue;
        }

        private long Mean(long sum) => (sum + Count / 2) / Count;

        public static Tally operator +(Tally left, Tally right) =>
            new(left.Count + right.Count, left.Red + right.Red, left.Green + right.Green, left.Blue + right.Blue);
    }
}
