namespace MediaPlatform.Domain.Media;

/// <summary>What an asset is, decided from its bytes.</summary>
public enum MediaType
{
    /// <summary>A still or animated picture.</summary>
    Image,
    /// <summary>A moving picture, with or without sound.</summary>
    Video,
    /// <summary>Sound alone.</summary>
    Audio,
    /// <summary>A PDF, a camera raw file, a layered file.</summary>
    Document,
    /// <summary>Bytes that are kept and served, and not looked into.</summary>
    Other,
}

/// <summary>The names that <see cref="MediaType"/> has on the wire and in the database.</summary>
public static class MediaTypeNames
{
    /// <summary><c>image</c>, <c>video</c>, <c>audio</c>, <c>document</c> or <c>other</c>.</summary>
    public static string ToWire(this MediaType type) => type switch
    {
        MediaType.Image => "image",
        MediaType.Video => "video",
        MediaType.Audio => "audio",
        MediaType.Document => "document",
        MediaType.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This is not a media type."),
    };

    /// <summary>The type with exactly this wire name, or null.</summary>
    public static MediaType? FromWire(string? name) => name switch
    {
        "image" => MediaType.Image,
        "video" => MediaType.Video,
        "audio" => MediaType.Audio,
        "document" => MediaType.Document,
        "other" => MediaType.Other,
        _ => null,
    };
}
