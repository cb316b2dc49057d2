namespace MediaPlatform.Domain.Media;

/// <summary>Who gets at an asset.</summary>
public enum Visibility
{
    /// <summary>The members of its client.</summary>
    Private,
    /// <summary>Also whoever has a share link.</summary>
    Shared,
    /// <summary>Also everybody, but for its renditions alone.</summary>
    Public,
}

/// <summary>What of an asset a share link leads to, and how an original is made fit to leave.</summary>
public static class Sharing
{
    /// <summary>What is shared when it is not a preset.</summary>
    public const string Original = "original";

    // What exiftool writes without touching the picture or the film. Camera raw files and PDF it writes as well, but leaves what it takes out
    // of a PDF in the file, and places in makers' notes.
    private static readonly FileFormat[] Cleanable =
    [
        FileFormats.Jpeg, FileFormats.Png, FileFormats.Gif, FileFormats.Tiff, FileFormats.Avif, FileFormats.Heic, FileFormats.Jpeg2000,
        FileFormats.Mp4, FileFormats.Mov, FileFormats.ThreeGp, FileFormats.M4a,
    ];

    /// <summary>Whether a copy that tells nothing of places can be made of an original. Where it cannot, the original does not leave.</summary>
    public static Result<Done> CheckOriginal(FileFormat format) => Cleanable.Contains(format) ? Done.Instance : new OriginalNotCleanable(format);
}
