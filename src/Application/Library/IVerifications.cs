using MediaPlatform.Application.Media;

namespace MediaPlatform.Application.Library;

/// <summary>Verifications of the caller's client, and what they found.</summary>
public interface IVerifications
{
    /// <summary>Lets one transaction at a time begin to look through the stored objects.</summary>
    Task Lock(CancellationToken cancellationToken);

    /// <summary>Whether a job looks through them, or is to.</summary>
    Task<bool> IsLive(CancellationToken cancellationToken);

    /// <summary>Whether another job began to look through them before this one, and is at it still: one that was retried meets nobody in the queue.</summary>
    Task<bool> IsBehindAnother(Guid job, CancellationToken cancellationToken);

    Task Add(Guid id, bool checksums, bool quarantine, CancellationToken cancellationToken);

    /// <summary>What was asked for, with all figures at zero; null when it is not to be done any more.</summary>
    Task<VerificationRequest?> Begin(Guid id, CancellationToken cancellationToken);

    /// <summary>Keeps how far it is.</summary>
    Task Save(Guid id, Looked looked, CancellationToken cancellationToken);

    /// <summary>Keeps what is missing, where its row is still as it was and no job makes it anew; gives what was.</summary>
    Task<IReadOnlyList<MissingObject>> ReportMissing(Guid id, string provider, IReadOnlyList<KnownObject> objects, CancellationToken cancellationToken);

    /// <summary>Keeps what has other bytes than its asset, where that is there still.</summary>
    Task ReportCorrupted(Guid id, string provider, KnownObject one, CancellationToken cancellationToken);

    /// <summary>Those of some objects that nobody knows, nor may come to know.</summary>
    /// <param name="takesNew">Whether new objects go to this store.</param>
    Task<IReadOnlyList<string>> Unknown(string provider, bool takesNew, IReadOnlyList<StoredObject> objects, CancellationToken cancellationToken);

    /// <summary>Keeps what nobody knows; what somebody does by now is left out.</summary>
    /// <param name="deleteAfter">Null when it is only reported.</param>
    Task ReportOrphaned(Guid id, string provider, bool takesNew, IReadOnlyList<StoredObject> objects, DateTimeOffset? deleteAfter, CancellationToken cancellationToken);

    /// <summary>What was quarantined for long enough in these stores, the oldest first.</summary>
    Task<IReadOnlyList<QuarantinedObject>> Due(IReadOnlyList<string> providers, int atMost, CancellationToken cancellationToken);

    /// <summary>Looks at one once more, and lets its object go unless somebody knows it by now.</summary>
    /// <param name="isGone">There is no such object any more.</param>
    Task Settle(Guid id, QuarantinedObject one, bool takesNew, bool isGone, CancellationToken cancellationToken);

    /// <summary>Ends one; what was found before in these stores and not by this one is cleared.</summary>
    Task Finish(Guid id, Looked looked, IReadOnlyList<string> providers, CancellationToken cancellationToken);
}

/// <summary>What a verification is to do.</summary>
public sealed record VerificationRequest(bool Checksums, bool Quarantine);

/// <summary>How much was looked at.</summary>
/// <param name="Unseen">Objects that could not be.</param>
/// <param name="Reprocessed">Assets whose renditions are made again.</param>
public sealed record Looked(long Objects, long Bytes, long Unseen, long Reprocessed);

/// <summary>An object that is not where its row says.</summary>
public sealed record MissingObject(Guid AssetId, string StorageKey);

/// <summary>An object that waits for its deletion.</summary>
public sealed record QuarantinedObject(Guid Id, string StorageProvider, string StorageKey);
