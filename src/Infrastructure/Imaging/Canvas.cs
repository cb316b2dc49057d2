using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>Pixels on which pictures are laid: 8-bit sRGB, black where there is none.</summary>
internal sealed class Canvas(int width, int height)
{
    private const int Bands = 3;

    /// <summary>A picture that is so much longer than its box would be blown up to nothing that anybody knows: it is shown whole.</summary>
    private const double MostCut = 8;

    private readonly byte[] pixels = new byte[width * height * Bands];

    public int Width => width;

    public int Height => height;

    /// <summary>Decodes a picture to the size that it has in its box.</summary>
    /// <param name="tooLarge">Why there is none.</param>
    public static VipsImage? Fit(Layer layer, PictureSource source, ImageLimits limits, out RenderFault? tooLarge)
    {
        using var opened = new OpenedPicture(source, Math.Max(layer.Width, layer.Height));
        tooLarge = RenderFaults.IfTooLarge(opened.Width, opened.Height, limits);
        if (tooLarge is not null) return null;

        var (across, down) = ((double)layer.Width / opened.Width, (double)layer.Height / opened.Height);
        var factor = layer.Fills && Math.Max(across, down) <= MostCut * Math.Min(across, down) ? Math.Max(across, down) : Math.Min(across, down);
        var size = new PictureRenderer.Size(Math.Max(1, (int)Math.Round(opened.Width * factor)), Math.Max(1, (int)Math.Round(opened.Height * factor)));
        return new Decoded(source, opened.Header, 1 / factor).Reduce(size);
    }

    /// <summary>Lays it into the middle of its box, over what is there.</summary>
    public void Lay(Layer layer, VipsImage picture)
    {
        var over = picture.ToBytes();
        var bands = picture.Bands;
        var (left, top) = (layer.Left + ((layer.Width - picture.Width) / 2), layer.Top + ((layer.Height - picture.Height) / 2));
        var (fromX, toX) = (Math.Max(layer.Left, left), Math.Min(layer.Left + layer.Width, left + picture.Width));
        for (var y = Math.Max(layer.Top, top); y < Math.Min(layer.Top + layer.Height, top + picture.Height); y++)
        {
            var (from, to) = ((((y - top) * picture.Width) + fromX - left) * bands, ((y * width) + fromX) * Bands);
            for (var x = fromX; x < toX; x++, from += bands, to += Bands)
            {
                var alpha = bands > Bands ? over[from + Bands] : 255;
                for (var band = 0; band < Bands; band++) pixels[to + band] = (byte)(((over[from + band] * alpha) + (pixels[to + band] * (255 - alpha)) + 127) / 255);
            }
        }
    }

    public VipsImage ToImage()
    {
        using var raw = VipsImage.FromBytes(pixels, width, height, Bands);
        using var colored = Vips.Image("copy", "interpretation=srgb", ("in", raw));
        return colored.InMemory();
    }
}
