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
