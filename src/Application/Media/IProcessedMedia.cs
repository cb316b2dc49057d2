using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>What the worker reads and writes of assets. Its writes run in the transaction that ends the job.</summary>
public interface IProcessedMedia
{
    /// <summary>Null when the asset was purged meanwhile.</summary>
    Task<ProcessingSource?> Find(AssetId id, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps the facts and the variants and makes the asset ready. Objects of variants that these replace are let go; when the
    /// asset was purged meanwhile, all of its objects are.
    /// </summary>
    Task SaveReady(AssetId id, MediaFacts facts, IReadOnlyList<NewVariant> variants, IReadOnlyList<JobError> warnings, CancellationToken cancellationToken);

    /// <summary>Lets go of all that attempts may have stored for an asset, if it was purged meanwhile.</summary>
    Task LetGo(AssetId id, CancellationToken cancellationToken);
}

/// <summary>What is to be processed.</summary>
/// <param name="RenditionsFolder">What the keys of its renditions begin with.</param>
/// <param name="MayBeRead">False where the original is registered, and lies where the client may not have it read any more.</param>
public sealed record ProcessingSource(AssetId Id, FileFormat Format, string StorageProvider, string StorageKey, string RenditionsFolder, bool MayBeRead);

/// <summary>Facts read from the bytes; null where the kind of media has none.</summary>
public sealed record MediaFacts(
    MediaType Type, int? Width, int? Height, int? Frames, long? DurationMs, double? FrameRate, string? VideoCodec, string? AudioCodec, long? BitRate, bool? HasAudio,
    string? PlaceholderHash, long? PerceptualHash, IReadOnlyList<string> DominantColors, EmbeddedMetadata Metadata);

/// <summary>A rendition whose object is stored.</summary>
public sealed record NewVariant(
    string Kind, string Preset, int Recipe, string Format, string MimeType, int Width, int Height, long SizeBytes, string StorageProvider, string StorageKey);
