namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>A picture whose header is read; its pixels come later. A vector graphic is opened at the size that is wanted.</summary>
internal sealed class OpenedPicture : IDisposable
{
    private readonly VipsImage natural;
    private readonly VipsImage? scaled;

    public OpenedPicture(PictureSource source, int wantedSide)
    {
        natural = source.Open();
        try
        {
            scaled = source.Format.IsVector ? source.Open(scale: (double)wantedSide / Math.Max(natural.Width, natural.Height)) : null;
        }
        catch (VipsException)
        {
            natural.Dispose();
            throw;
        }
    }

    public VipsImage Header => scaled ?? natural;

    /// <summary>Upright.</summary>
    public int Width => Header.Orientation >= 5 ? Header.Height : Header.Width;

    /// <summary>Upright.</summary>
    public int Height => Header.Orientation >= 5 ? Header.Width : Header.Height;

    /// <summary>As the file says it, whatever it is opened at.</summary>
    public int OwnWidth => scaled is null ? Width : natural.Width;

    /// <inheritdoc cref="OwnWidth"/>
    public int OwnHeight => scaled is null ? Height : natural.Height;

    public void Dispose()
    {
        scaled?.Dispose();
        natural.Dispose();
    }
}
