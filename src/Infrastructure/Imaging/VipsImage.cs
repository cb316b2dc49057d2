using System.Runtime.InteropServices;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>A picture of libvips: most often a recipe for pixels that are made when something asks for them.</summary>
internal sealed class VipsImage : SafeHandle
{
    private static readonly string[] Formats = ["uchar", "char", "ushort", "short", "uint", "int", "float", "complex", "double", "dpcomplex"];

    public VipsImage(nint handle) : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    public int Width => Vips.vips_image_get_width(this);

    public int Height => Vips.vips_image_get_height(this);

    public int Bands => Vips.vips_image_get_bands(this);

    public bool HasAlpha => Vips.vips_image_hasalpha(this) != 0;

    /// <summary>It carries an ICC profile.</summary>
    public bool HasProfile => Vips.vips_image_get_typeof(this, "icc-profile-data") != 0;

    /// <summary>How a band is stored, as libvips names it.</summary>
    public string Format => Formats[Vips.vips_image_get_format(this)];

    /// <summary>EXIF orientation, 1 to 8.</summary>
    public int Orientation => Vips.vips_image_get_orientation(this);

    /// <summary>Frames or pages in the file that it was loaded from.</summary>
    public int Pages => Vips.vips_image_get_n_pages(this);

    public PixelMeaning Meaning => (PixelMeaning)Vips.vips_image_get_interpretation(this);

    /// <summary>Makes the pixels, once, in memory. This is where a file is really decoded.</summary>
    /// <exception cref="VipsException">The file is damaged, or memory is short.</exception>
    public VipsImage InMemory()
    {
        var copy = Vips.vips_image_copy_memory(this);
        return copy != 0 ? new VipsImage(copy) : throw Vips.Failure();
    }

    /// <summary>Forgets the embedded profile and all metadata. For a picture that no other code holds.</summary>
    public void ForgetMetadata()
    {
        // All that can be removed: of the fields that libvips reads out of EXIF it makes an EXIF again, which its WebP writer keeps even
        // when it is asked to strip, places and all.
        foreach (var field in Vips.FieldsOf(this)) _ = Vips.vips_image_remove(this, field);
    }

    /// <summary>The bytes of a picture made by <see cref="InMemory"/>, as long as it is held. Only its one holder may write to them.</summary>
    public unsafe Span<byte> Bytes() => new((void*)Vips.vips_image_get_data(this), checked(Width * Height * Bands));

    /// <summary>The pixels, row by row, bands interleaved, in the picture's own band format.</summary>
    public byte[] ToBytes()
    {
        var memory = Vips.vips_image_write_to_memory(this, out var size);
        if (memory == 0) throw Vips.Failure();
        try
        {
            var bytes = new byte[checked((int)size)];
            Marshal.Copy(memory, bytes, 0, bytes.Length);
            return bytes;
        }
        finally
        {
            Vips.g_free(memory);
        }
    }

    /// <summary>A picture of one byte per band.</summary>
    public static VipsImage FromBytes(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        var image = Vips.vips_image_new_from_memory_copy(pixels, (nuint)pixels.Length, width, height, bands, 0);
        return image != 0 ? new VipsImage(image) : throw Vips.Failure();
    }

    protected override bool ReleaseHandle()
    {
        Vips.g_object_unref(handle);
        return true;
    }
}

/// <summary>What bands mean: those values of VipsInterpretation that rendering must tell apart.</summary>
internal enum PixelMeaning
{
    Grey = 1,
    Cmyk = 15,
    Rgb = 17,
    Srgb = 22,
    Rgb16 = 25,
    Grey16 = 26,
    LinearRgb = 28,
}
