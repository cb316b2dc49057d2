namespace MediaPlatform.Application.Media;

/// <summary>
/// What is made of an asset. A rendition's recipe is part of its key: change what a preset means, raise its number, and
/// every cache may keep what it has for ever.
/// </summary>
internal static class Recipes
{
    public const int Thumb = 1;
    public const int Preview = 1;
    public const int Poster = 1;

    private const int Quality = 82;

    /// <summary>Pictures: <c>thumb</c>, 400 px wide; <c>preview</c>, 1440 px on the longest side.</summary>
    public static IReadOnlyList<Recipe> OfImages { get; } =
    [
        new("thumbnail", "thumb", Thumb, RenditionFit.Width, 400),
        new("preview", "preview", Preview, RenditionFit.LongestSide, 1440),
    ];

    /// <summary>Videos, and sound with a cover: <c>poster</c>, exactly 400 px wide, padded where the frame is smaller.</summary>
    public static IReadOnlyList<Recipe> OfVideos { get; } = [new("poster", "poster", Poster, RenditionFit.PaddedWidth, 400)];

    /// <summary>One preset.</summary>
    public sealed record Recipe(string Kind, string Preset, int Number, RenditionFit Fit, int Width)
    {
        public RenditionSpec Into(string folder) => new(Preset, Fit, Width, Quality, Path.Combine(folder, Preset));
    }
}
