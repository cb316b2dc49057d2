using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>The stock library of the caller's client.</summary>
public interface ILibrary
{
    /// <summary>The words of tags, or of texts, as they are compared; for each segment, in their order.</summary>
    Task<IReadOnlyList<string[]>> Words(IReadOnlyList<(IReadOnlyList<string> Tags, string? Text)> asked, CancellationToken cancellationToken);

    /// <summary>Items that have at least one of the words, best first.</summary>
    /// <param name="tokens">1 to <see cref="Segments.MaxWords"/>.</param>
    /// <param name="boost">What recency is multiplied by.</param>
    /// <param name="without">Items that are not wanted.</param>
    Task<IReadOnlyList<ScoredItem>> Search(MediaType type, IReadOnlyList<string> tokens, Wishes wishes, double boost, IReadOnlyCollection<Guid> without, int limit, CancellationToken cancellationToken);

    /// <summary>The asset that came from a page of a provider, in the trash or not; null when there is none.</summary>
    Task<KnownStock?> FindByPage(string provider, string pageUrl, CancellationToken cancellationToken);

    /// <summary>Notes that assets are used, now. Those that are not there are left out.</summary>
    /// <returns>How many were there.</returns>
    Task<int> MarkUsed(IReadOnlyList<Guid> assets, CancellationToken cancellationToken);
}

/// <summary>An asset that came from a page of a provider.</summary>
/// <param name="IsReadable">False when its bytes could not be read.</param>
public sealed record KnownStock(Guid Id, DateTimeOffset? DeletedAt, bool IsReadable);

/// <summary>The disk budget of the caller's client.</summary>
public interface ILibraryBudget
{
    Task<LibraryBudget> Find(CancellationToken cancellationToken);

    /// <summary>Keeps room for an upload, in place of what was kept for it before; whoever else does waits until the transaction ends.</summary>
    /// <returns>False when there is no such room: then what was kept for it stays, and what was wanted is noted for whoever evicts.</returns>
    Task<bool> Reserve(UploadId upload, long bytes, CancellationToken cancellationToken);

    /// <summary>Keeps no more than what will be made of the original needs; it is let go when that is made.</summary>
    Task KeepForVariants(UploadId upload, CancellationToken cancellationToken);

    /// <summary>Keeps nothing for it any more.</summary>
    Task Release(UploadId upload, CancellationToken cancellationToken);

    /// <summary>Whether room is kept for it still.</summary>
    Task<bool> IsKept(UploadId upload, CancellationToken cancellationToken);

    /// <summary>Forgets what was wanted: it was evicted for.</summary>
    Task ForgetWanted(CancellationToken cancellationToken);

    /// <summary>Adds up, for all clients, what has come and gone since it was last added up.</summary>
    Task Fold(CancellationToken cancellationToken);
}

/// <summary>What manifests have, for writing.</summary>
public interface IManifests
{
    /// <summary>
    /// Adds entries to an open manifest and notes the use of their assets, which are locked in the order of their ids. What is in the trash, is evicted meanwhile or in the
    /// segment already is left out.
    /// </summary>
    /// <returns>The assets that came in.</returns>
    Task<IReadOnlyList<Guid>> Add(Guid manifestId, IReadOnlyList<NewEntry> entries, CancellationToken cancellationToken);

    Task AddGather(Guid manifestId, GatherRequest request, GatherOutcome outcome, GatherStatus status, CancellationToken cancellationToken);

    /// <summary>The gathering of an open manifest; null when there is none.</summary>
    Task<GatherState?> FindGather(Guid manifestId, CancellationToken cancellationToken);

    /// <summary>Where the gathering of a manifest stands, open or not; null when there is none.</summary>
    Task<GatherStatus?> FindStatus(Guid manifestId, CancellationToken cancellationToken);

    /// <summary>Ends one that is running: it comes to nothing.</summary>
    Task Fail(Guid manifestId, Error reason, CancellationToken cancellationToken);

    /// <summary>Keeps how far one is that is running.</summary>
    Task SaveGather(Guid manifestId, GatherOutcome outcome, GatherStatus status, CancellationToken cancellationToken);

    /// <summary>What the manifest has so far.</summary>
    Task<IReadOnlyList<GatheredEntry>> Entries(Guid manifestId, CancellationToken cancellationToken);

    /// <summary>Takes the entries out whose assets could not be read.</summary>
    /// <returns>How many assets are being looked at still.</returns>
    Task<int> DropUnreadable(Guid manifestId, CancellationToken cancellationToken);

    /// <summary>Abandons, of all clients, those whose lease has ended.</summary>
    Task AbandonLapsed(CancellationToken cancellationToken);
}

/// <summary>Something that is chosen for a segment.</summary>
/// <param name="Source">As entries name it: local-library, or a provider.</param>
/// <param name="Score">Null of what was downloaded.</param>
public sealed record NewEntry(string Segment, MediaType Type, Guid AssetId, string Source, ScoredItem? Score, bool IsRepeated = false)
{
    /// <summary>As it is when it is written.</summary>
    internal GatheredEntry AsGathered() => new(Segment, Names.Of(Type), AssetId, Source, Provider: null, SourceUrl: null);
}

/// <summary>Something that a segment has.</summary>
/// <param name="SourceUrl">Its page at the provider.</param>
public sealed record GatheredEntry(string Segment, string Type, Guid? AssetId, string Source, string? Provider, string? SourceUrl);

/// <summary>A gathering that is under way.</summary>
public sealed record GatherState(GatherRequest Request, GatherOutcome Outcome, GatherStatus Status);

/// <summary>What came of a gathering.</summary>
/// <param name="SearchesSaved">One for each segment and type that the library had enough for.</param>
public sealed record GatherOutcome(int SearchesSaved, IReadOnlyList<ProviderReport> Providers, IReadOnlyList<Shortage> Shortages)
{
    public static readonly GatherOutcome None = new(0, [], []);
}

/// <summary>What one provider did.</summary>
/// <param name="Calls">Requests that were sent to it.</param>
/// <param name="Downloaded">Files that were taken in.</param>
/// <param name="Failed">Files that could not be taken in.</param>
/// <param name="ErrorCode">Why it answered no more; null when it did.</param>
public sealed record ProviderReport(string Name, int Calls, int Downloaded, int Failed, string? ErrorCode = null, string? ErrorMessage = null, DateTimeOffset? RetryAt = null);

/// <summary>A segment that found less than its <c>min_matches</c>.</summary>
/// <param name="Reasons">Codes, such as NO_PROVIDERS, NOTHING_FOUND, LIBRARY_QUOTA_EXCEEDED or those of a provider.</param>
public sealed record Shortage(string Segment, string Type, int Wanted, int Found, IReadOnlyList<string> Reasons);
