namespace MediaPlatform.Application.Library;

/// <summary>The objects that the assets of the caller's client say they have: originals, clean copies and renditions.</summary>
public interface IStoredObjects
{
    /// <summary>How many there are in these stores, and how many cannot be looked at: elsewhere, or registered where the client may not read any more.</summary>
    Task<StoredCount> Count(IReadOnlyList<string> providers, CancellationToken cancellationToken);

    /// <summary>The next of one store in the order of their keys, by bytes, without registered ones.</summary>
    /// <param name="after">Greater than this key.</param>
    /// <param name="until">Less than this; null for all that follow.</param>
    Task<IReadOnlyList<KnownObject>> Page(string provider, string after, string? until, int atMost, CancellationToken cancellationToken);

    /// <summary>The next registered originals that the client may have the platform read, by their assets' ids.</summary>
    Task<IReadOnlyList<KnownObject>> Registered(string provider, Guid? after, int atMost, CancellationToken cancellationToken);
}

/// <summary>How many objects there are.</summary>
public sealed record StoredCount(long Total, long Unseen);

/// <summary>An object as a row has it.</summary>
/// <param name="VariantId">Null of an original.</param>
/// <param name="Sha256">Of an original alone.</param>
/// <param name="CreatedAt">Of the row; of a variant, when it was made last.</param>
public sealed record KnownObject(Guid AssetId, Guid? VariantId, string Preset, string StorageKey, long SizeBytes, byte[]? Sha256, DateTimeOffset CreatedAt)
{
    /// <summary>Whether processing the asset again would make it.</summary>
    public bool IsRendition => VariantId is not null && Preset != Domain.Media.Sharing.Original;

    /// <summary>The folder that it lies in; ends in <c>/</c>.</summary>
    public string Folder => StorageKey[..(StorageKey.LastIndexOf('/') + 1)];
}
