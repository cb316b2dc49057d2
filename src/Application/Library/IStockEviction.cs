namespace MediaPlatform.Application.Library;

/// <summary>Evicts stock media of the caller's client: what was used longest ago first, and nothing that anything refers to.</summary>
public interface IStockEviction
{
    /// <summary>Deletes some, with all that was made of them; their objects are let go. It is looked anew whether anything refers to them, when they are locked already.</summary>
    /// <param name="provider">Of this one alone; null for any.</param>
    /// <param name="bytes">Until so much is free.</param>
    /// <param name="after">Where the ones before ended; null for the beginning.</param>
    Task<Evicted> Evict(string? provider, long bytes, EvictionPlace? after, int atMost, CancellationToken cancellationToken);

    /// <summary>What would be evicted, oldest use first.</summary>
    Task<IReadOnlyList<EvictionCandidate>> Preview(string? provider, long bytes, int atMost, CancellationToken cancellationToken);

    /// <summary>What each provider has, and what it may have.</summary>
    Task<IReadOnlyList<ProviderUsage>> Usage(CancellationToken cancellationToken);
}

/// <summary>A place in the order of use.</summary>
public sealed record EvictionPlace(DateTimeOffset UsedAt, Guid Id);

/// <summary>What was evicted.</summary>
/// <param name="Next">Where to go on; null when there is nothing more.</param>
public sealed record Evicted(int Items, long Bytes, EvictionPlace? Next);

/// <summary>Something that would be evicted.</summary>
/// <param name="UsedAt">When it was last used, or came in.</param>
/// <param name="Bytes">Of the original and what was made of it.</param>
public sealed record EvictionCandidate(Guid AssetId, string Provider, string OriginalFilename, DateTimeOffset UsedAt, long Bytes);
