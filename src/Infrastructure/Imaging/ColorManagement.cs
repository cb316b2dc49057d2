namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>Reduction and colour: whatever a file holds becomes 8-bit sRGB, upright, with alpha when it has some.</summary>
internal static class ColorManagement
{
    /// <summary>
    /// A copy in memory at this (upright) size: by the embedded profile, else by libvips's own CMYK profile, else as the
    /// file's colour space says. A device space is reduced first and converted after, when there is less to convert.
    /// </summary>
    public static VipsImage ToSrgb(VipsImage source, PictureRenderer.Size size)
    {
        using var plain = IsDeviceSpace(source) ? null : Vips.Image("colourspace", "space=srgb", ("in", source));
        using var turned = Reduce(plain ?? source, source.Orientation >= 5 ? new(size.Height, size.Width) : size);
        using var reduced = turned.InMemory(); // here the file is decoded; a later failure is the profile's
        using var converted = plain is null ? FromDevice(reduced) : null;
        using var upright = Vips.Image("autorot", "", ("in", converted ?? reduced));
        using var bytes = Vips.Image("cast", "format=uchar", ("in", upright));
        using var banded = bytes.Bands is 3 or 4 && bytes.HasAlpha == source.HasAlpha
            ? null : Vips.Image("extract_band", $"band=0,n={(source.HasAlpha ? 4 : 3)}", ("in", bytes));
        var memory = (banded ?? bytes).InMemory();
        memory.ForgetMetadata();
        return memory;
    }

    /// <summary>A smaller version in the same colour space, by Lanczos-3. Alpha weighs the colours that are mixed.</summary>
    /// <param name="size">Already in the picture's own proportions, but for rounding.</param>
    public static VipsImage Reduce(VipsImage source, PictureRenderer.Size size)
    {
        if (source.Width == size.Width && source.Height == size.Height) return Vips.Image("copy", "", ("in", source));
        var scales = $"scale={(double)size.Width / source.Width:r},vscale={(double)size.Height / source.Height:r}";
        if (!source.HasAlpha && HorizontalReduction.Fits(source, size.Width))
        {
            using var lower = Vips.Image("resize", $"scale=1,vscale={(double)size.Height / source.Height:r}", ("in", source));
            return HorizontalReduction.Apply(lower, size.Width);
        }
        if (!source.HasAlpha) return Vips.Image("resize", scales, ("in", source));

        using var weighed = Vips.Image("premultiply", "", ("in", source));
        using var resized = Vips.Image("resize", scales, ("in", weighed));
        using var plain = Vips.Image("unpremultiply", "", ("in", resized));
        return Vips.Image("cast", $"format={source.Format}", ("in", plain));
    }

    public static VipsImage Alpha(VipsImage image) => Vips.Image("extract_band", $"band={ColorBands(image)}", ("in", image));

    public static VipsImage WithoutAlpha(VipsImage image) => Vips.Image("extract_band", $"band=0,n={ColorBands(image)}", ("in", image));

    /// <summary>The value of alpha that hides nothing.</summary>
    public static double Opaque(VipsImage image) => image.Meaning switch
    {
        PixelMeaning.Rgb16 or PixelMeaning.Grey16 => 65_535,
        PixelMeaning.LinearRgb => 1,
        _ => 255,
    };

    private static bool IsDeviceSpace(VipsImage image) => image.Meaning is PixelMeaning.Cmyk
        || image.HasProfile && image.Meaning is PixelMeaning.Grey or PixelMeaning.Grey16 or PixelMeaning.Srgb or PixelMeaning.Rgb or PixelMeaning.Rgb16;

    private static VipsImage FromDevice(VipsImage image)
    {
        // libvips converts 16-bit colours to 8 bits here and leaves alpha as it is: both go down together first
        using var eight = image.HasAlpha && image.Meaning is PixelMeaning.Rgb16 or PixelMeaning.Grey16
            ? Vips.Image("colourspace", image.Meaning is PixelMeaning.Rgb16 ? "space=srgb" : "space=b-w", ("in", image)) : null;
        try
        {
            return Vips.Image("icc_transform", $"embedded=true,intent=perceptual,depth=8{(image.Meaning is PixelMeaning.Cmyk ? ",input_profile=cmyk" : "")}",
                ("in", eight ?? image), ("output_profile", "srgb"));
        }
        catch (VipsException failure) when (!RenderFaults.TellsOfMemory(failure.Everything))
        {
            return Vips.Image("colourspace", "space=srgb", ("in", image)); // a damaged profile, or one for another kind of picture
        }
    }

    private static int ColorBands(VipsImage image) => image.Meaning switch
    {
        PixelMeaning.Grey or PixelMeaning.Grey16 => 1,
        PixelMeaning.Cmyk => 4,
        _ => 3,
    };
}
