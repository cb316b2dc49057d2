using MediaPlatform.Infrastructure.Imaging;

namespace MediaPlatform.Bench.Imaging;

/// <summary>
/// JPEGs that cost a decoder what photographs do: octaves of smooth noise whose strength falls with frequency, as in
/// nature, over a gradient, with a little grain; at quality 90, the same on every machine. 4000 × 3000 are about 2.6 MB.
/// </summary>
internal static class SyntheticPhoto
{
    /// <summary>Writes <paramref name="count"/> of them, each of its own, and gives their paths.</summary>
    public static string[] Write(string folder, int count, int width = 4000, int height = 3000)
    {
        Vips.Start();
        var files = Enumerable.Range(0, count).Select(seed => Path.Combine(folder, $"photo-{seed}.jpg")).ToArray();
        Parallel.For(0, count, seed =>
        {
            using var image = VipsImage.FromBytes(Pixels(seed, width, height), width, height, 3);
            Vips.Save("jpegsave", "Q=90", ("in", image), ("filename", files[seed]));
        });
        return files;
    }

    private static byte[] Pixels(int seed, int width, int height)
    {
        var noise = new Noise(seed);
        var pixels = new byte[width * height * 3];
        var random = new Random(seed);
        for (int y = 0, at = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var light = 60 + 90.0 * y / height + noise.At(x, y);
                var warmth = noise.Slow(x, y);
                var grain = random.Next(-4, 5);
                pixels[at++] = (byte)Math.Clamp(light + warmth + grain, 0, 255);
                pixels[at++] = (byte)Math.Clamp(light + grain, 0, 255);
                pixels[at++] = (byte)Math.Clamp(light - warmth + grain, 0, 255);
            }
        return pixels;
    }

    private sealed class Noise
    {
        private readonly float[] lattice = new float[1 << 16];

        public Noise(int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < lattice.Length; i++) lattice[i] = random.NextSingle() * 2 - 1;
        }

        public double At(int x, int y) => 60 * Octave(x, y, 512) + 40 * Octave(x, y, 128) + 24 * Octave(x, y, 32) + 14 * Octave(x, y, 8) + 8 * Octave(x, y, 3);

        public double Slow(int x, int y) => 30 * Octave(y, x, 400) + 10 * Octave(y, x, 24);

        private float Octave(int x, int y, int cell)
        {
            var (column, row) = (x / cell, y / cell);
            var (right, down) = (x % cell / (float)cell, y % cell / (float)cell);
            var top = Lattice(column, row) + (Lattice(column + 1, row) - Lattice(column, row)) * right;
            var bottom = Lattice(column, row + 1) + (Lattice(column + 1, row + 1) - Lattice(column, row + 1)) * right;
            return top + (bottom - top) * down;
        }

        private float Lattice(int column, int row) => lattice[(column * 7919 + row * 104_729) & 0xffff];
    }
}
