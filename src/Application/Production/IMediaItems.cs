namespace MediaPlatform.Application.Production;

/// <summary>The media of the client's sessions, for writing. Whoever writes them locks the sets that show them first, the session then, and then the assets and items in the order of their ids.</summary>
public interface IMediaItems
{
    /// <summary>Those of these assets that are not in the trash, held against their deletion, and the session of each.</summary>
    Task<IReadOnlyList<PlacedAsset>> FindAssets(IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken);

    /// <summary>Puts assets of no session into one; of those that are in it already nothing is written.</summary>
    /// <returns>How many came in.</returns>
    Task<int> Add(Guid sessionId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken);

    /// <summary>One of these assets that is of another session by now; null when none is.</summary>
    Task<PlacedAsset?> FindElsewhere(Guid sessionId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken);

    /// <summary>Locks the sets that show any of these: before the session, as whoever says of a set which session it shows does.</summary>
    Task LockSetsOf(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Likewise those that show an asset.</summary>
    Task LockSetsOfAsset(Guid assetId, CancellationToken cancellationToken);

    /// <summary>Those of these items that are there, locked.</summary>
    Task<IReadOnlyList<MediaItem>> FindForUpdate(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>The item of an asset in a session, locked.</summary>
    Task<MediaItem?> FindInSession(Guid sessionId, Guid assetId, CancellationToken cancellationToken);

    /// <summary>Moves items to another session; what is there already stays.</summary>
    /// <returns>How many were moved.</returns>
    Task<int> Move(Guid sessionId, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    Task<bool> IsInSets(Guid id, CancellationToken cancellationToken);

    /// <summary>Takes an item out of its session: the asset stays, and is of none.</summary>
    Task Remove(Guid id, CancellationToken cancellationToken);
}

/// <summary>An asset, and the session that it is of.</summary>
public sealed record PlacedAsset(Guid AssetId, Guid? SessionId);

/// <summary>An asset in its session.</summary>
public sealed record MediaItem(Guid Id, Guid SessionId, Guid AssetId, int Version);
