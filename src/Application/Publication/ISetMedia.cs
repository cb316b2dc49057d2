namespace MediaPlatform.Application.Publication;

/// <summary>The media that the client's sets show, for writing, under the lock of the set.</summary>
public interface ISetMedia
{
    /// <summary>The media items of a set, in its order, those of assets in the trash among them.</summary>
    Task<IReadOnlyList<ShownItem>> FindItems(Guid setId, CancellationToken cancellationToken);

    /// <summary>Those of these items that are there, of assets that are not in the trash; held against their removal.</summary>
    Task<IReadOnlyList<Guid>> Hold(IReadOnlyCollection<Guid> itemIds, CancellationToken cancellationToken);

    /// <summary>Shows these as well, after those that are shown.</summary>
    Task Add(Guid setId, IReadOnlyCollection<Guid> itemIds, CancellationToken cancellationToken);

    /// <summary>Shows them in this order.</summary>
    Task Order(Guid setId, IReadOnlyList<Guid> itemIds, CancellationToken cancellationToken);

    /// <summary>The version of what is said of one there; null when the set does not show it, or its asset is in the trash.</summary>
    Task<long?> FindVersion(Guid setId, Guid itemId, CancellationToken cancellationToken);

    /// <summary>Writes what is said of one there.</summary>
    Task Describe(Guid setId, Guid itemId, string? caption, string? notes, CancellationToken cancellationToken);

    /// <summary>Shows one no longer.</summary>
    Task Remove(Guid setId, Guid itemId, CancellationToken cancellationToken);

    /// <summary>Whether its media come from more than one session, as they are now.</summary>
    Task<bool> IsCompilation(Guid setId, CancellationToken cancellationToken);

    /// <summary>Finds out of some sets whether they are compilations, where that is open.</summary>
    /// <returns>How many these were.</returns>
    Task<int> Recalculate(int atMost, CancellationToken cancellationToken);
}

/// <summary>A media item that a set shows.</summary>
/// <param name="IsHidden">Its asset is in the trash: nobody sees it there, and its place is kept.</param>
public sealed record ShownItem(Guid Id, bool IsHidden);
