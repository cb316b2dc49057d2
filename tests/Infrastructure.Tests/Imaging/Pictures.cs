using MediaPlatform.Infrastructure.Imaging;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

/// <summary>Makes picture files, and looks at the pixels of rendered ones.</summary>
internal static class Pictures
{
    public static readonly byte[] Red = [255, 0, 0], Green = [0, 255, 0], Blue = [0, 0, 255], White = [255, 255, 255];

    static Pictures() => Vips.Start();

    /// <summary>Pixels by a function of their place.</summary>
    public static VipsImage Painted(int width, int height, Func<int, int, byte[]> paint)
    {
        var bands = paint(0, 0).Length;
        var pixels = new byte[width * height * bands];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) paint(x, y).CopyTo(pixels, (y * width + x) * bands);
        return VipsImage.FromBytes(pixels, width, height, bands);
    }

    public static VipsImage Plain(int width, int height, params byte[] color) => Painted(width, height, (_, _) => color);

    /// <summary>Red, green, blue and white quarters, in reading order.</summary>
    public static VipsImage Quarters(int width, int height) =>
        Painted(width, height, (x, y) => (x < width / 2, y < height / 2) switch { (true, true) => Red, (false, true) => Green, (true, false) => Blue, _ => White });

    /// <summary>Noise, so that a file of it is long.</summary>
    public static VipsImage Noise(int width, int height)
    {
        var random = new Random(1);
        return Painted(width, height, (_, _) => [(byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)]);
    }

    /// <summary>Writes it in the format of the extension and disposes of it.</summary>
    public static string Save(this VipsImage image, string path, string options = "")
    {
        using (image) Vips.Save(Path.GetExtension(path)[1..].Replace("jpg", "jpeg") + "save", options, ("in", image), ("filename", path));
        return path;
    }

    public static VipsImage As(this VipsImage image, string operation, string options)
    {
        using (image) return Vips.Image(operation, options, ("in", image));
    }

    /// <summary>Puts an EXIF block into a JPEG.</summary>
    public static string WithExif(this string jpegPath, byte[] tiff)
    {
        var jpeg = File.ReadAllBytes(jpegPath);
        var length = tiff.Length + 8;
        File.WriteAllBytes(jpegPath, [.. jpeg[..2], 0xff, 0xe1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]]);
        return jpegPath;
    }

    public static string Cut(this string path, double share)
    {
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(int)(bytes.Length * share)]);
        return path;
    }

    /// <summary>The bands of the pixel at these shares of width and height.</summary>
    public static byte[] PixelOf(string path, double across, double down)
    {
        using var image = PictureSource.Of(path, false, 1, out _)!.Open();
        var (x, y) = ((int)(across * image.Width), (int)(down * image.Height));
        return image.ToBytes().AsSpan((y * image.Width + x) * image.Bands, image.Bands).ToArray();
    }

    public static (int Width, int Height, int Bands) ShapeOf(string path)
    {
        using var image = PictureSource.Of(path, false, 1, out _)!.Open();
        return (image.Width, image.Height, image.Bands);
    }
}
