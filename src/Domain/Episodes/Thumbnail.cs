namespace MediaPlatform.Domain.Episodes;

/// <summary>What has a thumbnail.</summary>
public enum ThumbnailOwnerKind { Episode, Clip, Outfit }

/// <summary>One thing that has a thumbnail.</summary>
public sealed record ThumbnailOwner(ThumbnailOwnerKind Kind, Guid Id);

/// <summary>What a thumbnail is made of: what belongs to its owner, a frame of footage, or a picture of somebody's choice.</summary>
public enum ThumbnailSource { Composed, Frame, Custom }

/// <summary>One of the sizes that a thumbnail has.</summary>
public sealed record ThumbnailSize(int Width, int Height)
{
    /// <summary>The one that is rendered; the others come from it.</summary>
    public static readonly ThumbnailSize Large = new(1280, 720);

    /// <summary>All of them, the largest first.</summary>
    public static readonly IReadOnlyList<ThumbnailSize> All = [Large, new(640, 360), new(320, 180)];

    /// <summary>As in paths and keys, such as <c>640x360</c>.</summary>
    public string Name => $"{Width}x{Height}";
}

/// <summary>A part of a thumbnail.</summary>
/// <param name="Place">background, figure, column or whole.</param>
/// <param name="Seconds">Of footage, where it is not its middle.</param>
public sealed record ThumbnailPart(Guid AssetId, string Place, double? Seconds = null);

/// <summary>Where the parts of a thumbnail stand, in pixels of its largest size.</summary>
public static class ThumbnailLayout
{
    private const int FigureMargin = 36;

    /// <summary>Whether the part fills its box and is cut, and the box; in the order of the parts, which lie upon each other.</summary>
    public static IEnumerable<(bool Fills, int Left, int Top, int Width, int Height)> Of(IReadOnlyList<ThumbnailPart> parts)
    {
        var (width, height) = (ThumbnailSize.Large.Width, ThumbnailSize.Large.Height);
        return parts.Select((part, index) => part.Place switch
        {
            "background" => (true, 0, 0, width, height),
            "figure" when parts.Count > 1 => (false, width / 4, FigureMargin, width / 2, height - (2 * FigureMargin)),
            "column" => (false, index * width / parts.Count, 0, width / parts.Count, height),
            _ => (false, 0, 0, width, height),
        });
    }
}
