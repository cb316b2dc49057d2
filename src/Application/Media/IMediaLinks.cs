namespace MediaPlatform.Application.Media;

/// <summary>Makes links by which bytes are fetched without credentials, for a while. A link is bound to one object, its type, its length and its name.</summary>
public interface IMediaLinks
{
    /// <summary>A link to read an object: a path of this API, or an absolute URL of the store or a CDN.</summary>
    string ToGet(LinkedObject target);
}

/// <summary>What a link leads to, and how it is served.</summary>
/// <param name="FileName">What a browser calls the file when it saves it; null for none.</param>
/// <param name="IsPublic">A rendition of a public asset, which everybody may see for as long as it is one.</param>
public sealed record LinkedObject(string StorageProvider, string StorageKey, string MimeType, long SizeBytes, string? FileName, bool IsPublic = false)
{
    /// <summary>When the link ends at the latest: with what has granted it.</summary>
    public DateTimeOffset? NotAfter { get; init; }
}
