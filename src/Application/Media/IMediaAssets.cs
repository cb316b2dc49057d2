using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The assets of the caller's client, for writing.</summary>
public interface IMediaAssets
{
    /// <summary>
    /// Adds an asset, unless its bytes are one already: then that one is locked and given. The constraint decides, so of any
    /// number at once one adds and the others find.
    /// </summary>
    Task<FoundAsset> AddOrFind(NewAsset asset, CancellationToken cancellationToken);

    Task<MediaAsset?> FindForUpdate(AssetId id, CancellationToken cancellationToken);

    /// <summary>Whether the original of an asset that is there may be read: one that was registered, only where the client may still have the platform read.</summary>
    Task<bool> MayReadOriginal(AssetId id, CancellationToken cancellationToken);

    /// <summary>Locked against changes, for what comes to refer to it.</summary>
    Task<MediaAsset?> FindForShare(AssetId id, CancellationToken cancellationToken);

    Task SaveProcessing(AssetId id, CancellationToken cancellationToken);

    /// <summary>Adds the tags that the asset lacks, as far as its limit goes.</summary>
    Task AddTags(AssetId id, IReadOnlyList<string> tags, CancellationToken cancellationToken);
}

/// <summary>An asset as it comes in.</summary>
public sealed record NewAsset(
    AssetId Id, FileFormat Format, string FileName, long SizeBytes, byte[] Sha256, string StorageProvider, string StorageKey, AssetStatus Status,
    string Source, AssetTexts Texts)
{
    /// <summary>Where it was fetched from, without anything secret.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Whom it comes from, such as a stock library; null of the client's own.</summary>
    public string? Provider { get; init; }

    /// <summary>Whose it is; the caller's when it is null.</summary>
    public Actor? CreatedBy { get; init; }
}

/// <summary>Who did something.</summary>
/// <param name="Kind">As in <c>created_by_kind</c>.</param>
public sealed record Actor(string Kind, Guid? Id);

/// <summary>The asset of some bytes.</summary>
/// <param name="Added">False when it was there before.</param>
public sealed record FoundAsset(AssetId Id, bool Added, DateTimeOffset? DeletedAt);
