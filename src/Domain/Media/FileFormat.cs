namespace MediaPlatform.Domain.Media;

/// <summary>A format of files that is recognised by its bytes. All of them stand in <see cref="FileFormats"/>.</summary>
/// <param name="Name">What a person calls it, such as <c>JPEG</c>.</param>
/// <param name="Type">What an asset of this format is.</param>
/// <param name="MimeType">The registered or most usual MIME type; what we answer with.</param>
/// <param name="Extension">Canonical extension, lower case, without the dot.</param>
public sealed record FileFormat(string Name, MediaType Type, string MimeType, string Extension)
{
    /// <summary>Other extensions that a file of this format may carry.</summary>
    public IReadOnlyList<string> OtherExtensions { get; init; } = [];

    /// <summary>Other MIME types that clients declare for this format.</summary>
    public IReadOnlyList<string> MimeAliases { get; init; } = [];

    /// <summary>The short name of the one ffmpeg demuxer that may open it (<c>-f</c>); null where ffmpeg is not used.</summary>
    public string? Demuxer { get; init; }

    /// <summary>True when files of this format are taken in; the others are recognised so that a refusal can name them.</summary>
    public bool Supported { get; init; }

    /// <summary>True for a document that may carry a rendered preview of itself.</summary>
    public bool CarriesPreview { get; init; }

    /// <summary>True when a job looks into files of this format; the others are ready as they come.</summary>
    public bool IsProcessed => CarriesPreview || Type is MediaType.Image or MediaType.Video or MediaType.Audio;

    /// <summary>Formats with the same first bytes, told apart by the extension alone.</summary>
    public IReadOnlyList<FileFormat> ToldByExtension { get; init; } = [];

    /// <summary>True when a file of this format may carry this extension (lower case, without the dot).</summary>
    public bool HasExtension(string extension) => extension == Extension || OtherExtensions.Contains(extension);

    /// <summary>True when this MIME type (lower case, without parameters) means this format.</summary>
    public bool HasMimeType(string mimeType) => mimeType == MimeType || MimeAliases.Contains(mimeType);

    /// <summary>The format that this extension makes of the same bytes: itself, or one of <see cref="ToldByExtension"/>.</summary>
    public FileFormat As(string extension) => ToldByExtension.FirstOrDefault(format => format.HasExtension(extension)) ?? this;

    /// <summary>By its name: formats are few and the name is unique.</summary>
    public bool Equals(FileFormat? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name and the MIME type.</summary>
    public override string ToString() => $"{Name} ({MimeType})";
}
