using System.Text.RegularExpressions;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>A picture file about to be decoded once, to the size of its largest rendition.</summary>
internal sealed partial class Decoded
{
    private readonly PictureSource source;
    private readonly VipsImage header;
    private readonly int shrink;

    /// <param name="header">The opened file, at full size.</param>
    /// <param name="reduction">How many times larger the picture is than the largest size wanted.</param>
    public Decoded(PictureSource source, VipsImage header, double reduction)
    {
        (this.source, this.header) = (source, header);
        shrink = source.Format.ShrinksOnLoad ? reduction switch { >= 8 => 8, >= 4 => 4, >= 2 => 2, _ => 1 } : 1;
    }

    /// <summary>A pixel is not fully opaque. Known after it was reduced.</summary>
    public bool HasAlpha { get; private set; }

    /// <summary>Decodes to this size: upright, sRGB, in memory.</summary>
    public VipsImage Reduce(PictureRenderer.Size size)
    {
        try
        {
            return Reduce(size, lenient: false);
        }
        catch (VipsException failure) when (Harmless().IsMatch(failure.Message))
        {
            return Reduce(size, lenient: true);
        }
    }

    private VipsImage Reduce(PictureRenderer.Size size, bool lenient)
    {
        using var opened = shrink == 1 && !lenient ? null : source.Open(shrink, lenient);
        var picture = opened ?? header;
        if (!picture.HasAlpha) return ColorManagement.ToSrgb(picture, size);

        // whether alpha is used at all shows only in the full picture: it is made once, looked at, then reduced
        using var whole = picture.InMemory();
        using var alpha = ColorManagement.Alpha(whole);
        HasAlpha = Vips.Number("min", "", ("in", alpha)) < ColorManagement.Opaque(whole);
        if (HasAlpha) return ColorManagement.ToSrgb(whole, size);

        using var opaque = ColorManagement.WithoutAlpha(whole);
        return ColorManagement.ToSrgb(opaque, size);
    }

    /// <summary>
    /// What libjpeg warns of in pictures that are whole: a few stray bytes before the end, as some cameras write,
    /// and odd marks of version or colour transform. Any other warning means damaged pixels.
    /// </summary>
    [GeneratedRegex(@"^(VipsJpeg: )?(Corrupt JPEG data: \d{1,2} extraneous bytes before marker 0xd9|Unknown Adobe color transform code \d+|Warning: unknown JFIF revision number [\d.]+)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Harmless();
}
