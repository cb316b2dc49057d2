using FluentValidation;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>A manifest for the folder of a project.</summary>
/// <param name="Files">How its files come along; null where that cannot be read.</param>
public sealed record ExportManifest(Guid Id, ExportedFiles? Files) : IQuery<ExportedManifest>;

internal sealed class ExportManifestValidator : AbstractValidator<ExportManifest>
{
    public ExportManifestValidator() => RuleFor(export => export.Files).NotNull().WithMessage("links or copies.");
}

/// <summary>How the files of an exported manifest come along.</summary>
public enum ExportedFiles { Links, Copies }

/// <summary>A manifest as a document.</summary>
/// <param name="Items">In the order of its segments, films first.</param>
public sealed record ExportedManifest(Guid Id, string Title, string Status, DateTimeOffset ExportedAt, IReadOnlyList<ExportedItem> Items)
{
    /// <summary>The same with links to the originals.</summary>
    public ExportedManifest With(Func<LinkedObject, string> link) => this with { Items = [.. Items.Select(item => item with { Url = item.Original is { } original ? link(original) : null })] };
}

/// <summary>An item of an exported manifest.</summary>
/// <param name="LibraryId">The asset; null when it is gone.</param>
/// <param name="Source">local-library, or the provider that it was downloaded from for this.</param>
/// <param name="Provider">Where it came from first; null of the client's own.</param>
/// <param name="SourceUrl">Its page there.</param>
/// <param name="File">Where it lies in the folder; null when it is gone.</param>
/// <param name="Url">The original, for at least an hour.</param>
public sealed record ExportedItem(
    string Segment, string Type, int Position, Guid? LibraryId, string Source, string? Provider, string? SourceUrl, string Sha256, string? MimeType, long? SizeBytes, int? Width, int? Height, long? DurationMs,
    string? File, string? Url)
{
    /// <summary>Where the original lies; null when it is gone.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public LinkedObject? Original { get; init; }

    /// <summary>A path that no two of a manifest have: <c>001-opening/video-001-sunset.mp4</c>.</summary>
    /// <param name="segmentNumber">From 1.</param>
    public static string PathOf(int segmentNumber, string segment, string type, int position, string fileName, string extension) =>
        $"{segmentNumber:000}-{Safe(segment)}/{type}-{position + 1:000}-{Safe(FileName.From(fileName).WithExtension(extension).Value)}";

    private static string Safe(string text) => FileName.From(text.Replace('/', '-').Replace('\\', '-')).Value;
}
