using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>The versions and the uses of what episodes share, for writing.</summary>
public interface ISharedAssets
{
    /// <summary>Adds a version with the next number; the shared asset is locked.</summary>
    Task<int> AddVersion(SharedAssetKind kind, Guid id, Guid? assetId, string? fileReference, string? notes, CancellationToken cancellationToken);

    /// <summary>Has a version that came with the fields of the record be the active one; the version of the record has gone up with those.</summary>
    Task Show(SharedAssetKind kind, Guid id, int number, CancellationToken cancellationToken);

    /// <summary>Has a version be the active one.</summary>
    /// <returns>The version of the record; null when there is no such version.</returns>
    Task<long?> Activate(SharedAssetKind kind, Guid id, int number, CancellationToken cancellationToken);

    /// <summary>One of the catalogue, held against its deletion, in that version, or in its active one.</summary>
    Task<SharedAssetVersion?> Hold(SharedAssetKind kind, Guid id, int? number, CancellationToken cancellationToken);

    /// <summary>Whose file this is, held; in its active version before any other. Nobody else looks for that file, or makes one of it, until the transaction ends.</summary>
    Task<SharedAssetVersion?> HoldByFile(SharedAssetKind kind, string fileReference, CancellationToken cancellationToken);

    /// <summary>Writes which are used in an episode: those of <paramref name="changed"/> are other than they were, and no role is left but <paramref name="roles"/>.</summary>
    Task Use(SharedAssetKind kind, Guid episodeId, IReadOnlyList<string> roles, IReadOnlyDictionary<string, SharedAssetVersion> changed, CancellationToken cancellationToken);
}
